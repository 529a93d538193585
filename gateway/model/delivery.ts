import type { ChannelId, ConversationId, DeliveryId, MessageId, ThreadId } from './ids.ts';
import type { Author } from './owner.ts';

/**
 * The fate of a delivery. `due`: waits for its next attempt; `attempting`: marked, the request may be out;
 * the rest are ends. `unknown` is an end only for what must not be resent by itself.
 */
export type DeliveryState = 'due' | 'attempting' | 'accepted' | 'rejected' | 'cancelled' | 'dead' | 'unknown';

/** The network's word after acceptance; it moves forward, never back. */
export type Receipt = 'sent' | 'delivered' | 'read' | 'failed';

/** The sending of one message, or of what changes it, on one thread. A row with a revision, not a part of the log. */
export interface Delivery {
  readonly id: DeliveryId;
  /** Its place among all deliveries, in the order of their commits; a thread's go out in this order. */
  readonly position: number;
  readonly conversation: ConversationId;
  /** Of the `message.sent` that it carries, or of the revision of a message by people of ours. */
  readonly seq: number;
  readonly message: MessageId;
  readonly thread: ThreadId;
  readonly channel: ChannelId;
  readonly author: Author;
  /** The epoch after the change that committed it. */
  readonly epoch: number;
  readonly once: boolean;
  readonly state: DeliveryState;
  readonly receipt?: Receipt;
  /** Attempts marked so far. */
  readonly attempts: number;
  /** A long message goes out in parts, each with attempts of its own; this many are accepted. */
  readonly partsAccepted: number;
  readonly dueAt: Date;
  /** Resent after an unknown outcome, so the contact may have it twice. */
  readonly possiblyTwice: boolean;
  /** Why it was retried, rejected, cancelled or given up; a short code. */
  readonly reason?: string;
  readonly revision: number;
}
