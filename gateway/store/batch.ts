import type pg from 'pg';
import type { Change, Changed } from '../change.ts';
import type { Delivery } from '../model/delivery.ts';
import type { ChannelId, ContactId, ConversationId, ThreadId } from '../model/ids.ts';
import { shardOf } from '../model/shard.ts';
import { type Database, inTransaction } from './database.ts';
import { type Binding, dedupeKey, type Found, type PlanOptions, plan, type Resolved } from './plan.ts';
import { type ConversationRow, toDelivery } from './rows.ts';
import { resolveSenders } from './senders.ts';
import { type Writes, type Written, write } from './writes.ts';

/** Commits changes in one transaction: all of them, or on an error none. One result a change, in order. */
export async function commitBatch(
  db: Database,
  changes: readonly Change[],
  options: PlanOptions,
): Promise<readonly Changed[]> {
  return inTransaction(db, async (client) => {
    const found = await find(client, changes);
    const { results, writes } = plan(changes, found, options);
    const written = await write(client, writes);
    return results.map((result) => number(result, writes, written));
  });
}

async function find(client: pg.PoolClient, changes: readonly Change[]): Promise<Found> {
  const resolved = await resolveSenders(
    client,
    changes.map((change) => ('channel' in change ? change : undefined)),
  );
  const duplicates = await findDuplicates(client, changes);
  const ids = changes.flatMap((change) => ('conversation' in change ? [change.conversation] : []));
  const contacts = [...new Set(resolved.flatMap((sender) => (sender ? [sender.contact] : [])))];
  const conversations = await lock(client, ids, contacts);
  const open = new Set(conversations.filter((row) => row.status === 'open').map((row) => row.contact));
  const previous = await findPrevious(
    client,
    contacts.filter((contact) => !open.has(contact)),
  );
  const threads = threadsOf(changes, resolved);
  return {
    resolved,
    duplicates,
    conversations,
    terms: await findTerms(client, changes),
    previous,
    bindings: await findBindings(client, threads),
    channelOf: await findChannels(client, threads),
  };
}

/** Rows are locked in id order, so that two batches cannot wait for each other. */
async function lock(
  client: pg.PoolClient,
  ids: readonly ConversationId[],
  contacts: readonly ContactId[],
): Promise<ConversationRow[]> {
  const { rows } = await client.query<ConversationRow>(
    `select c.* from conversation c
     where c.id = any($1::uuid[]) or (c.contact = any($2::uuid[]) and c.status = 'open')
     order by c.id for update`,
    [ids, contacts],
  );
  return rows;
}

/** Held until the end of the transaction, so that no other node takes the shard meanwhile. */
async function findTerms(client: pg.PoolClient, changes: readonly Change[]): Promise<Found['terms']> {
  const shards = new Set<number>();
  for (const change of changes)
    if ('conversation' in change && change.term !== undefined) shards.add(shardOf(change.conversation));
  if (shards.size === 0) return new Map();
  const { rows } = await client.query<{ shard: number; term: number }>(
    'select shard, term from shard where shard = any($1::smallint[]) for share',
    [[...shards]],
  );
  return new Map(rows.map(({ shard, term }) => [shard, term]));
}

async function findDuplicates(
  client: pg.PoolClient,
  changes: readonly Change[],
): Promise<Found['duplicates']> {
  const keys = changes.flatMap((change) => (change.dedupe ? [change.dedupe] : []));
  if (keys.length === 0) return new Map();
  const { rows } = await client.query<{
    scope: string;
    key: string;
    conversation: ConversationId;
    seq: number;
  }>(
    `select scope, key, conversation, seq from dedupe
     where (scope, key) in (select * from unnest($1::text[], $2::text[]))`,
    [keys.map(({ scope }) => scope), keys.map(({ key }) => key)],
  );
  return new Map(rows.map(({ conversation, seq, ...dedupe }) => [dedupeKey(dedupe), { conversation, seq }]));
}

async function findPrevious(
  client: pg.PoolClient,
  contacts: readonly ContactId[],
): Promise<Found['previous']> {
  if (contacts.length === 0) return new Map();
  const { rows } = await client.query<{ contact: ContactId; id: ConversationId }>(
    `select distinct on (contact) contact, id from conversation where contact = any($1::uuid[])
     order by contact, id desc`,
    [contacts],
  );
  return new Map(rows.map(({ contact, id }) => [contact, id]));
}

function threadsOf(changes: readonly Change[], resolved: readonly (Resolved | undefined)[]): ThreadId[] {
  const threads = new Set<ThreadId>();
  for (const sender of resolved) if (sender) threads.add(sender.thread);
  for (const change of changes) {
    if (!('conversation' in change)) continue;
    for (const event of change.events) if (event.type === 'message.sent') threads.add(event.facts.thread);
  }
  return [...threads];
}

async function findBindings(client: pg.PoolClient, threads: readonly ThreadId[]): Promise<Binding[]> {
  if (threads.length === 0) return [];
  const { rows } = await client.query<Omit<Binding, 'boundAt'> & { bound_at: Date }>(
    `select b.thread, b.conversation, b.base, b.bound_at, c.seq from binding b
     join conversation c on c.id = b.conversation where b.thread = any($1::uuid[])`,
    [threads],
  );
  return rows.map(({ bound_at, ...binding }) => ({ ...binding, boundAt: bound_at }));
}

async function findChannels(
  client: pg.PoolClient,
  threads: readonly ThreadId[],
): Promise<Found['channelOf']> {
  if (threads.length === 0) return new Map();
  const { rows } = await client.query<{ id: ThreadId; channel: ChannelId }>(
    'select id, channel from thread where id = any($1::uuid[])',
    [threads],
  );
  return new Map(rows.map(({ id, channel }) => [id, channel]));
}

/** Fills in the numbers that the database gave. */
function number(result: Changed, writes: Writes, written: Written): Changed {
  if (result.outcome !== 'committed') return result;
  const { conversation, events } = result;
  const seqs = new Set(events.map((event) => event.seq));
  const deliveries: Delivery[] = writes.deliveries
    .filter((row) => row.conversation === conversation.id && seqs.has(row.seq))
    .map((row) =>
      toDelivery({
        ...row,
        state: written.cancelled.includes(row.id) ? 'cancelled' : row.state,
        position: written.positions.get(row.id) ?? 0,
        revision: written.revisions.get(row.id) ?? 0,
        receipt: null,
        attempts: 0,
        parts_accepted: 0,
        possibly_twice: false,
        reason: null,
      }),
    );
  return { ...result, deliveries, revision: written.revisions.get(conversation.id) ?? 0 };
}
