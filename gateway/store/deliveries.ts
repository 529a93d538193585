import type { Locale } from '../model/contact.ts';
import type { Content } from '../model/content.ts';
import type { Delivery, Receipt } from '../model/delivery.ts';
import type { EventType } from '../model/events.ts';
import type { ChannelId, ConversationId, DeliveryId, ThreadId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, toDelivery } from './rows.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What became of one attempt: how the attempt ended, and what the delivery is after it. */
export interface AttemptRecord {
  readonly delivery: DeliveryId;
  readonly number: number;
  readonly outcome: 'accepted' | 'rejected' | 'retry' | 'unknown';
  readonly externalId?: string;
  /** Of the further messages of an album. */
  readonly otherIds?: readonly string[];
  readonly after: Pick<Delivery, 'state' | 'partsAccepted' | 'dueAt' | 'possiblyTwice' | 'reason'>;
}

/** How an attempt of a delivery ended; `delivery` is as it was marked. */
export interface Outcome extends Omit<AttemptRecord, 'delivery' | 'number'> {
  readonly delivery: Delivery;
}

/** What a connector needs besides the delivery. */
export interface Message {
  readonly externalThread: string;
  /** Of an edit the new words. */
  readonly content: readonly Content[];
  readonly locale: Locale;
  /** It changes a message that stands there. */
  readonly revision?: Revision;
}

/** What people of ours did to a message. */
export interface Revision {
  readonly what: 'edited' | 'deleted' | 'reaction';
  /**
   * The message as the network knows it: for each request that it took, in order, the ids of the messages that came of
   * it, which are several of an album. None before it was accepted.
   */
  readonly targets: readonly (readonly string[])[];
  /** All that stand under it now from us. */
  readonly emoji: readonly string[];
}

/** A delivery that is to be attempted, and the term under which this node works its conversation's shard. */
export interface ToAttempt {
  readonly id: DeliveryId;
  readonly term: number;
}

/**
 * Marks an attempt of each delivery, before anything is sent. Undefined where none may be made: it is not due, an
 * earlier one of its thread is unfinished, a handoff overtook a bot's message, or this node no longer works the shard.
 */
export async function markAttempts(
  db: Database,
  attempts: readonly ToAttempt[],
  now: Date,
): Promise<readonly (Delivery | undefined)[]> {
  // The share locks make a handoff under way finish first, so that its fence is seen, and another node that takes the
  // shard wait, so that a term has ended when the next begins. Times of marks and of terms are the database's.
  const { rows } = await db.query<DeliveryRow>(
    `with asked as (
       select d.id, d.conversation, a.term from unnest($1::uuid[], $3::bigint[]) as a(id, term) join delivery d on d.id = a.id
     ), held as (
       select c.id, c.fence, s.term from conversation c join shard s on s.shard = c.shard
       where exists (select from asked a where a.conversation = c.id and a.term = s.term)
       order by c.id for share
     ), marked as (
       update delivery d set state = 'attempting', attempts = d.attempts + 1, revision = nextval('revision')
       from held join asked a on a.conversation = held.id and a.term = held.term
       where d.id = a.id and d.state = 'due' and d.due_at <= $2
         and (d.author_kind <> 'bot' or d.epoch >= held.fence)
         and not exists (select from delivery e
           where e.thread = d.thread and e.position < d.position and e.state in ('due', 'attempting'))
       returning ${DELIVERY_COLUMNS}, held.fence, held.term
     ), noted as (
       insert into attempt (delivery, number, part, epoch, fence, term, marked_at)
       select id, attempts, parts_accepted, epoch, fence, term, clock_timestamp() from marked
     )
     select * from marked`,
    [attempts.map(({ id }) => id), now, attempts.map(({ term }) => term)],
  );
  const byId = new Map(rows.map((row) => [row.id, toDelivery(row)]));
  return attempts.map(({ id }) => byId.get(id));
}

