import { createHash, randomBytes } from 'node:crypto';
import type { OperatorId } from '../model/ids.ts';
import type { Database } from '../store/database.ts';
import type { Permission, Role } from './api.ts';
import { permissionsOf } from './permissions.ts';
import { toRoles } from './users.ts';

/** Who is asking, as far as a valid session tells. */
export interface Principal {
  readonly user: {
    readonly id: OperatorId;
    readonly email: string;
    readonly name: string;
    readonly roles: readonly Role[];
  };
  readonly permissions: ReadonlySet<Permission>;
  /** The session's id; not the token, which nobody but the browser keeps. */
  readonly session: string;
}

/** Where a request came from. */
export interface From {
  readonly address: string;
  readonly agent: string;
}

export interface Sessions {
  /** Opens a session and returns its token, which goes into the cookie. */
  open(user: OperatorId, from: From): Promise<string>;
  /** The principal of a token; undefined where it is unknown or too old, or its user was disabled. Counts as activity. */
  find(token: string): Promise<Principal | undefined>;
  /** Of these sessions, those that still hold, by id. Does not count as activity. */
  stillValid(sessions: readonly string[]): Promise<ReadonlyMap<string, Principal>>;
  end(session: string): Promise<void>;
  /** Calls the listener with the id of each session that ends by an act on this node. Returns the way to stop. */
  onEnded(listener: (session: string) => void): () => void;
}

const HOUR_MS = 3_600_000;
const IDLE_MS = 12 * HOUR_MS;
const LIFETIME_MS = 7 * 24 * HOUR_MS;
/** Activity is written down at most this often. */
const SEEN_EVERY_MS = 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

interface Row {
  id: Buffer;
  holder: OperatorId;
  email: string;
  name: string;
  roles: string[];
  last_seen_at: Date;
}

/** Sessions kept in the store: 12 hours without activity end one, and 7 days in any case. */
export function createSessions(db: Database, now: () => Date): Sessions {
  const listeners = new Set<(session: string) => void>();

  async function valid(ids: readonly Buffer[]): Promise<Row[]> {
    const at = now();
    const { rows } = await db.query<Row>(
      `select s.id, s.holder, s.last_seen_at, u.email, u.name, u.roles
       from session s join users u on u.id = s.holder
       where s.id = any($1) and u.disabled_at is null and s.expires_at > $2 and s.last_seen_at > $3`,
      [ids, at, new Date(at.getTime() - IDLE_MS)],
    );
    return rows;
  }

  async function sweep(at: Date): Promise<void> {
    await db.query('delete from session where expires_at <= $1 or last_seen_at <= $2', [
      at,
      new Date(at.getTime() - IDLE_MS),
    ]);
  }

  return {
    async open(user, { address, agent }) {
      const at = now();
      await sweep(at);
      const token = randomBytes(32).toString('base64url');
      const id = idOf(token);
      await db.query(
        `insert into session (id, holder, created_at, last_seen_at, expires_at, address_hash, agent_hash)
         values ($1, $2, $3, $3, $4, $5, $6)`,
        [id, user, at, new Date(at.getTime() + LIFETIME_MS), hashWith(id, address), hashWith(id, agent)],
      );
      return token;
    },
    async find(token) {
      if (!TOKEN.test(token)) return undefined;
      const [row] = await valid([idOf(token)]);
      if (!row) return undefined;
      const at = now();
      if (at.getTime() - row.last_seen_at.getTime() >= SEEN_EVERY_MS) {
        await db.query('update session set last_seen_at = $2 where id = $1 and last_seen_at < $2', [
          row.id,
          at,
        ]);
      }
      return toPrincipal(row);
    },
    async stillValid(sessions) {
      if (sessions.length === 0) return new Map();
      const rows = await valid(sessions.map((id) => Buffer.from(id, 'hex')));
      return new Map(rows.map((row) => [row.id.toString('hex'), toPrincipal(row)]));
    },
    async end(session) {
      await db.query('delete from session where id = $1', [Buffer.from(session, 'hex')]);
      for (const listener of listeners) listener(session);
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A stolen table opens no session: it holds what only the token hashes to. */
function idOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function hashWith(id: Buffer, text: string): Buffer {
  return createHash('sha256').update(id).update(text).digest();
}

function toPrincipal(row: Row): Principal {
  const roles = toRoles(row.roles);
  return {
    user: { id: row.holder, email: row.email, name: row.name, roles },
    permissions: permissionsOf(roles),
    session: row.id.toString('hex'),
  };
}
