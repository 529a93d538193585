import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackAnswer } from './slack-web-api.ts';

/** What goes wrong with one request; https://docs.slack.dev/apis/web-api/rate-limits for 429 and its Retry-After. */
export type SlackFault =
  | { readonly kind: 'too-many'; readonly retryAfter: number }
  | { readonly kind: 'refuse'; readonly error: string }
  /** A complete answer that the Web API did not write. */
  | { readonly kind: 'proxy-error'; readonly status: number }
  | { readonly kind: 'cut-before' }
  | { readonly kind: 'cut-after' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'slow'; readonly ms: number };

interface Rule {
  readonly method: string;
  readonly channel?: string;
  readonly fault: SlackFault;
}

export class SlackFaultRules {
  readonly #rules: Rule[] = [];

  add(rule: Rule): void {
    this.#rules.push(rule);
  }

  take(method: string, channel: string): SlackFault | undefined {
    const index = this.#rules.findIndex(
      (rule) => rule.method === method && (rule.channel === undefined || rule.channel === channel),
    );
    return index < 0 ? undefined : this.#rules.splice(index, 1)[0]?.fault;
  }
}

export async function answerSlackFaultily(
  fault: SlackFault,
  process: () => SlackAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  switch (fault.kind) {
    case 'too-many':
      response.writeHead(429, { ...json, 'retry-after': String(fault.retryAfter) });
      response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    case 'refuse':
      response.writeHead(200, json).end(JSON.stringify({ ok: false, error: fault.error }));
      return;
    case 'proxy-error':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html></html>');
      return;
    case 'cut-before':
      request.socket.resetAndDestroy();
      return;
    case 'cut-after':
      process();
      request.socket.resetAndDestroy();
      return;
    case 'truncated': {
      const text = JSON.stringify(process());
      response.writeHead(200, { ...json, 'content-length': text.length + 10 });
      response.write(text.slice(0, 10), () => request.socket.destroy());
      return;
    }
    case 'garbage':
      process();
      response.writeHead(200, json).end('{"ok":tru<<<');
      return;
    case 'slow': {
      const text = JSON.stringify(process());
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      response.writeHead(200, json).end(text);
    }
  }
}
