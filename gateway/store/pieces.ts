import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { InboundPiece, Sender } from '../connectors/inbound.ts';
import { newId } from '../ids.ts';
import type { ChannelId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';

/** A split message of which everything, or all that will come, is there. */
export interface PieceGroup {
  readonly id: string;
  readonly channel: ChannelId;
  readonly sender: Sender;
  readonly total: number;
  readonly begunAt: Date;
  /** What came, by its number from 1. */
  readonly texts: ReadonlyMap<number, string>;
}

interface GroupRow {
  id: string;
  channel: ChannelId;
  sender: Sender;
  total: number;
  begun_at: Date;
  joined_at: Date | null;
}

/** For this long a piece of a message that is whole is a repetition and no new one. */
const REPEAT_WINDOW = '1 day';

/**
 * Keeps a piece; returns the message's group once every piece of it is there. A piece that comes again changes nothing.
 * Another text under a number that is taken begins a new message: the network uses names again.
 */
export async function keepPiece(
  db: Database,
  channel: ChannelId,
  piece: InboundPiece,
  now: Date,
): Promise<PieceGroup | undefined> {
  const { sender, group: name, number } = piece;
  const text = Buffer.from(piece.text, 'utf16le');
  const hash = createHash('sha256').update(text).digest();
  return inTransaction(db, async (client) => {
    // Two pieces of one message side by side: one begins the group, and one sees it whole.
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      JSON.stringify([channel, sender.externalThread, name]),
    ]);
    const newest = await newestGroup(client, channel, piece, now);
    const there = newest && (await hashOf(client, newest.id, number));
    if (newest && there && hash.equals(there)) return newest.joined_at ? undefined : wholeOf(client, newest);
    const isNew = !newest || there !== undefined || newest.joined_at !== null;
    const group = isNew ? await beginGroup(client, channel, piece, now) : newest;
    await client.query('insert into piece ("group", number, text, hash) values ($1, $2, $3, $4)', [
      group.id,
      number,
      text,
      hash,
    ]);
    return wholeOf(client, group);
  });
}

async function newestGroup(
  client: pg.PoolClient,
  channel: ChannelId,
  { sender, group, total }: InboundPiece,
  now: Date,
): Promise<GroupRow | undefined> {
  const { rows } = await client.query<GroupRow>(
    `select id, channel, sender, total, begun_at, joined_at from piece_group
     where channel = $1 and external_thread = $2 and name = $3 and total = $4
       and (joined_at is null or joined_at > $5::timestamptz - interval '${REPEAT_WINDOW}')
     order by begun_at desc limit 1`,
    [channel, sender.externalThread, group, total, now],
  );
  return rows[0];
}

async function hashOf(client: pg.PoolClient, group: string, number: number): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ hash: Buffer }>(
    'select hash from piece where "group" = $1 and number = $2',
    [group, number],
  );
  return rows[0]?.hash;
}

async function beginGroup(
  client: pg.PoolClient,
  channel: ChannelId,
  { sender, group, total }: InboundPiece,
  now: Date,
): Promise<GroupRow> {
  const id = newId();
  await client.query(
    `insert into piece_group (id, channel, external_thread, name, sender, total, begun_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, channel, sender.externalThread, group, JSON.stringify(sender), total, now],
  );
  return { id, channel, sender, total, begun_at: now, joined_at: null };
}

async function wholeOf(client: pg.PoolClient, row: GroupRow): Promise<PieceGroup | undefined> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*) as count from piece where "group" = $1',
    [row.id],
  );
  return rows[0]?.count === row.total ? withTexts(client, row) : undefined;
}

async function withTexts(client: pg.PoolClient | Database, row: GroupRow): Promise<PieceGroup> {
  const { rows } = await client.query<{ number: number; text: Buffer | null }>(
    'select number, text from piece where "group" = $1 order by number',
    [row.id],
  );
  const texts = new Map(rows.map(({ number, text }) => [number, text?.toString('utf16le') ?? '']));
  const { id, channel, sender, total, begun_at: begunAt } = row;
  return { id, channel, sender, total, begunAt, texts };
}

/** Groups that began before a time and are not whole, oldest first. */
export async function overdueGroups(
  db: Database,
  begunBefore: Date,
  limit: number,
): Promise<readonly PieceGroup[]> {
  const { rows } = await db.query<GroupRow>(
    `select id, channel, sender, total, begun_at, joined_at from piece_group
     where joined_at is null and begun_at < $1 order by begun_at limit $2`,
    [begunBefore, limit],
  );
  return Promise.all(rows.map((row) => withTexts(db, row)));
}

/** The message stands in the log: its pieces keep no text any more. */
export async function forgetTexts(db: Database, group: string, now: Date): Promise<void> {
  await db.query(
    `with emptied as (update piece set text = null where "group" = $1)
     update piece_group set joined_at = $2, sender = null where id = $1`,
    [group, now],
  );
}

/** Removes groups whose pieces nobody repeats any more. */
export async function dropOldGroups(db: Database, now: Date): Promise<void> {
  await db.query(`delete from piece_group where joined_at < $1::timestamptz - interval '${REPEAT_WINDOW}'`, [
    now,
  ]);
}
