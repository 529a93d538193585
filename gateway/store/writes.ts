import type pg from 'pg';
import type { Event } from '../model/events.ts';
import { SCHEMA } from '../model/events.ts';
import type {
  ActionId,
  ChannelId,
  ConversationId,
  DeliveryId,
  IdentityId,
  MessageId,
  ThreadId,
} from '../model/ids.ts';
import type { Author } from '../model/owner.ts';
import type { AnnouncedMedia } from './media.ts';
import type { ConversationRow } from './rows.ts';

/** The rows that one batch writes. */
export interface Writes {
  readonly newConversations: ConversationRow[];
  readonly conversations: ConversationRow[];
  readonly bindings: { thread: ThreadId; conversation: ConversationId; base: number; bound_at: Date }[];
  readonly events: Event[];
  readonly deliveries: NewDeliveryRow[];
  /** Handoffs: deliveries of a bot decided before them are cancelled. */
  readonly fences: { conversation: ConversationId; fence: number }[];
  readonly media: (AnnouncedMedia & { readonly at: Date })[];
  readonly dueTurns: { conversation: ConversationId; seq: number }[];
  readonly doneTurns: { conversation: ConversationId; seq: number }[];
  readonly timers: { conversation: ConversationId; timer: string; due_at: string }[];
  readonly firedTimers: { conversation: ConversationId; timer: string }[];
  readonly actions: { id: ActionId; conversation: ConversationId; seq: number; repeatable: boolean }[];
  readonly endedActions: { id: ActionId; state: 'completed' | 'unknown' }[];
  readonly proofs: { identity: IdentityId; evidence: string; customer: string; proved_at: Date }[];
  readonly dedupe: { scope: string; key: string; conversation: ConversationId; seq: number; at: Date }[];
}

export interface NewDeliveryRow {
  id: DeliveryId;
  conversation: ConversationId;
  seq: number;
  message: MessageId;
  thread: ThreadId;
  channel: ChannelId;
  author_kind: Author['kind'];
  author_id: string | null;
  epoch: number;
  once: boolean;
  state: 'due' | 'accepted';
  due_at: Date;
}

export function emptyWrites(): Writes {
  return {
    newConversations: [],
    conversations: [],
    bindings: [],
    events: [],
    deliveries: [],
    fences: [],
    media: [],
    dueTurns: [],
    doneTurns: [],
    timers: [],
    firedTimers: [],
    actions: [],
    endedActions: [],
    proofs: [],
    dedupe: [],
  };
}

/** What the database numbered. */
export interface Written {
  readonly positions: ReadonlyMap<DeliveryId, number>;
  readonly cancelled: readonly DeliveryId[];
  readonly revisions: ReadonlyMap<ConversationId | DeliveryId, number>;
}

const CONVERSATION = `id uuid, contact uuid, previous uuid, shard smallint, status text, seq bigint, version integer,
  epoch integer, fence integer, owner_kind text, owner_id text, owner_since timestamptz, thread uuid, turn jsonb,
  unread integer, last_message bigint, last_handoff bigint, last_at timestamptz, opened_at timestamptz,
  closed_at timestamptz`;
const CONVERSATION_COLUMNS = names(CONVERSATION);

