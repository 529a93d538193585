import type pg from 'pg';
import { recordAudit } from '../access/audit.ts';
import { type Database, inTransaction } from './database.ts';
import { isHeld } from './holds.ts';
import { removeMediaRows } from './media.ts';
import { forgetTerms } from './nodes.ts';
import { dropEmptyPartitions, partitionsBefore } from './partitions.ts';
import { countStale, expireQuarantine } from './quarantine.ts';

/** How long what is kept for. */
export interface Retention {
  /** Conversations, from their end. */
  readonly conversationsMs: number;
  /** What networks sent and was not understood, from its arrival. */
  readonly quarantineMs: number;
}

/** What retention removes, or would. */
export interface Retired {
  readonly conversations: number;
  /** Months of the log that were dropped whole. */
  readonly partitions: readonly string[];
  /** Entries of the quarantine whose payload goes. */
  readonly quarantined: number;
}

/** What is past its time, and what of it stays and why. */
export interface RetentionPlan extends Retired {
  readonly before: Date;
  /** Past their time and kept: by a legal hold, or because something of them is still to be sent. */
  readonly kept: { readonly held: number; readonly unfinished: number };
}

/** Conversations that are removed in one transaction. */
const BATCH = 200;

// Late notes and results move `last_at`, so nothing that is still looked at goes.
const CUTOFF = `c.status = 'closed' and c.closed_at < $1 and c.last_at < $1`;
const UNFINISHED = `exists (select from delivery d where d.conversation = c.id and d.state in ('due', 'attempting'))
  or exists (select from due_turn t where t.conversation = c.id)`;

/** What retention would remove at `now`. Reads only. */
export async function planRetention(db: Database, retention: Retention, now: Date): Promise<RetentionPlan> {
  const before = new Date(now.getTime() - retention.conversationsMs);
  const { rows } = await db.query<{ held: number; unfinished: number; going: number }>(
    `select count(*) filter (where held) as held, count(*) filter (where unfinished and not held) as unfinished,
       count(*) filter (where not held and not unfinished) as going
     from (select ${isHeld('c')} as held, ${UNFINISHED} as unfinished from conversation c where ${CUTOFF}) as past`,
    [before],
  );
  const { held = 0, unfinished = 0, going = 0 } = rows[0] ?? {};
  return {
    before,
    conversations: going,
    partitions: await monthsThatEmpty(db, before),
    quarantined: await countStale(db, new Date(now.getTime() - retention.quarantineMs)),
    kept: { held, unfinished },
  };
}

/**
 * Removes what is past its time, at most `batches` times ${BATCH} conversations, each batch whole or not at all: with
 * its events, deliveries, attempts, keys, timers, calls, bindings and media. A month of the log of which nothing is left
 * is dropped, and so are terms of shards that were over by then. Several nodes may do it at once.
 */
export async function applyRetention(
  db: Database,
  retention: Retention,
  now: Date,
  batches = Number.POSITIVE_INFINITY,
): Promise<Retired> {
  const before = new Date(now.getTime() - retention.conversationsMs);
  let conversations = 0;
  for (let done = 0; done < batches; done++) {
    const removed = await inTransaction(db, (client) => removeBatch(client, before, now));
    conversations += removed;
    if (removed < BATCH) break;
  }
  const partitions = await dropEmptyPartitions(db, before);
  await forgetTerms(db, before);
  const quarantined = await expireQuarantine(db, new Date(now.getTime() - retention.quarantineMs), now);
  return { conversations, partitions, quarantined };
}

async function removeBatch(client: pg.PoolClient, before: Date, now: Date): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `select c.id from conversation c where ${CUTOFF} and not ${isHeld('c')} and not (${UNFINISHED})
     order by c.closed_at, c.id limit ${BATCH} for update skip locked`,
    [before],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await removeMediaRows(client, ids, now);
  for (const statement of DELIVERIES) await client.query(statement, [ids]);
  for (const { table, column } of await partsOfConversations(client))
    await client.query(`delete from ${table} where ${column} = any($1::uuid[])`, [ids]);
  for (const statement of THE_REST) await client.query(statement, [ids]);
  // Keys are kept by their time; those of these conversations are older than the last that happened there.
  await client.query('delete from dedupe where at < $2 and conversation = any($1::uuid[])', [ids, before]);
  await recordAudit(client, now, {
    who: 'hub',
    act: 'conversations.retired',
    detail: { conversations: ids.length, closedBefore: before.toISOString() },
  });
  return ids.length;
}

/** Tables of which rows belong to one conversation, by the references that the schema declares. */
async function partsOfConversations(client: pg.PoolClient): Promise<{ table: string; column: string }[]> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select c.conrelid::regclass::text as table, quote_ident(a.attname) as column from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'conversation'::regclass and cardinality(c.conkey) = 1
     order by c.conrelid::regclass::text`,
  );
  return rows;
}

// The hot tables declare no references; see the migrations 0004 and 0023.
const DELIVERIES = [
  'delete from attempt where delivery in (select id from delivery where conversation = any($1::uuid[]))',
  'delete from delivery where conversation = any($1::uuid[])',
];
const THE_REST = [
  // Who has no conversation left has no name here either; the network's id stays, to know them when they come again.
  `update identity i set name = null, username = null
   where i.contact in (select contact from conversation where id = any($1::uuid[]))
     and not exists (select from conversation c where c.contact = i.contact and c.id <> all($1::uuid[]))`,
  'delete from message_search where conversation = any($1::uuid[])',
  'delete from event where conversation = any($1::uuid[])',
  'delete from conversation where id = any($1::uuid[])',
];

/** Months of the log, wholly past, of which nothing would stay. */
async function monthsThatEmpty(db: Database, before: Date): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name, from, to } of await partitionsBefore(db, before)) {
    const { rows } = await db.query<{ stays: boolean }>(
      `select exists (select from conversation c where c.id >= $2 and c.id < $3
         and not (${CUTOFF} and not ${isHeld('c')} and not (${UNFINISHED}))) as stays`,
      [before, from, to],
    );
    if (!rows[0]?.stays) names.push(name);
  }
  return names;
}
