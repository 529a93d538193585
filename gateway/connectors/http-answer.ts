import { readFetchFailure } from './fetch-failure.ts';
import type { SendOutcome } from './outgoing.ts';

/** A complete answer to one request, or what its missing means for a delivery. */
export type HttpAnswer =
  | {
      readonly complete: true;
      readonly status: number;
      readonly text: string;
      /** From Retry-After (RFC 9110 §10.2.3), where it was sent. */
      readonly retryAfterMs?: number;
    }
  | { readonly complete: false; readonly outcome: Extract<SendOutcome, { outcome: 'retry' | 'unknown' }> };

/** No answer of a network to a send is longer, bytes; what is, was not written by it. */
const MAX_ANSWER = 256 * 1024;

/** Asks once, follows nobody elsewhere, and reads the answer to its end. Never throws, never repeats. */
export async function askOnce(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
): Promise<HttpAnswer> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: 'manual' });
  } catch (error) {
    const { mayHaveArrived, reason } = readFetchFailure(error);
    return { complete: false, outcome: { outcome: mayHaveArrived ? 'unknown' : 'retry', reason } };
  }
  try {
    const text = await readText(response);
    const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
    const { status } = response;
    return { complete: true, status, text, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    return { complete: false, outcome: { outcome: 'unknown', reason: readFetchFailure(error).reason } };
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER) throw new Error('answer-too-long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
