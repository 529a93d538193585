import type pg from 'pg';
import type { Change } from '../change.ts';
import { carriedBy } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Binding, Found, Place, Resolved } from './found.ts';
import { dedupeKey } from './plan.ts';
import type { ConversationRow } from './rows.ts';
import { WITH_THOSE_BESIDE } from './secondary.ts';
import { resolveSenders } from './senders.ts';

/** Reads all that changes are decided on. The rows of their conversations are locked until the transaction ends. */
export async function find(client: pg.PoolClient, changes: readonly Change[]): Promise<Found> {
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
    previous,
    bindings: await findBindings(client, threads),
    places: await findPlaces(client, threads),
    dueTurns: await countDueTurns(client, conversations),
    terms: await findTerms(client),
  };
}

/** Named, since a prepared statement for all of them fails once a newer hub has added one. */
const COLUMNS = Object.keys({
  id: true,
  contact: true,
  previous: true,
  shard: true,
  status: true,
  seq: true,
  version: true,
  epoch: true,
  fence: true,
  owner_kind: true,
  owner_id: true,
  owner_since: true,
  waits_since: true,
  thread: true,
  urgent: true,
  turn: true,
  unread: true,
  last_message: true,
  last_handoff: true,
  last_at: true,
  opened_at: true,
  closed_at: true,
  secondary_to: true,
  revision: true,
} satisfies Record<keyof ConversationRow, true>)
  .map((column) => `c.${column}`)
  .join(', ');

/**
 * Rows are locked in id order, so that two batches cannot wait for each other. Of two open conversations of a client
 * both are: what is said in one decides the positions of what is said in the other.
 */
async function lock(
  client: pg.PoolClient,
  ids: readonly ConversationId[],
  contacts: readonly ContactId[],
): Promise<ConversationRow[]> {
  // Prepared: to plan it takes longer than to run it.
  const { rows } = await client.query<ConversationRow>({
    name: 'lock conversations',
    text: `select ${COLUMNS} from conversation c where ${WITH_THOSE_BESIDE} order by c.id for update`,
    values: [ids, contacts],
  });
  return rows;
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
    for (const event of change.events) {
      const carried = carriedBy(event);
      if (carried) threads.add(carried.thread);
    }
  }
  return [...threads];
}

async function findBindings(client: pg.PoolClient, threads: readonly ThreadId[]): Promise<Binding[]> {
  if (threads.length === 0) return [];
  const { rows } = await client.query<Omit<Binding, 'boundAt'> & { bound_at: Date }>(
    `select b.thread, b.conversation, b.base, b.since, b.bound_at, c.seq, c.status = 'open' as "isOpen" from binding b
     join conversation c on c.id = b.conversation where b.thread = any($1::uuid[]) order by b.bound_at`,
    [threads],
  );
  return rows.map(({ bound_at, ...binding }) => ({ ...binding, boundAt: bound_at }));
}

async function findPlaces(
  client: pg.PoolClient,
  threads: readonly ThreadId[],
): Promise<ReadonlyMap<ThreadId, Place>> {
  if (threads.length === 0) return new Map();
  const { rows } = await client.query<{
    id: ThreadId;
    channel: ChannelId;
    identity: IdentityId;
    external_thread: string;
  }>('select id, channel, identity, external_thread from thread where id = any($1::uuid[])', [threads]);
  return new Map(
    rows.map(({ id, external_thread, ...place }) => [id, { ...place, externalThread: external_thread }]),
  );
}

/** After their rows are locked: a statement before that may not see what was committed meanwhile. */
async function countDueTurns(
  client: pg.PoolClient,
  conversations: readonly ConversationRow[],
): Promise<Found['dueTurns']> {
  if (conversations.length === 0) return new Map();
  const { rows } = await client.query<{ conversation: ConversationId; due: number }>(
    'select conversation, count(*) as due from due_turn where conversation = any($1::uuid[]) group by conversation',
    [conversations.map(({ id }) => id)],
  );
  return new Map(rows.map(({ conversation, due }) => [conversation, due]));
}

async function findTerms(client: pg.PoolClient): Promise<Found['terms']> {
  const { rows } = await client.query<{ shard: number; term: number }>('select shard, term from shard');
  return new Map(rows.map(({ shard, term }) => [shard, term]));
}
