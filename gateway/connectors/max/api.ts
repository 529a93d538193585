import { askOnce, type HttpAnswer } from '../http-answer.ts';

export interface MaxCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, such as `/messages?chat_id=1`. */
  readonly path: string;
  readonly body?: object;
  readonly signal: AbortSignal;
}

/** Asks the Bot API once (https://dev.max.ru/docs-api); the token goes in the header and nowhere else. */
export type MaxApi = (call: MaxCall) => Promise<HttpAnswer>;

export function createMaxApi(
  { token, apiRoot }: { readonly token: string; readonly apiRoot: string },
  fetch: typeof globalThis.fetch,
): MaxApi {
  return ({ method, path, body, signal }) =>
    askOnce(fetch, `${apiRoot}${path}`, {
      method,
      signal,
      headers: { authorization: token, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
}
