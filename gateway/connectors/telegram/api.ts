import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Api, GrammyError, HttpError } from 'grammy';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { ask } from '../ask.ts';
import { readFetchFailure } from '../fetch-failure.ts';

/**
 * Why a request has no answer of the Bot API. `not-sent`: no connection stood; `lost`: it may have arrived, and no
 * complete answer came; `refused`: a complete answer with an error status that Telegram did not write.
 */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';
  readonly fault: 'not-sent' | 'lost' | 'refused';
  readonly reason: string;
  readonly status?: number;

  constructor(fault: RequestFault['fault'], reason: string, status?: number) {
    super(reason);
    this.fault = fault;
    this.reason = reason;
    this.status = status;
  }
}

/** An error of the Bot API without the request's parameters and address, which hold texts and the token. */
export class TelegramError extends Error {
  override readonly name = 'TelegramError';
}

/** grammY's type of a signal is of a polyfill; it uses no more of it than Node's own has. */
type CallSignal = NonNullable<Parameters<Api['getMe']>[0]>;
export const callSignal = (signal: AbortSignal): CallSignal => signal as unknown as CallSignal;

/** Longer than a long poll; sends have a shorter limit of their own. */
const CALL_LIMIT_S = 60;

/** What is sent most; their parameters hold no files. */
const SHORT_CALLS: ReadonlySet<string> = new Set(['sendMessage', 'sendChatAction', 'answerCallbackQuery']);

/**
 * grammY's client of the Bot API on the given fetch; short calls go past it, at a fraction of its cost. It never repeats
 * a call by itself. Calls reject with grammY's errors: `GrammyError` for a refusal by Telegram, `HttpError` around a
 * `RequestFault` for everything else.
 */
export function createTelegramApi(
  { token, apiRoot }: { token: string; apiRoot: string },
  fetch: typeof globalThis.fetch,
): Api {
  const fetchJson: typeof globalThis.fetch = async (input, init) => {
    const response = await fetchAnswer(fetch, input, init);
    return Response.json(readAnswer(response.status, await readBody(response)));
  };
  // grammY's type is of node-fetch, whose Response has more members than the one that it uses: json().
  const api = new Api(token, { apiRoot, timeoutSeconds: CALL_LIMIT_S, fetch: fetchJson as never });
  api.config.use(async (call, method, payload, signal) => {
    if (!SHORT_CALLS.has(method)) return call(method, payload, signal);
    try {
      // Our own signals are Node's; see callSignal.
      const answer = await askOnce(
        `${apiRoot}/bot${token}/${method}`,
        payload,
        signal as AbortSignal | undefined,
      );
      return answer as never;
    } catch (error) {
      throw new HttpError(`Network request for '${method}' failed!`, error);
    }
  });
  return api;
}

async function askOnce(url: string, payload: object, signal: AbortSignal | undefined): Promise<object> {
  const { status, text } = await ask(url, JSON.stringify(payload), {
    signal,
    limitMs: CALL_LIMIT_S * 1000,
  }).catch((error: unknown) => {
    const { mayHaveArrived, reason } = readFetchFailure(error);
    throw new RequestFault(mayHaveArrived ? 'lost' : 'not-sent', reason);
  });
  return readAnswer(status, text);
}

function readAnswer(status: number, text: string): object {
  const parsed = parseJson(text);
  // By far the most answers; what the result has to be is each method's own.
  if (isSuccess(parsed)) return parsed;
  const answer = answerSchema.safeParse(parsed);
  if (answer.success) return answer.data;
  if (status >= 300) throw new RequestFault('refused', `http-${status}`, status);
  throw new RequestFault('lost', 'garbled-answer', status);
}

/** https://core.telegram.org/bots/api#making-requests */
const isSuccess = (answer: unknown): answer is { ok: true; result: unknown } =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true && 'result' in answer;

const answerSchema = z.looseObject({
  ok: z.literal(false),
  error_code: z.int(),
  description: z.string().default(''),
  parameters: z.looseObject({ retry_after: z.number().nonnegative().optional() }).optional(),
});

async function fetchAnswer(
  fetch: typeof globalThis.fetch,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  try {
    // A redirect would repeat the send elsewhere.
    return await fetch(input, { ...(await plain(init)), redirect: 'manual' });
  } catch (error) {
    const { mayHaveArrived, reason } = readFetchFailure(error);
    throw new RequestFault(mayHaveArrived ? 'lost' : 'not-sent', reason);
  }
}

/** grammY passes options of node-fetch, the signal of a polyfill and files as a stream, which Node's fetch refuses. */
async function plain(init: RequestInit | undefined): Promise<RequestInit> {
  const { method, headers, body, signal } = init ?? {};
  const controller = new AbortController();
  if (signal?.aborted) controller.abort();
  signal?.addEventListener('abort', () => controller.abort());
  const whole = body instanceof Readable ? await buffer(body) : body;
  return { method, headers, body: whole, signal: controller.signal };
}

async function readBody(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new RequestFault('lost', readFetchFailure(error).reason, response.status);
  }
}

/** An error that may be logged: what Telegram or the network said, and nothing of the request. */
export function speakable(method: string, error: unknown): TelegramError {
  if (error instanceof GrammyError)
    return new TelegramError(`${method}: ${error.error_code} ${error.description.slice(0, 200)}`);
  if (error instanceof HttpError && error.error instanceof RequestFault)
    return new TelegramError(`${method}: ${error.error.fault}, ${error.error.reason}`);
  return new TelegramError(`${method}: no answer`);
}