/** Records how attempts ended. Undefined where the attempt was not under way any more. */
export async function recordAttempts(
  db: Database,
  records: readonly AttemptRecord[],
  now: Date,
): Promise<readonly (Delivery | undefined)[]> {
  const values = records.map(({ delivery, number, outcome, externalId, otherIds, after }) => ({
    id: delivery,
    number,
    outcome,
    external_id: externalId,
    other_ids: otherIds,
    state: after.state,
    parts_accepted: after.partsAccepted,
    due_at: after.dueAt,
    possibly_twice: after.possiblyTwice,
    reason: after.reason,
  }));
  const { rows } = await db.query<DeliveryRow>(
    `with r as (
       select * from json_to_recordset($1::json) as r(id uuid, number smallint, outcome text, external_id text,
         other_ids jsonb, state text, parts_accepted smallint, due_at timestamptz, possibly_twice boolean, reason text)
     ), ended as (
       update attempt a set outcome = r.outcome, reason = r.reason, external_id = r.external_id, other_ids = r.other_ids, ended_at = $2
       from r where a.delivery = r.id and a.number = r.number and a.outcome is null
     )
     update delivery d set state = r.state, parts_accepted = r.parts_accepted, due_at = r.due_at,
       possibly_twice = r.possibly_twice, reason = r.reason, revision = nextval('revision')
     from r where d.id = r.id and d.attempts = r.number and d.state = 'attempting'
     returning ${DELIVERY_COLUMNS}`,
    [JSON.stringify(values), now],
  );
  const byId = new Map(rows.map((row) => [row.id, toDelivery(row)]));
  return records.map(({ delivery }) => byId.get(delivery));
}

/** Ends a delivery that will not be attempted: policy or a handoff forbids it. */
export async function cancelDelivery(
  db: Database,
  id: DeliveryId,
  reason: string,
): Promise<Delivery | undefined> {
  const { rows } = await db.query<DeliveryRow>(
    `update delivery d set state = 'cancelled', reason = $2, revision = nextval('revision')
     where d.id = $1 and d.state = 'due' returning ${DELIVERY_COLUMNS}`,
    [id, reason],
  );
  return rows[0] && toDelivery(rows[0]);
}

/** Bot's messages that a handoff overtook while an attempt of them was under way; each is cancelled. */
export async function cancelFenced(db: Database, thread: ThreadId): Promise<readonly Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `update delivery d set state = 'cancelled', reason = 'handed-off', revision = nextval('revision')
     from conversation c where c.id = d.conversation and d.thread = $1 and d.state = 'due'
       and d.author_kind = 'bot' and d.epoch < c.fence
     returning ${DELIVERY_COLUMNS}`,
    [thread],
  );
  return rows.map(toDelivery);
}

/** The unfinished deliveries of each thread, oldest first. */
export async function unfinishedOf(
  db: Database,
  threads: readonly ThreadId[],
): Promise<readonly (readonly Delivery[])[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from delivery d
     where d.thread = any($1::uuid[]) and d.state in ('due', 'attempting') order by d.position`,
    [threads],
  );
  const byThread = new Map<ThreadId, Delivery[]>(threads.map((thread) => [thread, []]));
  for (const row of rows) byThread.get(row.thread)?.push(toDelivery(row));
  return threads.map((thread) => byThread.get(thread) ?? []);
}

/** Threads with something unfinished of a conversation. */
export async function unfinishedIn(
  db: Database,
  conversation: ConversationId,
): Promise<readonly { thread: ThreadId; channel: ChannelId }[]> {
  const { rows } = await db.query<{ thread: ThreadId; channel: ChannelId }>(
    `select distinct thread, channel from delivery where conversation = $1 and state in ('due', 'attempting')`,
    [conversation],
  );
  return rows;
}

/** Threads of these channels with something unfinished in these shards, those that wait longest first. */
export async function unfinishedThreads(
  db: Database,
  channels: readonly ChannelId[],
  shards: readonly number[],
  limit: number,
): Promise<readonly { thread: ThreadId; channel: ChannelId }[]> {
  const { rows } = await db.query<{ thread: ThreadId; channel: ChannelId }>(
    `select d.thread, d.channel from delivery d join conversation c on c.id = d.conversation
     where d.state in ('due', 'attempting') and d.channel = any($1::text[]) and c.shard = any($2::smallint[])
     group by d.thread, d.channel order by min(d.due_at) limit $3`,
    [channels, shards, limit],
  );
  return rows;
}

/** Deliveries of these shards whose attempt was under way when its term ended, oldest first. */
export async function cutOffDeliveries(
  db: Database,
  shards: readonly number[],
): Promise<readonly Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from delivery d
     join attempt a on a.delivery = d.id and a.number = d.attempts
     join conversation c on c.id = d.conversation join shard s on s.shard = c.shard
     where d.state = 'attempting' and c.shard = any($1::smallint[]) and a.term < s.term order by d.position`,
    [shards],
  );
  return rows.map(toDelivery);
}

