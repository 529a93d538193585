import type { IncomingMessage, ServerResponse } from 'node:http';

/** What can happen to any request over HTTP on its way, whatever network it is for. */
export type HttpFault =
  /** A complete refusal before it was processed: 429, 5xx and the like. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly retryAfterS?: number;
      readonly body?: string;
    }
  /** The connection is reset before, or after, it was processed. */
  | { readonly kind: 'cut-before' | 'cut-after' }
  /** Processed; the answer stops in its middle. */
  | { readonly kind: 'truncated' }
  /** Processed; the answer is complete and nothing that the network writes. */
  | { readonly kind: 'garbage' }
  /** Processed at once, answered late. */
  | { readonly kind: 'slow'; readonly ms: number };

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Answers a request, by its fault where it has one. `process` does what the request asks for. */
export async function answerWith(
  fault: HttpFault | undefined,
  process: () => HttpAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (fault?.kind) {
    case 'refuse':
      response.writeHead(fault.status, {
        ...(fault.retryAfterS !== undefined && { 'retry-after': String(fault.retryAfterS) }),
      });
      response.end(fault.body ?? '<html>');
      return;
    case 'cut-before':
      request.socket.resetAndDestroy();
      return;
    case 'cut-after':
      process();
      request.socket.resetAndDestroy();
      return;
    case 'truncated': {
      const { status, type, text } = process();
      response.writeHead(status, { 'content-type': type, 'content-length': text.length + 10 });
      response.write(text, () => request.socket.destroy());
      return;
    }
    case 'garbage':
      process();
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>It works!');
      return;
    default: {
      const { status, type, text } = process();
      if (fault) await new Promise((resolve) => setTimeout(resolve, fault.ms));
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    }
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
