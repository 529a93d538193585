import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, refuse } from './telegram-answer.ts';

/** What goes wrong with one request. */
export type Fault =
  /** Refused unprocessed: "In case of exceeding flood control, the number of seconds left to wait" (#responseparameters). */
  | {
      readonly kind: 'too-many';
      readonly retryAfter: number /** How long the refusal takes. */;
      readonly ms?: number;
    }
  /** Refused unprocessed, as Telegram writes it (400, 401, 403, 500) … */
  | { readonly kind: 'refuse'; readonly status: number; readonly description: string }
  /** … or as a proxy before it does: a complete answer that is no JSON. */
  | { readonly kind: 'proxy-error'; readonly status: number }
  /** The connection is reset before the request is processed. */
  | { readonly kind: 'cut-before' }
  /** Processed, then the connection is reset instead of the answer. */
  | { readonly kind: 'cut-after' }
  /** Processed; the answer stops in its middle. */
  | { readonly kind: 'truncated' }
  /** Processed; the answer is complete and is no JSON. */
  | { readonly kind: 'garbage' }
  /** Processed at once, answered late. */
  | { readonly kind: 'slow'; readonly ms: number };

export interface FaultRule {
  readonly method: string;
  readonly chat?: number;
  readonly fault: Fault;
  /** How many requests it strikes; 1 unless told. */
  readonly times?: number;
}

/** The faults that are still to strike, in the order in which they were ordered. */
export class FaultRules {
  readonly #rules: (FaultRule & { left: number })[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ ...rule, left: rule.times ?? 1 });
  }

  /** What this request meets, if anything. */
  take(method: string, parameters: Readonly<Record<string, unknown>>): Fault | undefined {
    const index = this.#rules.findIndex(
      (rule) =>
        rule.method.toLowerCase() === method.toLowerCase() &&
        (rule.chat === undefined || rule.chat === Number(parameters.chat_id)),
    );
    const rule = this.#rules[index];
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules.splice(index, 1);
    return rule.fault;
  }
}

/** Answers a request as its fault has it. `process` does what the request asks for. */
export async function answerFaultily(
  fault: Fault,
  process: () => Promise<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (fault.kind) {
    case 'too-many': {
      if (fault.ms !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.ms));
      const description = `Too Many Requests: retry after ${fault.retryAfter}`;
      const parameters = { retry_after: fault.retryAfter };
      writeAnswer(response, { ok: false, error_code: 429, description, parameters });
      return;
    }
    case 'refuse':
      writeAnswer(response, refuse(fault.status, fault.description));
      return;
    case 'proxy-error':
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end(`<html><h1>${fault.status}</h1></html>`);
      return;
    case 'cut-before':
      request.socket.resetAndDestroy();
      return;
    case 'cut-after':
      await process();
      request.socket.resetAndDestroy();
      return;
    case 'truncated': {
      const text = JSON.stringify(await process());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 10 });
      response.write(text.slice(0, 10), () => request.socket.destroy());
      return;
    }
    case 'garbage':
      await process();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"ok":tru<<<');
      return;
    case 'slow': {
      const answer = await process();
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      writeAnswer(response, answer);
    }
  }
}

export function writeAnswer(response: ServerResponse, answer: Answer): void {
  writeJson(response, answer.ok ? 200 : answer.error_code, answer);
}

export function writeJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
