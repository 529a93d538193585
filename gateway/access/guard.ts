import { isIP } from 'node:net';
import type {} from '@fastify/cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PROBLEMS, Problem, type ProblemKind } from '../problem.ts';
import type { Permission } from './api.ts';
import type { Principal, Sessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; null where nobody is signed in, or outside guarded routes. */
    principal: Principal | null;
  }
}

export const SESSION_COOKIE = 'okno_session';

const FOREIGN: ProblemKind = {
  status: 403,
  code: 'foreign-origin',
  title: { ru: 'Запрос пришёл с чужой страницы.', en: 'The request comes from a foreign page.' },
};
const NO_HEADER: ProblemKind = {
  status: 403,
  code: 'missing-header',
  title: { ru: 'Добавьте заголовок x-okno: 1.', en: 'Add the header x-okno: 1.' },
};

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface GuardOptions {
  readonly sessions: Pick<Sessions, 'find'>;
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
}

/**
 * Guards the routes of this plugin and those below it: finds the principal, and refuses what another site may have
 * made the browser send. Beside the cookie's SameSite, a change needs a header that no form can add, and neither a
 * change nor a WebSocket may come from a foreign Origin. Needs @fastify/cookie.
 */
export function guardApi(app: FastifyInstance, { sessions, publicUrl }: GuardOptions): void {
  const own = new URL(publicUrl).origin;
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const changes = !SAFE_METHODS.has(request.method);
    if ((changes || request.headers.upgrade) && !isOwnPage(request, own)) throw new Problem(FOREIGN);
    if (changes && request.headers['x-okno'] !== '1') throw new Problem(NO_HEADER);
    const token = request.cookies[SESSION_COOKIE];
    if (token) request.principal = (await sessions.find(token)) ?? null;
  });
}

/** Browsers say which page a change or a socket comes from; other programs say nothing and send no cookie unasked. */
function isOwnPage(request: FastifyRequest, own: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (page.origin === own) return true;
  // A foreign site may point a name of its own at this machine (DNS rebinding), but no address and not localhost.
  return cannotBeRebound(page.hostname) && page.host === host?.toLowerCase();
}

function cannotBeRebound(hostname: string): boolean {
  return hostname === 'localhost' || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/** A route's `onRequest`: 401 where nobody is signed in, 403 where their roles do not allow it. */
export function requirePermission(permission: Permission): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (!principalOf(request).permissions.has(permission)) throw new Problem(PROBLEMS.forbidden);
  };
}

/** Who is asking; 401 where nobody is signed in. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Problem(PROBLEMS.signedOut);
  return request.principal;
}
