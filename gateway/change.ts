import type { Sender } from './connectors/inbound.ts';
import type { Conversation } from './model/conversation.ts';
import type { Delivery } from './model/delivery.ts';
import type { Event, NewEvent } from './model/events.ts';
import type { ChannelId, ConversationId, IdentityId, ThreadId } from './model/ids.ts';
import type { AnnouncedMedia } from './store/media.ts';

/** One change of one conversation: its events take effect together or not at all. */
export type Change = ChangeOfConversation | ChangeBySender;

interface ChangeParts {
  /** The same key takes effect once. `scope` is a channel's id, or `desk`. */
  readonly dedupe?: { readonly scope: string; readonly key: string };
  /** Media that its messages refer to and that are to be fetched. */
  readonly media?: readonly AnnouncedMedia[];
}

/** A change of a known conversation. */
export interface ChangeOfConversation extends ChangeParts {
  readonly conversation: ConversationId;
  readonly events: readonly NewEvent[];
  /** What it was decided under; where that no longer holds, nothing is written. */
  readonly expect?: { readonly epoch?: number; readonly version?: number; readonly seq?: number };
  /** The term under which this node works the conversation's shard; where that is over, nothing is written. */
  readonly term?: number;
  /** The due turn that this change answers; it is done with it. */
  readonly completes?: number;
}

/** What came from outside: into the contact's open conversation, or into a new one. */
export interface ChangeBySender extends ChangeParts {
  readonly channel: ChannelId;
  readonly sender: Sender;
  readonly events: (from: { identity: IdentityId; thread: ThreadId }) => readonly NewEvent[];
}

export type Changed =
  | {
      readonly outcome: 'committed';
      readonly conversation: Conversation;
      /** The change's own, and those of the turn that was answered within its commit. */
      readonly events: readonly Event[];
      /** Number of the last of the change's own events. */
      readonly seq: number;
      /** Position in its thread, by seq, of each event that its client sees. */
      readonly positions: ReadonlyMap<number, number>;
      readonly deliveries: readonly Delivery[];
      /** A turn of the conversation is due, asked for by these events or before. */
      readonly hasDueTurn: boolean;
      readonly revision: number;
    }
  | {
      readonly outcome: 'duplicate';
      readonly conversation: ConversationId;
      readonly seq: number;
      readonly position?: number;
    }
  /** What it expected no longer holds; `conversation` is as it is now. */
  | { readonly outcome: 'stale'; readonly conversation: Conversation }
  /** The conversation is over: messages and changes of owner come too late. */
  | { readonly outcome: 'closed'; readonly conversation: Conversation }
  | { readonly outcome: 'missing' }
  /** Its term is over: another node works the shard now. */
  | { readonly outcome: 'lost' };

/** A change that contradicts what is stored; a fault of its maker. The changes beside it are not harmed. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError';
}

/**
 * The one way to change a conversation. Resolves after the commit, one result a change, in order;
 * rejects when the store is away. Changes of all callers that wait together are committed together.
 */
export interface ChangeLog {
  commit(changes: readonly Change[]): Promise<readonly Changed[]>;
  /** Called after each commit, before `commit` resolves. */
  onCommitted(listener: (changed: Extract<Changed, { outcome: 'committed' }>) => void): void;
  /** Another node changed this conversation: what is remembered of it is read again. Without one: of all. */
  forget(conversation?: ConversationId): void;
}
