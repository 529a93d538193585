import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Role } from '../../../gateway/access/api.ts';
import { createAttempts } from '../../../gateway/access/attempts.ts';
import { SESSION_COOKIE } from '../../../gateway/access/guard.ts';
import { accessRoutes } from '../../../gateway/access/routes.ts';
import { createSessions, type Sessions } from '../../../gateway/access/sessions.ts';
import { createSignIn } from '../../../gateway/access/sign-in.ts';
import { createUser } from '../../../gateway/access/users.ts';
import { createHttp } from '../../../gateway/http.ts';
import { createLog } from '../../../gateway/log.ts';
import { createMetrics } from '../../../gateway/metrics.ts';
import type { OperatorId } from '../../../gateway/model/ids.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

export const PASSWORD = 'correct horse battery';
export const OWN = { 'x-okno': '1' };

export interface AccessHub {
  readonly app: FastifyInstance;
  /** Of the database. */
  readonly url: string;
  readonly db: Database;
  readonly sessions: Sessions;
  readonly clock: { readonly now: () => Date; advance(ms: number): void };
  readonly publicUrl: string;
  /** Adds a person with PASSWORD. */
  addUser(name: string, ...roles: Role[]): Promise<OperatorId>;
  /** The headers of a signed-in browser of that person. */
  browser(name: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** A clock that stands still until it is moved. */
function stoppedClock(at = new Date()): AccessHub['clock'] {
  let ms = at.getTime();
  return {
    now: () => new Date(ms),
    advance(by) {
      ms += by;
    },
  };
}

export type Parts = Pick<AccessHub, 'url' | 'db' | 'sessions' | 'clock' | 'publicUrl'>;

export interface AccessHubOptions {
  readonly demo?: boolean;
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
  /** Registers more routes. */
  readonly more?: (app: FastifyInstance, parts: Parts) => Promise<void>;
}

/** The access routes on a real, empty database. */
export async function startAccessHub({
  demo = false,
  publicUrl = 'http://localhost:3000',
  trustedProxies = [],
  more,
}: AccessHubOptions = {}): Promise<AccessHub> {
  const url = await freshDatabase();
  const db = openDatabase(url, () => {});
  const clock = stoppedClock();
  const sessions = createSessions(db, clock.now);
  const signIn = createSignIn(db, sessions, (_name, limit) => createAttempts(limit), clock.now);
  const app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    version: '0',
    trustedProxies,
    isReady: async () => true,
  });
  await app.register(accessRoutes, { db, sessions, signIn, now: clock.now, publicUrl, demo });
  await more?.(app, { url, db, sessions, clock, publicUrl });
  return {
    app,
    url,
    db,
    sessions,
    clock,
    publicUrl,
    async addUser(name, ...roles) {
      const wish = { email: `${name}@bank.test`, name, roles, password: PASSWORD };
      return (await createUser(db, wish, clock.now(), 'cli')).id;
    },
    async browser(name) {
      const answer = await app.inject(signingIn(`${name}@bank.test`));
      const token = answer.cookies.find((one) => one.name === SESSION_COOKIE)?.value;
      if (!token) throw new Error(`${name} could not sign in: ${answer.body}`);
      return { ...OWN, cookie: `${SESSION_COOKIE}=${token}` };
    },
    async close() {
      await app.close();
      await db.end();
    },
  };
}

export function signingIn(email: string, password = PASSWORD): InjectOptions {
  return { method: 'POST', url: '/api/v1/session', headers: OWN, payload: { email, password } };
}
