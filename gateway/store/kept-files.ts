import type pg from 'pg';
import type { KeptBytes } from '../model/content.ts';
import type { ChannelId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';

/** Who sends a file over a channel that brings the bytes itself. */
export interface FileSender {
  readonly channel: ChannelId;
  /** The network's id of the person. */
  readonly externalUser: string;
}

/** How many bytes are kept within 24 hours, of one person and of all of a channel together. */
export interface DailyBounds {
  readonly senderBytes: number;
  readonly channelBytes: number;
}

export interface Bounded extends FileSender {
  readonly bounds: DailyBounds;
}

const DAY_MS = 24 * 3_600_000;
/** A message is stored seconds after its bytes. Bytes that none names by then belong to none. */
export const GRACE_MS = 3_600_000;
/** Files removed in one sweep. */
const BATCH = 500;

/** True where so many bytes more are within the day's bounds. */
export async function isWithinBounds(
  db: Pick<Database, 'query'>,
  { channel, externalUser, bounds }: Bounded,
  size: number,
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ own: string | null; all: string | null }>(
    `select sum(size) filter (where sender = $2)::text as own, sum(size)::text as "all" from kept_file
     where channel = $1 and at > $3`,
    [channel, externalUser, new Date(now.getTime() - DAY_MS)],
  );
  const { own, all } = rows[0] ?? {};
  return Number(own ?? 0) + size <= bounds.senderBytes && Number(all ?? 0) + size <= bounds.channelBytes;
}

/** Writes down that a file is about to be kept; false, and nothing is written, where its sender is over the bounds. */
export async function noteFile(
  db: Database,
  { hash, size }: Pick<KeptBytes, 'hash' | 'size'>,
  now: Date,
  by?: Bounded,
): Promise<boolean> {
  return inTransaction(db, async (client) => {
    if (by) {
      // What is counted must not be counted twice at the same time.
      await client.query(`select pg_advisory_xact_lock(hashtextextended('kept ' || $1, 0))`, [by.channel]);
      if (!(await isWithinBounds(client, by, size, now))) return false;
    }
    await lockFile(client, hash);
    await client.query(
      `insert into kept_file (hash, channel, sender, size, at) values (decode($1, 'hex'), $2, $3, $4, $5)`,
      [hash, by?.channel, by?.externalUser, size, now],
    );
    return true;
  });
}

/**
 * Removes the files that were kept and that no message names: it was a duplicate, was erased, or was lost with the
 * process. What waits in the quarantine is kept as long as that is. Returns how many were removed.
 */
export async function removeOrphans(
  db: Database,
  remove: (hash: string) => Promise<void>,
  now: Date,
): Promise<number> {
  const before = new Date(now.getTime() - GRACE_MS);
  const { rows } = await db.query<{ hash: string }>(
    `select encode(k.hash, 'hex') as hash from kept_file k where ${ORPHANED} group by k.hash
     having max(k.at) < $1 limit ${BATCH}`,
    [before],
  );
  let removed = 0;
  for (const { hash } of rows) if (await removeOrphan(db, hash, remove, before)) removed += 1;
  await db.query(
    'delete from kept_file k where at < $1 and exists (select from media m where m.hash = k.hash)',
    [new Date(now.getTime() - DAY_MS)],
  );
  return removed;
}

/**
 * Removes files at once that no message names any more and nobody is about to name. One whose bytes are just being
 * stored anew stays; if no message comes of that, `removeOrphans` takes it.
 */
export async function removeFiles(
  db: Database,
  hashes: readonly string[],
  remove: (hash: string) => Promise<void>,
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - GRACE_MS);
  for (const hash of hashes) await removeOrphan(db, hash, remove, before);
}

/** What was noted comes to nothing: its message was erased meanwhile. */
export async function giveUpFile(db: Database, hash: string): Promise<void> {
  await db.query(
    `update kept_file set at = to_timestamp(0) where id = (
       select min(id) from kept_file where hash = decode($1, 'hex') and channel is null and at > to_timestamp(0))`,
    [hash],
  );
}

const ORPHANED = `not exists (select from media m where m.hash = k.hash)
  and not exists (select from quarantine q where position(convert_to(encode(k.hash, 'hex'), 'UTF8') in q.raw) > 0)`;

/** Under the file's lock: whoever keeps the same bytes meanwhile waits, and then writes them anew. */
async function removeOrphan(
  db: Database,
  hash: string,
  remove: (hash: string) => Promise<void>,
  before: Date,
): Promise<boolean> {
  return inTransaction(db, async (client) => {
    await lockFile(client, hash);
    const { rowCount } = await client.query(
      `delete from kept_file where hash = decode($1, 'hex') and not exists (
         select from kept_file k where k.hash = decode($1, 'hex') and (k.at >= $2 or not (${ORPHANED})))`,
      [hash, before],
    );
    if (!rowCount) return false;
    await remove(hash);
    return true;
  });
}

function lockFile(client: pg.PoolClient, hash: string): Promise<unknown> {
  return client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [hash]);
}
