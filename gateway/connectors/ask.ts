import { request } from 'undici';

/** An answer read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Posts JSON and reads the whole answer: what `fetch` does with a short request, at a fraction of its cost. It follows
 * no redirect and repeats nothing. Rejects with undici's errors, which `readFetchFailure` reads.
 */
export async function ask(
  url: string,
  json: string,
  { signal, limitMs }: { readonly signal?: AbortSignal | undefined; readonly limitMs: number },
): Promise<Answer> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: JSON_BODY,
    body: json,
    signal,
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
  });
  return { status: statusCode, text: await body.text() };
}

const JSON_BODY = { 'content-type': 'application/json' };
