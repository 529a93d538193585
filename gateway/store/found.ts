import type { Evidence } from '../model/contact.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { ConversationRow } from './rows.ts';

/** Everything that a batch is decided on: read under locks, or known from the batches before. */
export interface Found {
  /** One a change; undefined for changes without a sender, and for senders who may not be taken. */
  readonly resolved: readonly (Resolved | undefined)[];
  readonly duplicates: ReadonlyMap<string, { conversation: ConversationId; seq: number }>;
  /** The plan changes these rows. */
  readonly conversations: readonly ConversationRow[];
  /** How many turns are due; 0 where it is not named. */
  readonly dueTurns: ReadonlyMap<ConversationId, number>;
  /** The newest conversation of contacts that have none open. */
  readonly previous: ReadonlyMap<ContactId, ConversationId>;
  /** Of each thread the newest last. */
  readonly bindings: readonly Binding[];
  readonly places: ReadonlyMap<ThreadId, Place>;
  /** The term of each shard. */
  readonly terms: ReadonlyMap<number, number>;
}

/** A contact's identity and thread, as found or made for a sender. */
export interface Resolved {
  readonly contact: ContactId;
  readonly identity: IdentityId;
  readonly thread: ThreadId;
  /** What is worth now; a proof counts for a while only. */
  readonly evidence: Evidence;
  /** How long the proof still counts, milliseconds; undefined where there is none. */
  readonly provedForMs?: number;
  readonly customer?: string;
  readonly name?: string;
  readonly username?: string;
}

export interface Binding {
  readonly thread: ThreadId;
  readonly conversation: ConversationId;
  readonly base: number;
  /** The number of the first event that is counted from this base. */
  readonly since: number;
  /** The number of the last event of that conversation. */
  readonly seq: number;
  /** Whether that conversation is open. */
  readonly isOpen: boolean;
  readonly boundAt: Date;
}

/** Where a thread is on its network. */
export interface Place {
  readonly channel: ChannelId;
  readonly identity: IdentityId;
  readonly externalThread: string;
}
