import type pg from 'pg';
import { type Database, inTransaction } from './database.ts';

/** How many months ahead the log has partitions for. */
const MONTHS_AHEAD = 3;

/** A month of the log: a range of conversation ids, the upper end excluded. */
export interface Partition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the log's partitions for the month of `now` and those after it. Conversation ids are UUID v7, which begin
 * with the time in milliseconds, so a month of conversations is a range of ids.
 */
export async function ensurePartitions(pool: pg.Pool, now: Date): Promise<void> {
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const { name, from, to } = partitionOf(now.getUTCFullYear(), now.getUTCMonth() + ahead);
    await pool.query(
      `create table if not exists ${name} partition of event for values from ('${from}') to ('${to}')`,
    );
  }
}

/** The partitions whose whole month lies before a moment, oldest first. */
export async function partitionsBefore(db: Database, before: Date): Promise<readonly Partition[]> {
  const { rows } = await db.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'event'::regclass order by c.relname`,
  );
  const end = lowestId(before);
  return rows.flatMap(({ name }) => {
    const [, year, month] = /^event_(\d{4})_(\d{2})$/.exec(name) ?? [];
    const partition = year && month ? partitionOf(Number(year), Number(month) - 1) : undefined;
    return partition && partition.to <= end ? [partition] : [];
  });
}

/** How long a drop may make others wait for the log; where it does not get its turn, it is tried again later. */
const DROP_WAIT = '1s';

/** Drops the partitions before a moment that hold nothing any more. Returns their names. */
export async function dropEmptyPartitions(db: Database, before: Date): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const { name } of await partitionsBefore(db, before)) {
    if (!(await isEmpty(db, name))) continue;
    try {
      if (await dropEmpty(db, name)) dropped.push(name);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
  }
  return dropped;
}

function dropEmpty(db: Database, name: string): Promise<boolean> {
  return inTransaction(db, async (client) => {
    await client.query(`set local lock_timeout = '${DROP_WAIT}'`);
    await client.query(`lock table event, ${name} in access exclusive mode`);
    const empty = await isEmpty(client, name);
    if (empty) await client.query(`drop table ${name}`);
    return empty;
  });
}

async function isEmpty(db: Pick<pg.ClientBase, 'query'> | Database, name: string): Promise<boolean> {
  const { rows } = await db.query<{ empty: boolean }>(`select not exists (select from ${name}) as empty`);
  return rows[0]?.empty === true;
}

/** SQLSTATE lock_not_available. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

function partitionOf(year: number, month: number): Partition {
  const from = new Date(Date.UTC(year, month, 1));
  const to = new Date(Date.UTC(year, month + 1, 1));
  const name = `event_${from.toISOString().slice(0, 7).replace('-', '_')}`;
  return { name, from: lowestId(from), to: lowestId(to) };
}

/** The lowest UUID v7 of a moment; every conversation opened from then on has a higher id. */
function lowestId(at: Date): string {
  const milliseconds = at.getTime().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`;
}
