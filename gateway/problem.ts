import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { localeOf } from './accept-language.ts';
import { describeInvalid } from './invalid.ts';
import { OverloadedError } from './load.ts';
import type { Locale } from './model/contact.ts';
import { StoreBusyError } from './store/errors.ts';

type Texts = Readonly<Record<Locale, string>>;

/** A kind of problem that the API can answer with. `code` is stable; the title is for people. */
export interface ProblemKind {
  readonly status: number;
  readonly code: string;
  readonly title: Texts;
}

export interface ProblemParts {
  /** What of this very request is wrong, and how to mend it. */
  readonly detail?: Texts;
  /** Further members for the page, such as who has the conversation. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterS?: number;
}

/** Thrown by a route to answer with an error of RFC 9457. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly parts: ProblemParts;

  constructor(kind: ProblemKind, parts: ProblemParts = {}) {
    super(`${kind.code} (${kind.status})`);
    this.kind = kind;
    this.parts = parts;
  }
}

/** The problems that any route may have. */
export const PROBLEMS = {
  badRequest: {
    status: 400,
    code: 'bad-request',
    title: { ru: 'Запрос составлен неверно.', en: 'The request is malformed.' },
  },
  notAuthentic: {
    status: 401,
    code: 'not-authentic',
    title: { ru: 'Отправитель не подтверждён.', en: 'The sender is not verified.' },
  },
  signedOut: {
    status: 401,
    code: 'signed-out',
    title: { ru: 'Сеанс закончился. Войдите снова.', en: 'The session has ended. Sign in again.' },
  },
  forbidden: {
    status: 403,
    code: 'forbidden',
    title: { ru: 'У вашей роли нет на это права.', en: 'Your role does not allow this.' },
  },
  notFound: {
    status: 404,
    code: 'not-found',
    title: { ru: 'Такого адреса или объекта нет.', en: 'There is nothing at this address.' },
  },
  tooLarge: {
    status: 413,
    code: 'too-large',
    title: { ru: 'Слишком большой запрос.', en: 'The request is too large.' },
  },
  unsupportedType: {
    status: 415,
    code: 'unsupported-type',
    title: { ru: 'Ожидается application/json.', en: 'Send application/json.' },
  },
  stopping: {
    status: 503,
    code: 'stopping',
    title: { ru: 'Сервер перезапускается. Повторите запрос.', en: 'The server restarts. Try again.' },
  },
  tooMany: {
    status: 429,
    code: 'too-many-requests',
    title: { ru: 'Слишком много запросов. Подождите.', en: 'Too many requests. Wait a little.' },
  },
  overloaded: {
    status: 503,
    code: 'overloaded',
    title: {
      ru: 'Слишком много сообщений сразу. Повторите позже.',
      en: 'Too much comes at once. Try again later.',
    },
  },
  internal: {
    status: 500,
    code: 'internal',
    title: { ru: 'Внутренняя ошибка. Она записана в журнал.', en: 'An internal error. It has been logged.' },
  },
  storeAway: {
    status: 503,
    code: 'store-away',
    title: { ru: 'Хранилище недоступно. Повторите позже.', en: 'The store is away. Try again later.' },
  },
} as const satisfies Record<string, ProblemKind>;

/** How long to wait before asking again when the store is away, seconds. */
const STORE_RETRY_S = 5;
/** … and when too much comes at once. */
const OVERLOAD_RETRY_S = 2;

/** The error handler of the API: every error becomes problem+json, and only what is our fault is logged. */
export function answerProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error, request);
  // Of an overload the process tells once, not each request.
  if (problem.kind.status >= 500 && problem.kind !== PROBLEMS.overloaded)
    request.log.error({ err: error }, 'a request failed');
  const { kind, parts } = problem;
  const locale = localeOf(request.headers['accept-language']);
  if (parts.retryAfterS !== undefined) reply.header('retry-after', String(parts.retryAfterS));
  const body = {
    ...parts.extra,
    type: `urn:okno:problem:${kind.code}`,
    title: kind.title[locale],
    status: kind.status,
    code: kind.code,
    ...(parts.detail ? { detail: parts.detail[locale] } : {}),
  };
  // Serialized here: the route's own serializer knows only the shape of its good answer.
  void reply
    .code(kind.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('vary', 'accept-language')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

/** The not-found handler of the API. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerProblem(new Problem(PROBLEMS.notFound), request, reply);
}

function problemOf(error: FastifyError | Error, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = error.validationContext ?? 'body';
    const found = error.validation
      .slice(0, 3)
      .map((one) => describeInvalid(one, part, PARTS[part]?.(request)));
    const detail = (locale: Locale) => found.map((one) => one[locale]).join('; ');
    return new Problem(PROBLEMS.badRequest, { detail: { ru: detail('ru'), en: detail('en') } });
  }
  if (error instanceof OverloadedError)
    return new Problem(PROBLEMS.overloaded, { retryAfterS: OVERLOAD_RETRY_S });
  if (isStoreAway(error)) return new Problem(PROBLEMS.storeAway, { retryAfterS: STORE_RETRY_S });
  // A path that leads out of the folder is told no more than one that leads nowhere.
  if ('code' in error && error.code === 'FST_STATIC_FORBIDDEN_PATH') return new Problem(PROBLEMS.notFound);
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return new Problem(
    BY_STATUS.get(status ?? 500) ?? (isClientFault(status) ? PROBLEMS.badRequest : PROBLEMS.internal),
  );
}

/** The parts of a request that schemas check. */
const PARTS: Readonly<Record<string, (request: FastifyRequest) => unknown>> = {
  body: ({ body }) => body,
  params: ({ params }) => params,
  querystring: ({ query }) => query,
  headers: ({ headers }) => headers,
};

const BY_STATUS = new Map<number, ProblemKind>(Object.values(PROBLEMS).map((kind) => [kind.status, kind]));

function isClientFault(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

/**
 * True where the store could not be reached or is going down, so that the same request may succeed later.
 * PostgreSQL's codes (Appendix A): 08 connection exception, 53 insufficient resources, 57P operator intervention;
 * the driver's own errors have no code.
 */
function isStoreAway(error: unknown): boolean {
  if (error instanceof StoreBusyError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(08...|53...|57P..|ECONN[A-Z]+|EPIPE|ETIMEDOUT)$/.test(code) || DRIVER.test(error.message);
}

const DRIVER =
  /^(Connection terminated|connect E[A-Z]+ |timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;
