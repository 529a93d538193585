import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';

export type TextPart = Extract<OutgoingPart, { readonly kind: 'text' }>;

/** The body of the request for one message. */
export function renderMessage({ externalThread: to, text, key }: TextPart): string {
  return JSON.stringify({ to, text, key });
}

const created = z.looseObject({ id: z.string().min(1).max(64) });

/** What an answer means: accepted only where the network says so in its own form, refused only by its own words. */
export function outcomeOf(answer: HttpAnswer): SendOutcome {
  if (!answer.complete) return answer.outcome;
  const { status, text, retryAfterMs } = answer;
  if (status >= 200 && status < 300) {
    const message = created.safeParse(parseJson(text));
    if (message.success) return { outcome: 'accepted', externalId: message.data.id };
    return { outcome: 'unknown', reason: 'garbled-answer' };
  }
  if (status === 401) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (status === 400 && parseJson(text) !== undefined) return { outcome: 'rejected', reason: 'bad-request' };
  return {
    outcome: 'retry',
    reason: `http-${status}`,
    ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }),
  };
}