/** The content of each delivery's message and where it goes, as far as they exist; content is empty once it was erased. */
export async function messagesOf(
  db: Pick<Database, 'query'>,
  deliveries: readonly Delivery[],
): Promise<readonly (Message | undefined)[]> {
  // A lone text is said as it is, in whatever language.
  const { rows } = await db.query<{
    id: DeliveryId;
    external_thread: string;
    content: Content[] | null;
    locale: Locale | null;
    type: EventType;
    of: number | null;
    emoji: string[] | null;
    conversation: ConversationId;
  }>(
    `select asked.id, asked.conversation, t.external_thread, e.content, e.locale, e.type, e.of, e.emoji
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[]) as asked(id, thread, conversation, seq)
     join thread t on t.id = asked.thread
     cross join lateral (
       select type, body -> 'content' as content, (facts ->> 'of')::bigint as of, body -> 'emoji' as emoji, case when facts -> 'kinds' <> '["text"]'::jsonb
         then (select c.turn ->> 'locale' from conversation c where c.id = asked.conversation) end as locale
       from event where conversation = asked.conversation and seq = asked.seq limit 1
     ) e`,
    [
      deliveries.map(({ id }) => id),
      deliveries.map(({ thread }) => thread),
      deliveries.map(({ conversation }) => conversation),
      deliveries.map(({ seq }) => seq),
    ],
  );
  const targets = await targetsOf(db, rows);
  const byId = new Map(
    rows.map(
      ({ id, external_thread: externalThread, content, locale, type, emoji }): [DeliveryId, Message] => {
        const what = REVISIONS[type];
        const revision = what && { what, targets: targets.get(id) ?? [], emoji: emoji ?? [] };
        return [
          id,
          { externalThread, content: content ?? [], locale: locale ?? 'ru', ...(revision && { revision }) },
        ];
      },
    ),
  );
  return deliveries.map(({ id }) => byId.get(id));
}

const REVISIONS: Readonly<Partial<Record<EventType, Revision['what']>>> = {
  'message.edited': 'edited',
  'message.deleted': 'deleted',
  'reaction.changed': 'reaction',
};

/** The network's ids of what each revision changes: of a message of ours by its attempts, of the client's as it came. */
async function targetsOf(
  db: Pick<Database, 'query'>,
  rows: readonly { id: DeliveryId; conversation: ConversationId; of: number | null }[],
): Promise<ReadonlyMap<DeliveryId, Revision['targets']>> {
  const revisions = rows.filter(({ of }) => of !== null);
  if (revisions.length === 0) return new Map();
  const found = await db.query<{ id: DeliveryId; targets: Revision['targets'] }>(
    `select asked.id, coalesce(
       (select jsonb_agg(ids order by part) from (
         select distinct on (a.part) a.part, jsonb_build_array(a.external_id) || coalesce(a.other_ids, '[]') as ids
         from delivery d join attempt a on a.delivery = d.id
         where d.conversation = asked.conversation and d.seq = asked.of and a.external_id is not null
         order by a.part, a.number desc
       ) parts),
       (select jsonb_build_array(jsonb_build_array(body ->> 'externalId')) from event
         where conversation = asked.conversation and seq = asked.of and body ->> 'externalId' is not null),
       '[]') as targets
     from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as asked(id, conversation, of)`,
    [
      revisions.map(({ id }) => id),
      revisions.map(({ conversation }) => conversation),
      revisions.map(({ of }) => of),
    ],
  );
  return new Map(found.rows.map(({ id, targets }) => [id, targets]));
}

/**
 * Moves a delivery's receipt forward, never back: sent, delivered, read; `failed` only before delivered.
 * The network names it by its own id, or by our message id where the channel is our own page.
 * Undefined where it is unknown or says nothing new.
 */
export async function recordReceipt(
  db: Database,
  channel: ChannelId,
  id: string,
  receipt: Receipt,
): Promise<Delivery | undefined> {
  const { rows } = await db.query<DeliveryRow>(
    `update delivery d set receipt = $3, revision = nextval('revision')
     where d.channel = $1
       and d.id in (select delivery from attempt where external_id = $2
                    union select id from delivery where message = $4::uuid)
       and case $3 when 'failed' then coalesce(d.receipt, 'sent') = 'sent'
         else coalesce(array_position(array['sent', 'delivered', 'read'], d.receipt), 0)
              < array_position(array['sent', 'delivered', 'read'], $3) end
     returning ${DELIVERY_COLUMNS}`,
    [channel, id, receipt, UUID.test(id) ? id : null],
  );
  return rows[0] && toDelivery(rows[0]);
}
