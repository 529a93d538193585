import { z } from 'zod';
import type { ContactView, Evidence, Locale } from '../model/contact.ts';
import type { Conversation, TurnState } from '../model/conversation.ts';
import type { Delivery, DeliveryState, Receipt } from '../model/delivery.ts';
import type { Event, EventType } from '../model/events.ts';
import type {
  ChannelId,
  ContactId,
  ConversationId,
  DeliveryId,
  IdentityId,
  MessageId,
  OperatorId,
  QueueId,
  ThreadId,
} from '../model/ids.ts';
import type { Author, Owner } from '../model/owner.ts';

/** A row of `conversation` as the driver gives it. */
export interface ConversationRow {
  id: ConversationId;
  contact: ContactId;
  previous: ConversationId | null;
  shard: number;
  status: 'open' | 'closed';
  seq: number;
  version: number;
  epoch: number;
  fence: number;
  owner_kind: Owner['kind'];
  owner_id: string | null;
  owner_since: Date;
  /** Since when the client waits for a person of ours; see follows.ts. */
  waits_since: Date | null;
  thread: ThreadId | null;
  urgent: string | null;
  turn: TurnState;
  unread: number;
  last_message: number | null;
  last_handoff: number | null;
  last_at: Date;
  opened_at: Date;
  closed_at: Date | null;
  /** The contact as whose secondary conversation it is open; see secondary.ts. */
  secondary_to: ContactId | null;
  revision: number;
}

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    contact: row.contact,
    previous: row.previous ?? undefined,
    status: row.status,
    seq: row.seq,
    version: row.version,
    epoch: row.epoch,
    fence: row.fence,
    owner: toOwner(row.owner_kind, row.owner_id),
    thread: row.thread ?? undefined,
    urgent: row.urgent ?? undefined,
    turn: row.turn,
  };
}

/** The owner of a row's two columns; throws where they contradict, which the table's check forbids. */
export function toOwner(kind: Owner['kind'], id: string | null): Owner {
  switch (kind) {
    case 'bot':
    case 'nobody':
      return { kind };
    case 'queue':
      return { kind, queue: required(id) as QueueId };
    case 'operator':
      return { kind, operator: required(id) as OperatorId };
  }
}

function required(id: string | null): string {
  if (id === null) throw new Error('conversation.owner_id is empty where the owner has one');
  return id;
}

/** A row of `event`. */
export interface EventRow {
  conversation: ConversationId;
  seq: number;
  at: Date;
  type: EventType;
  schema: number;
  facts: unknown;
  body: unknown;
}

/** The event of a row. Facts and body were checked by the types that wrote them, so they are trusted here. */
export function toEvent(row: EventRow): Event {
  const { conversation, seq, at, type, facts, body } = row;
  return { conversation, seq, at, type, facts, body: body ?? undefined } as Event;
}

/** A row of `delivery`. */
export interface DeliveryRow {
  id: DeliveryId;
  position: number;
  conversation: ConversationId;
  seq: number;
  message: MessageId;
  thread: ThreadId;
  channel: ChannelId;
  author_kind: Author['kind'];
  author_id: string | null;
  epoch: number;
  once: boolean;
  state: DeliveryState;
  receipt: Receipt | null;
  attempts: number;
  parts_accepted: number;
  due_at: Date;
  possibly_twice: boolean;
  reason: string | null;
  revision: number;
}

export const DELIVERY_COLUMNS = `d.id, d.position, d.conversation, d.seq, d.message, d.thread, d.channel,
  d.author_kind, d.author_id, d.epoch, d.once, d.state, d.receipt, d.attempts, d.parts_accepted, d.due_at,
  d.possibly_twice, d.reason, d.revision`;

/** What is known of a delivery only after its first attempt, and what the database numbers. */
type Progress = Pick<
  DeliveryRow,
  'position' | 'state' | 'receipt' | 'attempts' | 'parts_accepted' | 'possibly_twice' | 'revision'
>;

export function toDelivery(row: DeliveryRow): Delivery {
  return deliveryOf(row, row);
}

/** A delivery that is made now: nothing was tried before, and `attempts` is 1 where the first one is marked with it. */
export function newDelivery(
  row: Omit<DeliveryRow, keyof Progress>,
  { position, state, revision }: Pick<Progress, 'position' | 'state' | 'revision'>,
): Delivery {
  const attempts = state === 'attempting' ? 1 : 0;
  const untried = { receipt: null, attempts, parts_accepted: 0, possibly_twice: false };
  return deliveryOf(row, { position, state, revision, ...untried });
}

function deliveryOf(row: Omit<DeliveryRow, keyof Progress>, progress: Progress): Delivery {
  return {
    id: row.id,
    position: progress.position,
    conversation: row.conversation,
    seq: row.seq,
    message: row.message,
    thread: row.thread,
    channel: row.channel,
    author: toAuthor(row.author_kind, row.author_id),
    epoch: row.epoch,
    once: row.once,
    state: progress.state,
    receipt: progress.receipt ?? undefined,
    attempts: progress.attempts,
    partsAccepted: progress.parts_accepted,
    dueAt: row.due_at,
    possiblyTwice: progress.possibly_twice,
    reason: row.reason ?? undefined,
    revision: progress.revision,
  };
}

function toAuthor(kind: Author['kind'], id: string | null): Author {
  return kind === 'operator' ? { kind, operator: z.string().parse(id) as OperatorId } : { kind };
}

/** What a turn may know of a contact, from what is stored of the identity that it came from. */
export function toContactView(
  from: {
    readonly identity: IdentityId;
    readonly channel: ChannelId;
    readonly evidence: Evidence;
    readonly name?: string | null;
    readonly username?: string | null;
  },
  id: ContactId,
  locale: Locale | undefined,
): ContactView {
  const { identity, channel, evidence } = from;
  const name = from.name ?? undefined;
  const username = from.username ?? undefined;
  return { id, name, locale, identity: { id: identity, channel, evidence, name, username } };
}
