import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemKind } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { demoLogins, problem, type Session, session, signIn } from './api.ts';
import { recordAudit } from './audit.ts';
import { DEMO_LOGINS } from './first-users.ts';
import { guardApi, principalOf, SESSION_COOKIE } from './guard.ts';
import type { From, Principal, Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

export interface AccessRoutesOptions {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly now: () => Date;
  /** Where the outside reaches the hub; the cookie is Secure where it is https. */
  readonly publicUrl: string;
  readonly demo: boolean;
}

const WRONG_PASSWORD: ProblemKind = {
  status: 401,
  code: 'wrong-password',
  title: { ru: 'Неверная почта или пароль.', en: 'Wrong e-mail or password.' },
};
const TOO_MANY_ATTEMPTS: ProblemKind = {
  status: 429,
  code: 'too-many-attempts',
  title: {
    ru: 'Слишком много попыток. Подождите и попробуйте снова.',
    en: 'Too many attempts. Wait and try again.',
  },
};

const MAX_BODY_BYTES = 16_384;

/** Sign-in, sign-out, who am I, and the demo's logins. Needs @fastify/cookie and zod's compilers. */
export const accessRoutes: FastifyPluginAsyncZod<AccessRoutesOptions> = async (app, options) => {
  const { db, sessions, now, publicUrl, demo } = options;
  guardApi(app, options);
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
  } as const;
  const toSession = ({ user, permissions }: Principal): Session => ({
    user: { ...user, roles: [...user.roles] },
    permissions: [...permissions],
    demo,
  });

  app.route({
    method: 'POST',
    url: '/api/v1/session',
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags: ['access'],
      summary: 'Sign in',
      body: signIn,
      response: { 200: session, 401: problem, 429: problem },
    },
    async handler(request, reply) {
      const { token, principal } = await open(options, request.body, fromOf(request));
      // Whatever session the browser brought along ends here.
      if (request.principal) await sessions.end(request.principal.session);
      reply.setCookie(SESSION_COOKIE, token, cookie);
      return toSession(principal);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/session',
    schema: { tags: ['access'], summary: 'Who is signed in', response: { 200: session, 401: problem } },
    handler: async (request) => toSession(principalOf(request)),
  });

  app.route({
    method: 'DELETE',
    url: '/api/v1/session',
    schema: { tags: ['access'], summary: 'Sign out', response: { 204: z.null() } },
    async handler(request, reply) {
      if (request.principal) {
        const { session: id, user } = request.principal;
        await sessions.end(id);
        const { address } = fromOf(request);
        await recordAudit(db, now(), { who: user.id, act: 'session.ended', subject: user.id, address });
      }
      return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send(null);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/demo',
    schema: { tags: ['access'], summary: "The demo's logins", response: { 200: demoLogins, 404: problem } },
    async handler() {
      if (!demo) throw new Problem(PROBLEMS.notFound);
      return DEMO_LOGINS;
    },
  });
};

async function open(
  { sessions, signIn: trySignIn }: AccessRoutesOptions,
  { email, password }: z.infer<typeof signIn>,
  from: From,
): Promise<{ token: string; principal: Principal }> {
  const signed = await trySignIn(email, password, from);
  if (signed.outcome === 'too-many-attempts') {
    throw new Problem(TOO_MANY_ATTEMPTS, { retryAfterS: Math.ceil(signed.retryAfterMs / 1000) });
  }
  // A user disabled at this very moment is refused like any other.
  const principal = signed.outcome === 'signed-in' && (await sessions.find(signed.token));
  if (!principal) throw new Problem(WRONG_PASSWORD);
  return { token: signed.token, principal };
}

function fromOf(request: FastifyRequest): From {
  return { address: request.ip, agent: request.headers['user-agent'] ?? '' };
}
