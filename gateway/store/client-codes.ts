import type pg from 'pg';
import type { ActionId, IdentityId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long a code can be used. */
const LIFE_MS = 5 * MINUTE_MS;
/** Wrong codes after which a code is dead. */
const MAX_TRIES = 3;
/** Codes to one client, and to one contact: thirty guesses a day in a million, whoever makes them. */
const LIMITS = [
  { withinMs: 10 * MINUTE_MS, count: 3 },
  { withinMs: DAY_MS, count: 10 },
] as const;

/** A code about to be sent. `contact` and `code` are hashes; `customer` is undefined where no code shall be right. */
export interface NewClientCode {
  readonly id: ActionId;
  readonly identity: IdentityId;
  readonly contact: string;
  readonly code: string;
  readonly customer: string | undefined;
}

/**
 * Keeps a code that is about to be sent, within the limits of its client, its contact and the whole hub. The one before
 * counts no more. The same id again takes its own place, with another code.
 */
export async function keepClientCode(
  db: Database,
  { id, identity, contact, code, customer }: NewClientCode,
  perMinute: number,
  now: Date,
): Promise<'kept' | 'too-many'> {
  return inTransaction(db, async (client) => {
    // One after another, so that two do not both find room for the last.
    await client.query(`select pg_advisory_xact_lock(hashtext('client_code'))`);
    if (await isTooMany(client, { id, identity, contact }, perMinute, now)) return 'too-many';
    await client.query(
      `insert into client_code (id, identity, contact, code, customer, at) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set contact = excluded.contact, code = excluded.code, customer = excluded.customer`,
      [id, identity, contact, code, customer ?? null, now],
    );
    return 'kept';
  });
}

async function isTooMany(
  client: pg.PoolClient,
  { id, identity, contact }: Pick<NewClientCode, 'id' | 'identity' | 'contact'>,
  perMinute: number,
  now: Date,
): Promise<boolean> {
  const count = async (where: string, withinMs: number, value?: string): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*) as count from client_code where id <> $1 and at > $2 and ${where}`,
      [id, new Date(now.getTime() - withinMs), ...(value === undefined ? [] : [value])],
    );
    return rows[0]?.count ?? 0;
  };
  if ((await count('true', MINUTE_MS)) >= perMinute) return true;
  for (const { withinMs, count: most } of LIMITS) {
    if ((await count('identity = $3', withinMs, identity)) >= most) return true;
    if ((await count('contact = $3', withinMs, contact)) >= most) return true;
  }
  return false;
}

/** What a check came to; the words are those that scripts branch by. */
export type CodeCheck =
  | { readonly outcome: 'right'; readonly customer: string }
  | { readonly outcome: 'wrong-code' | 'no-code' | 'attempts-over' };

/**
 * Checks what a client says against the last code sent for them; a right one is used up. `isRight` compares with the
 * hash. The same action again is answered as the first time and counts no more.
 */
export async function checkClientCode(
  db: Database,
  { action, identity }: { readonly action: ActionId; readonly identity: IdentityId },
  isRight: (id: ActionId, hash: string) => boolean,
  now: Date,
): Promise<CodeCheck> {
  return inTransaction(db, async (client) => {
    const before = await answeredBefore(client, action);
    if (before) return before;
    const { rows } = await client.query<LastCode>(
      `select id, code, customer, tries, used_at from client_code where identity = $1 and at > $2
       order by at desc, id desc limit 1 for update`,
      [identity, new Date(now.getTime() - LIFE_MS)],
    );
    const [last] = rows;
    if (!last || last.used_at) return { outcome: 'no-code' };
    const result = judge(last, isRight(last.id, last.code));
    await client.query(
      'update client_code set tries = tries + 1, used_at = case when $2 then $3::timestamptz end where id = $1',
      [last.id, result.outcome === 'right', now],
    );
    await client.query('insert into client_code_check (action, code, outcome) values ($1, $2, $3)', [
      action,
      last.id,
      result.outcome,
    ]);
    return result;
  });
}

interface LastCode {
  readonly id: ActionId;
  readonly code: string;
  readonly customer: string | null;
  readonly tries: number;
  readonly used_at: Date | null;
}

function judge({ customer, tries }: LastCode, isRight: boolean): CodeCheck {
  if (tries >= MAX_TRIES) return { outcome: 'attempts-over' };
  if (isRight && customer !== null) return { outcome: 'right', customer };
  return { outcome: tries + 1 < MAX_TRIES ? 'wrong-code' : 'attempts-over' };
}

async function answeredBefore(client: pg.PoolClient, action: ActionId): Promise<CodeCheck | undefined> {
  const { rows } = await client.query<{ outcome: CodeCheck['outcome']; customer: string | null }>(
    `select k.outcome, c.customer from client_code_check k join client_code c on c.id = k.code where k.action = $1`,
    [action],
  );
  const [row] = rows;
  if (!row) return undefined;
  if (row.outcome !== 'right') return { outcome: row.outcome };
  return row.customer === null ? { outcome: 'no-code' } : { outcome: 'right', customer: row.customer };
}

/** Forgets the codes that no limit counts any more. */
export async function forgetClientCodes(db: Database, now: Date): Promise<void> {
  await db.query('delete from client_code where at < $1', [new Date(now.getTime() - DAY_MS)]);
}
