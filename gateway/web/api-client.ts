import type { z } from 'zod';
import { problem } from '../access/api.ts';
import { Problem } from './problem.ts';

/** Asks the hub's API. Every method rejects with a `Problem` and with nothing else, save when `signal` aborts. */
export interface ApiClient {
  /** The parsed answer of a GET. `path` begins with `/api/`. */
  get<Answer>(path: string, schema: z.ZodType<Answer>, signal?: AbortSignal): Promise<Answer>;
  /** The parsed answer of a POST of JSON. */
  post<Answer>(path: string, body: unknown, schema: z.ZodType<Answer>): Promise<Answer>;
  /** The parsed answer of a PUT of JSON. */
  put<Answer>(path: string, body: unknown, schema: z.ZodType<Answer>): Promise<Answer>;
  /** The parsed answer of a POST of a file, as a form. */
  upload<Answer>(path: string, file: File, schema: z.ZodType<Answer>, signal?: AbortSignal): Promise<Answer>;
  /** A request whose answer has no body. */
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<void>;
}

export interface ApiClientNeeds {
  readonly fetch: typeof fetch;
  readonly locale: () => string;
  /** Called on every 401 but that of a refused sign-in. */
  readonly onSignedOut: () => void;
  /** How long an answer may take, milliseconds. */
  readonly timeoutMs: number;
}

/** An API client of our own origin; the session is an HttpOnly cookie that the browser adds. */
export function createApiClient(needs: ApiClientNeeds): ApiClient {
  const request = async (method: string, path: string, body?: unknown, signal?: AbortSignal) => {
    const response = await ask(needs, method, path, body, signal);
    if (response.ok) return response;
    const failure = await readProblem(response);
    if (failure.status === 401 && failure.code !== 'wrong-password') needs.onSignedOut();
    throw failure;
  };
  return {
    async get(path, schema, signal) {
      return parsed(await request('GET', path, undefined, signal), schema);
    },
    async post(path, body, schema) {
      return parsed(await request('POST', path, body), schema);
    },
    async put(path, body, schema) {
      return parsed(await request('PUT', path, body), schema);
    },
    async upload(path, file, schema, signal) {
      const form = new FormData();
      form.append('file', file);
      return parsed(await request('POST', path, form, signal), schema);
    },
    async send(method, path, body) {
      await request(method, path, body);
    },
  };
}

/** A large file over a slow line. */
const UPLOAD_LIMIT_MS = 180_000;

async function ask(
  needs: ApiClientNeeds,
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': needs.locale() };
  // A custom header cannot be set across origins without a preflight: it keeps other sites from acting for us.
  if (method !== 'GET') headers['x-okno'] = '1';
  const isForm = body instanceof FormData;
  // The browser names the boundary of a form itself.
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
  const limit = AbortSignal.timeout(isForm ? UPLOAD_LIMIT_MS : needs.timeoutMs);
  try {
    return await needs.fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem('network', 0);
  }
}

async function parsed<Answer>(response: Response, schema: z.ZodType<Answer>): Promise<Answer> {
  const answer = schema.safeParse(await json(response));
  if (!answer.success) throw new Problem('unexpected', response.status);
  return answer.data;
}

async function readProblem(response: Response): Promise<Problem> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  const answer = problem.safeParse(await json(response));
  if (!answer.success) return new Problem('unexpected', response.status, undefined, retryAfterMs);
  return new Problem(answer.data.code, response.status, answer.data.title, retryAfterMs);
}

/** The body as JSON; undefined where it is cut off or something else, such as a proxy's page. */
async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
