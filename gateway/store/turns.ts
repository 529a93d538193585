import type { ContactView, Evidence } from '../model/contact.ts';
import type { Conversation } from '../model/conversation.ts';
import type { Event } from '../model/events.ts';
import type { ChannelId, ConversationId, IdentityId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { evidenceNow } from './evidence.ts';
import { type ConversationRow, type EventRow, toContactView, toConversation, toEvent } from './rows.ts';

/** The oldest due turn of a conversation, with all that it is decided on. */
export interface DueTurn {
  readonly event: Event;
  readonly failures: number;
  readonly conversation: Conversation;
  readonly contact: ContactView;
}

type Row = ConversationRow & {
  turn_seq: number;
  failures: number;
  event_at: Date;
  event_type: EventRow['type'];
  event_schema: number;
  event_facts: unknown;
  event_body: unknown;
  identity: IdentityId;
  channel: ChannelId;
  evidence: Evidence;
  name: string | null;
  username: string | null;
};

/** Undefined when nothing is due. The identity is that of the thread where the contact wrote last. */
export async function oldestDueTurn(db: Database, id: ConversationId): Promise<DueTurn | undefined> {
  const { rows } = await db.query<Row>(
    `select c.*, d.seq as turn_seq, d.failures, e.at as event_at, e.type as event_type, e.schema as event_schema,
       e.facts as event_facts, e.body as event_body,
       i.id as identity, i.channel, ${evidenceNow('i')} as evidence, i.name, i.username
     from due_turn d
     join conversation c on c.id = d.conversation
     join event e on e.conversation = d.conversation and e.seq = d.seq
     join thread t on t.id = coalesce((e.facts ->> 'thread')::uuid, c.thread)
     join identity i on i.id = t.identity
     where d.conversation = $1 order by d.seq limit 1`,
    [id],
  );
  const row = rows[0];
  return row && toDueTurn(row);
}

function toDueTurn(row: Row): DueTurn {
  const conversation = toConversation(row);
  const event = toEvent({
    conversation: row.id,
    seq: row.turn_seq,
    at: row.event_at,
    type: row.event_type,
    schema: row.event_schema,
    facts: row.event_facts,
    body: row.event_body,
  });
  return {
    event,
    failures: row.failures,
    conversation,
    contact: toContactView(row, row.contact, conversation.turn.locale),
  };
}

/** Counts one more failure of a turn; returns how many there are. */
export async function countFailure(db: Database, conversation: ConversationId, seq: number): Promise<number> {
  const { rows } = await db.query<{ failures: number }>(
    'update due_turn set failures = failures + 1 where conversation = $1 and seq = $2 returning failures',
    [conversation, seq],
  );
  return rows[0]?.failures ?? 0;
}

/** Conversations of these shards with due turns, oldest first. */
export async function dueConversations(
  db: Database,
  shards: readonly number[],
  limit: number,
): Promise<readonly ConversationId[]> {
  const { rows } = await db.query<{ conversation: ConversationId }>(
    `select distinct d.conversation from due_turn d join conversation c on c.id = d.conversation
     where c.shard = any($1::smallint[]) order by d.conversation limit $2`,
    [shards, limit],
  );
  return rows.map(({ conversation }) => conversation);
}

/** Timers of these shards that are due, the longest overdue first. */
export async function dueTimers(
  db: Database,
  shards: readonly number[],
  now: Date,
  limit: number,
): Promise<readonly { conversation: ConversationId; timer: string }[]> {
  const { rows } = await db.query<{ conversation: ConversationId; timer: string }>(
    `select t.conversation, t.timer from timer t join conversation c on c.id = t.conversation
     where t.due_at <= $2 and c.shard = any($1::smallint[]) order by t.due_at limit $3`,
    [shards, now, limit],
  );
  return rows;
}

/** Open conversations of the bot, of these shards, in which nothing has happened since `before`. */
export async function silentConversations(
  db: Database,
  shards: readonly number[],
  before: Date,
  limit: number,
): Promise<readonly Pick<Conversation, 'id' | 'epoch' | 'owner'>[]> {
  const { rows } = await db.query<{ id: ConversationId; epoch: number }>(
    `select id, epoch from conversation where status = 'open' and owner_kind = 'bot'
       and active_hour <= floor(extract(epoch from $2::timestamptz) / 3600) and last_at < $2
       and shard = any($1::smallint[]) order by active_hour, id limit $3`,
    [shards, before, limit],
  );
  return rows.map((row) => ({ ...row, owner: { kind: 'bot' } }));
}
