import type { Evidence } from '../model/contact.ts';
import type { KeptBytes } from '../model/content.ts';
import type { DeliveryState } from '../model/delivery.ts';
import type { Event } from '../model/events.ts';
import type {
  ActionId,
  ChannelId,
  ConversationId,
  DeliveryId,
  IdentityId,
  MessageId,
  MoveId,
  ThreadId,
} from '../model/ids.ts';
import type { Author } from '../model/owner.ts';
import type { AnnouncedMedia } from './media.ts';
import type { ConversationRow } from './rows.ts';

/** The rows that one batch writes. */
export interface Writes {
  /** What this node must still own while it writes. */
  readonly terms: { shard: number; term: number }[];
  readonly newConversations: ConversationRow[];
  readonly conversations: ConversationRow[];
  /**
   * Open conversations behind whose last event a thread of theirs goes on in another. Where that is not their last one any
   * more nothing is written; and a node that remembers one with the thread is told by its revision to read it again.
   */
  readonly overtaken: { id: ConversationId; seq: number }[];
  readonly bindings: {
    thread: ThreadId;
    conversation: ConversationId;
    base: number;
    since: number;
    bound_at: Date;
  }[];
  readonly events: Event[];
  readonly deliveries: NewDeliveryRow[];
  readonly outcomes: OutcomeRow[];
  /** Handoffs: deliveries of a bot that were decided before them, by an earlier batch, are cancelled. */
  readonly fences: { conversation: ConversationId; fence: number }[];
  readonly media: (Omit<AnnouncedMedia, 'kept'> & Partial<KeptBytes> & { readonly at: Date })[];
  readonly dueTurns: { conversation: ConversationId; seq: number }[];
  readonly doneTurns: { conversation: ConversationId; seq: number }[];
  readonly timers: { conversation: ConversationId; timer: string; due_at: string }[];
  readonly firedTimers: { conversation: ConversationId; timer: string }[];
  readonly actions: { id: ActionId; conversation: ConversationId; seq: number; repeatable: boolean }[];
  readonly endedActions: { id: ActionId; state: 'completed' | 'unknown' }[];
  readonly proofs: { identity: IdentityId; evidence: Evidence; customer: string; proved_at: Date }[];
  /** What brings a conversation to another channel; the newest of a conversation counts. */
  readonly moves: {
    id: MoveId;
    conversation: ConversationId;
    link: string;
    code: string;
    bucket: string;
    expires_at: string;
  }[];
  readonly dedupe: { scope: string; key: string; conversation: ConversationId; seq: number; at: Date }[];
}

/** What an attempt under way came to, and its delivery with it. */
export interface OutcomeRow {
  id: DeliveryId;
  number: number;
  outcome: string;
  external_id: string | undefined;
  other_ids: readonly string[] | undefined;
  state: DeliveryState;
  parts_accepted: number;
  due_at: Date;
  possibly_twice: boolean;
  reason: string | undefined;
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
  /** `attempting`: its first attempt is marked with it, and it is sent after the commit. */
  state: 'due' | 'attempting' | 'accepted' | 'cancelled';
  reason: string | null;
  due_at: Date;
  /** Of its conversation after the batch. */
  fence: number;
  /** Under which its attempt is marked. */
  term: number | null;
  /** The delivery of its thread that ends with this batch, so that this one is the next. */
  after: DeliveryId | null;
}

export function emptyWrites(): Writes {
  return {
    terms: [],
    newConversations: [],
    conversations: [],
    overtaken: [],
    bindings: [],
    events: [],
    deliveries: [],
    outcomes: [],
    fences: [],
    media: [],
    dueTurns: [],
    doneTurns: [],
    timers: [],
    firedTimers: [],
    actions: [],
    endedActions: [],
    proofs: [],
    moves: [],
    dedupe: [],
  };
}
