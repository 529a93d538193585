import type { Role } from '../../gateway/access/api.ts';
import { permissionsOf } from '../../gateway/access/permissions.ts';
import { emailKey } from '../../gateway/access/users.ts';
import type { Conversation } from '../../gateway/model/conversation.ts';
import type { Event } from '../../gateway/model/events.ts';
import type { ChannelId, ConversationId, OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { type ConversationRow, type EventRow, toConversation, toEvent } from '../../gateway/store/rows.ts';

/** How far a conversation is shown at the desk. */
export interface Shown {
  /** The desk's own name of the thread; undefined until the opening is posted. */
  readonly thread?: string;
  readonly seq: number;
  /** Whether the bot had the conversation at `seq`. */
  readonly withBot: boolean;
  /** What the opening shows, as `openingKey` says it; empty where none is posted. */
  readonly opening: string;
}

export interface ToShow {
  readonly conversation: Conversation;
  readonly shown: Shown;
  /** After `shown.seq`, oldest first. */
  readonly events: readonly Event[];
}

const MAX_EVENTS = 100;

/**
 * What a conversation's thread lacks. Its row is made with the first handoff, which is then the first thing shown;
 * undefined where people never had the conversation.
 */
export async function readToShow(
  db: Database,
  channel: ChannelId,
  id: ConversationId,
): Promise<ToShow | undefined> {
  await db.query(
    `insert into desk_thread (channel, conversation, seq)
     select $1, id, last_handoff - 1 from conversation
     where id = $2 and last_handoff is not null and owner_kind in ('queue', 'operator')
     on conflict do nothing`,
    [channel, id],
  );
  const { rows } = await db.query<
    ConversationRow & { shown_thread: string | null; shown_seq: number; with_bot: boolean; opening: string }
  >(
    `select c.*, d.thread as shown_thread, d.seq as shown_seq, d.with_bot, d.opening
     from desk_thread d join conversation c on c.id = d.conversation where d.channel = $1 and c.id = $2`,
    [channel, id],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { rows: events } = await db.query<EventRow>(
    `select * from event where conversation = $1 and seq > $2 order by seq limit ${MAX_EVENTS}`,
    [id, row.shown_seq],
  );
  const { shown_thread, shown_seq: seq, with_bot: withBot, opening } = row;
  const shown = { thread: shown_thread ?? undefined, seq, withBot, opening };
  return { conversation: toConversation(row), shown, events: events.map(toEvent) };
}

export async function saveShown(
  db: Database,
  channel: ChannelId,
  id: ConversationId,
  { thread, seq, withBot, opening }: Shown,
): Promise<void> {
  await db.query(
    `update desk_thread set thread = $3, seq = $4, with_bot = $5, opening = $6
     where channel = $1 and conversation = $2`,
    [channel, id, thread ?? null, seq, withBot, opening],
  );
}

/** What of a conversation its opening shows: owner, epoch, urgency. `conversationsToShow` says the same in SQL. */
export function openingKey({
  owner,
  epoch,
  urgent,
}: Pick<Conversation, 'owner' | 'epoch' | 'urgent'>): string {
  const id = owner.kind === 'operator' ? owner.operator : owner.kind === 'queue' ? owner.queue : '';
  return `${owner.kind}:${id}@${epoch}${urgent === undefined ? '' : `!${urgent}`}`;
}

/** What was said before an event, oldest first. */
export async function saidBefore(
  db: Database,
  id: ConversationId,
  seq: number,
  limit: number,
): Promise<readonly Event[]> {
  const { rows } = await db.query<EventRow>(
    `select * from event where conversation = $1 and seq < $2 and type in ('message.received', 'message.sent')
     order by seq desc limit $3`,
    [id, seq, limit],
  );
  return rows.reverse().map(toEvent);
}

/** The context of the last handoff, as stored. */
export async function lastContext(db: Database, id: ConversationId): Promise<unknown> {
  const { rows } = await db.query<{ context: unknown }>(
    `select e.body -> 'context' as context from conversation c
     join event e on e.conversation = c.id and e.seq = c.last_handoff where c.id = $1`,
    [id],
  );
  return rows[0]?.context;
}

/** Conversations of these shards whose thread lacks something, or is still to be opened. */
export async function conversationsToShow(
  db: Database,
  channel: ChannelId,
  shards: readonly number[],
  limit: number,
): Promise<readonly ConversationId[]> {
  const { rows } = await db.query<{ id: ConversationId }>(
    `select c.id from conversation c left join desk_thread d on d.conversation = c.id and d.channel = $1
     where c.status = 'open' and c.owner_kind in ('queue', 'operator') and c.last_handoff is not null
       and c.shard = any($2::smallint[]) and (d.conversation is null or d.seq < c.seq)
     union
     select c.id from desk_thread d join conversation c on c.id = d.conversation
     where d.channel = $1 and c.shard = any($2::smallint[])
       and d.opening <> c.owner_kind || ':' || coalesce(c.owner_id, '') || '@' || c.epoch || coalesce('!' || c.urgent, '')
     limit $3`,
    [channel, shards, limit],
  );
  return rows.map(({ id }) => id);
}

/** Whose thread it is. */
export async function conversationOfDeskThread(
  db: Database,
  channel: ChannelId,
  thread: string,
): Promise<ConversationId | undefined> {
  const { rows } = await db.query<{ conversation: ConversationId }>(
    'select conversation from desk_thread where channel = $1 and thread = $2',
    [channel, thread],
  );
  return rows[0]?.conversation;
}

/** Whoever has the conversation is at work in the channel, so it is not given back for want of a page. */
export async function attend(
  db: Database,
  channel: ChannelId,
  id: ConversationId,
  until: Date,
): Promise<void> {
  await db.query('update desk_thread set attended_until = $3 where channel = $1 and conversation = $2', [
    channel,
    id,
    until,
  ]);
}

/** The user of that e-mail, where they may answer clients. */
export async function operatorByEmail(db: Database, email: string): Promise<OperatorId | undefined> {
  const { rows } = await db.query<{ id: OperatorId; roles: Role[] }>(
    'select id, roles from users where lower(email) = $1 and disabled_at is null',
    [emailKey(email)],
  );
  const user = rows[0];
  return user && permissionsOf(user.roles).has('desk.answer') ? user.id : undefined;
}
