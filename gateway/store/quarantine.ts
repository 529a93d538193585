import type pg from 'pg';
import { newId } from '../ids.ts';
import type { ChannelId } from '../model/ids.ts';
import type { Database } from './database.ts';
import type { Page } from './dead-letters.ts';

const MAX_BYTES = 64 * 1024;

/** `payload`: as the network sent it; `inbound`: as the connector translated it, where the store could not take it. */
export type QuarantineForm = 'payload' | 'inbound';

/** Something authentic that could not be understood or stored. */
export interface Quarantined {
  readonly id: string;
  readonly channel: ChannelId;
  readonly at: Date;
  readonly reason: string;
  readonly form: QuarantineForm;
  /** What was kept, cut to 64 KiB; undefined once its time was over. */
  readonly raw?: Buffer;
  readonly cut: boolean;
  readonly decision?: QuarantineDecision;
}

export interface QuarantineDecision {
  readonly decision: 'replayed' | 'discarded' | 'expired';
  readonly at: Date;
  /** As stored a user's id, `cli` or `hub`; as read the person's name. */
  readonly by: string;
}

/** Keeps what is authentic but cannot be understood or stored, cut to 64 KiB, for people to look at and replay. */
export async function quarantine(
  db: Database,
  channel: ChannelId,
  reason: string,
  raw: string,
  now: Date,
  form: QuarantineForm = 'payload',
): Promise<void> {
  const bytes = Buffer.from(raw, 'utf8');
  await db.query(
    'insert into quarantine (id, channel, at, reason, raw, cut, form) values ($1, $2, $3, $4, $5, $6, $7)',
    [newId(), channel, now, reason, bytes.subarray(0, MAX_BYTES), bytes.length > MAX_BYTES, form],
  );
}

interface Row {
  id: string;
  channel: ChannelId;
  at: Date;
  reason: string;
  form: QuarantineForm;
  raw: Buffer | null;
  cut: boolean;
  decision: QuarantineDecision['decision'] | null;
  decided_at: Date | null;
  decided_by: string | null;
}

const FROM = 'quarantine q left join users u on u.id::text = q.decided_by';
const COLUMNS = `q.id, q.channel, q.at, q.reason, q.form, q.cut, q.decision, q.decided_at,
  coalesce(u.name, q.decided_by) as decided_by`;

/** A page of the quarantine, newest first, without what was kept. `before`: the `next` of the page before. */
export async function listQuarantined(
  db: Database,
  { channel, decided }: { readonly channel?: ChannelId; readonly decided: boolean },
  limit: number,
  before?: string,
): Promise<Page<Quarantined>> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS}, null as raw from ${FROM}
     where (q.decision is not null) = $1 and ($2::text is null or q.channel = $2) and ($3::uuid is null or q.id < $3)
     order by q.id desc limit $4`,
    [decided, channel, before, limit + 1],
  );
  const last = rows[limit - 1];
  return {
    rows: rows.slice(0, limit).map(toQuarantined),
    ...(rows.length > limit && last && { next: last.id }),
  };
}

/** One entry with what was kept. `lock`: others who would decide it wait until the transaction ends. */
export async function findQuarantined(
  db: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>,
  id: string,
  lock = false,
): Promise<Quarantined | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS}, q.raw from ${FROM} where q.id = $1 ${lock ? 'for update of q' : ''}`,
    [id],
  );
  return rows[0] && toQuarantined(rows[0]);
}

/** Records what became of an entry. */
export async function decideQuarantined(
  db: Pick<pg.ClientBase, 'query'>,
  id: string,
  { decision, at, by }: QuarantineDecision,
): Promise<void> {
  await db.query('update quarantine set decision = $2, decided_at = $3, decided_by = $4 where id = $1', [
    id,
    decision,
    at,
    by,
  ]);
}

/** The entry stays, and says why. */
export async function renameReason(
  db: Pick<pg.ClientBase, 'query'>,
  id: string,
  reason: string,
): Promise<void> {
  await db.query('update quarantine set reason = $2 where id = $1', [id, reason]);
}

function toQuarantined(row: Row): Quarantined {
  const { id, channel, at, reason, form, raw, cut, decision, decided_at, decided_by } = row;
  return {
    id,
    channel,
    at,
    reason,
    form,
    cut,
    ...(raw && { raw }),
    ...(decision && decided_at && decided_by && { decision: { decision, at: decided_at, by: decided_by } }),
  };
}

/** Entries that nobody needs to know of any more, from their arrival. */
const FORGOTTEN_MS = 365 * 86_400_000;
/** Entries that are changed in one statement. */
const BATCH = 1_000;

/** How many payloads are older than `before`. */
export async function countStale(db: Database, before: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from quarantine where at < $1 and raw is not null',
    [before],
  );
  return rows[0]?.count ?? 0;
}

/**
 * Empties payloads older than `before`, and forgets entries after a year. What nobody decided by then is marked as
 * expired, so that it is seen that something was not taken in. Returns how many were emptied.
 */
export async function expireQuarantine(db: Database, before: Date, now: Date): Promise<number> {
  let emptied = 0;
  for (;;) {
    const { rowCount } = await db.query(
      `update quarantine set raw = null, decision = coalesce(decision, 'expired'), decided_at = coalesce(decided_at, $2),
         decided_by = coalesce(decided_by, 'hub')
       where id in (select id from quarantine where at < $1 and raw is not null order by at limit ${BATCH})`,
      [before, now],
    );
    emptied += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) break;
  }
  await db.query('delete from quarantine where at < $1', [new Date(now.getTime() - FORGOTTEN_MS)]);
  return emptied;
}