/** Writes a batch, one statement a table. The caller holds the locks and the transaction. */
export async function write(client: pg.PoolClient, writes: Writes): Promise<Written> {
  const rows = async <Row extends pg.QueryResultRow>(
    statement: string,
    columns: string,
    values: readonly object[],
  ) =>
    values.length === 0
      ? []
      : (
          await client.query<Row>(
            statement.replace('$rows', `json_to_recordset($1::json) as r(${columns})`),
            [JSON.stringify(values)],
          )
        ).rows;

  const revisions = new Map<ConversationId | DeliveryId, number>();
  const revised = (updated: readonly { id: ConversationId | DeliveryId; revision: number }[]) => {
    for (const { id, revision } of updated) revisions.set(id, revision);
  };

  revised(
    await rows(
      `insert into conversation (${CONVERSATION_COLUMNS}, revision)
       select ${CONVERSATION_COLUMNS}, nextval('revision') from $rows returning id, revision`,
      CONVERSATION,
      writes.newConversations,
    ),
  );
  revised(
    await rows(
      `update conversation c set status = r.status, seq = r.seq, version = r.version, epoch = r.epoch,
         fence = r.fence, owner_kind = r.owner_kind, owner_id = r.owner_id, owner_since = r.owner_since,
         thread = r.thread, turn = r.turn, unread = r.unread, last_message = r.last_message,
         last_handoff = r.last_handoff, last_at = r.last_at, closed_at = r.closed_at, revision = nextval('revision')
       from $rows where c.id = r.id returning c.id, c.revision`,
      CONVERSATION,
      writes.conversations,
    ),
  );
  await rows(
    `insert into event (conversation, seq, at, type, schema, facts, body, salt, hash)
     select conversation, seq, at, type, schema, facts, body, salt, sha256(salt || convert_to(body::text, 'UTF8'))
     from (select r.*, case when body is null then null else uuid_send(gen_random_uuid()) end as salt from $rows) as salted`,
    'conversation uuid, seq bigint, at timestamptz, type text, schema smallint, facts jsonb, body jsonb',
    writes.events.map((event) => ({ ...event, schema: SCHEMA[event.type] })),
  );
  await rows(
    `insert into binding (thread, conversation, base, bound_at) select * from $rows`,
    'thread uuid, conversation uuid, base bigint, bound_at timestamptz',
    writes.bindings,
  );
  const delivered = await rows<{ id: DeliveryId; position: number; revision: number }>(
    `insert into delivery (id, conversation, seq, message, thread, channel, author_kind, author_id, epoch, once, state,
       due_at, created_at, revision)
     select id, conversation, seq, message, thread, channel, author_kind, author_id, epoch, once, state, due_at, due_at,
       nextval('revision') from $rows order by conversation, seq returning id, position, revision`,
    `id uuid, conversation uuid, seq bigint, message uuid, thread uuid, channel text, author_kind text, author_id text,
       epoch integer, once boolean, state text, due_at timestamptz`,
    writes.deliveries,
  );
  revised(delivered);
  // After the insert: a bot's message and the handoff that overtakes it may be in one batch.
  const cancelled = await rows<{ id: DeliveryId; revision: number }>(
    `update delivery d set state = 'cancelled', reason = 'handed-off', revision = nextval('revision')
     from $rows where d.conversation = r.conversation and d.author_kind = 'bot' and d.state = 'due' and d.epoch < r.fence
     returning d.id, d.revision`,
    'conversation uuid, fence integer',
    writes.fences,
  );
  revised(cancelled);
  // The same source in a thread, such as in an edit of a caption, is fetched once.
  await rows(
    `insert into media (id, channel, kind, state, source, name, due_at, created_at)
     select distinct on (id) id, channel, kind, 'pending', source, name, at, at from $rows order by id
     on conflict (id) do nothing`,
    'id uuid, channel text, kind text, source text, name text, at timestamptz',
    writes.media,
  );
  await rows(
    `insert into due_turn (conversation, seq) select * from $rows`,
    'conversation uuid, seq bigint',
    writes.dueTurns,
  );
  await rows(
    `delete from due_turn t using $rows where t.conversation = r.conversation and t.seq = r.seq`,
    'conversation uuid, seq bigint',
    writes.doneTurns,
  );
  await rows(
    `insert into timer (conversation, timer, due_at) select distinct on (conversation, timer) * from $rows
     order by conversation, timer, due_at desc
     on conflict (conversation, timer) do update set due_at = excluded.due_at`,
    'conversation uuid, timer text, due_at timestamptz',
    writes.timers,
  );
  await rows(
    `delete from timer t using $rows where t.conversation = r.conversation and t.timer = r.timer`,
    'conversation uuid, timer text',
    writes.firedTimers,
  );
  await rows(
    `insert into action (id, conversation, seq, state, repeatable) select id, conversation, seq, 'requested', repeatable from $rows`,
    'id uuid, conversation uuid, seq bigint, repeatable boolean',
    writes.actions,
  );
  await rows(
    `update action a set state = r.state from $rows where a.id = r.id`,
    'id uuid, state text',
    writes.endedActions,
  );
  await rows(
    `update identity i set evidence = r.evidence, customer = r.customer, proved_at = r.proved_at
     from $rows where i.id = r.identity`,
    'identity uuid, evidence text, customer text, proved_at timestamptz',
    writes.proofs,
  );
  await rows(
    `insert into dedupe (scope, key, conversation, seq, at) select * from $rows order by scope, key`,
    'scope text, key text, conversation uuid, seq bigint, at timestamptz',
    writes.dedupe,
  );
  return {
    positions: new Map(delivered.map(({ id, position }) => [id, position])),
    cancelled: cancelled.map(({ id }) => id),
    revisions,
  };
}

/** The names of a record definition such as `id uuid, at timestamptz`. */
function names(columns: string): string {
  return columns
    .split(',')
    .map((column) => column.trim().split(/\s+/)[0])
    .join(', ');
}
