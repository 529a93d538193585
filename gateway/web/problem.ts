/**
 * Why a request failed. `code` is the stable code of the API's problem; of our own making are
 * `network` (no connection or no complete answer in time) and `unexpected` (an answer that we cannot read).
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  /** 0 where there was no answer. */
  readonly status: number;
  /** For people, in the language of the page; from the server. */
  readonly title: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, status: number, title?: string, retryAfterMs?: number) {
    super(`${code} (${status})`);
    this.code = code;
    this.status = status;
    this.title = title;
    this.retryAfterMs = retryAfterMs;
  }
}

/** True where the same request may succeed later without anybody changing anything; an unreadable answer is one. */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status < 400 || error.status === 429 || error.status >= 500);
}
