import { type Content, readableText } from '../gateway/model/content.ts';
import type { Decision, Responder } from '../gateway/model/turn.ts';

/** Answers every message with `you said TEXT`, as received; for load, fault and conformance runs. */
export function createEcho(): Responder {
  return {
    respond({ event }): readonly Decision[] {
      const done: Decision = { type: 'turn.completed', state: null, trail: [] };
      if (event.type !== 'message.received') return [done];
      const content: Content[] = [
        { kind: 'text', text: `you said ${readableText(event.body?.content ?? [])}` },
      ];
      return [{ type: 'message.sent', content }, done];
    },
  };
}
