import type { Content } from '../../model/content.ts';
import type { DeliveryState, Receipt } from '../../model/delivery.ts';
import type { Revised } from './revisions.ts';

/** Owner of a conversation as pages show it: an operator comes with the name. */
export type ShownOwner =
  | { readonly kind: 'bot' }
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'operator'; readonly operator: string; readonly name: string }
  | { readonly kind: 'nobody' };

/** What became of a message of ours. */
export interface ShownDelivery {
  readonly state: DeliveryState;
  readonly receipt?: Receipt;
  readonly reason?: string;
  readonly possiblyTwice: boolean;
  readonly revision: number;
}

interface ShownAt {
  /** Orders the transcript and is unique in it. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface ShownMessage extends ShownAt {
  readonly type: 'message';
  readonly from: 'client' | 'bot' | 'operator' | 'system';
  readonly by?: string;
  readonly channel: string;
  readonly content: readonly Content[];
  readonly erased: boolean;
  readonly clientId?: string;
  readonly delivery?: ShownDelivery;
  /** It is the new wording of a message that we never got. */
  readonly edited?: true;
  /** Made by the page of the revisions among the items. */
  readonly revised?: Revised;
}

/** What became of the message with the number `of`. */
export interface ShownRevision extends ShownAt {
  readonly type: 'revision';
  readonly of: number;
  readonly what: 'edited' | 'deleted' | 'reaction' | 'labelled';
  readonly by: 'client' | 'bot' | 'operator' | 'system';
  readonly content: readonly Content[];
  readonly emoji: readonly string[];
  /** Of a revision by an operator. */
  readonly delivery?: ShownDelivery;
  /** Of a label: the intent; null where it was taken back. */
  readonly intent?: string | null;
}

export interface ShownNote extends ShownAt {
  readonly type: 'note';
  readonly by: string;
  readonly text: string;
  readonly clientId?: string;
}

export interface ShownOwnerChange extends ShownAt {
  readonly type: 'owner';
  readonly from: ShownOwner;
  readonly to: ShownOwner;
  readonly reason: string;
}

export interface ShownEvent extends ShownAt {
  readonly type: 'line';
  /** The event's type. */
  readonly what: string;
  readonly detail: Readonly<Record<string, string>>;
}

/** One line of a transcript, as the API gives it. */
export type ShownItem = ShownMessage | ShownRevision | ShownNote | ShownOwnerChange | ShownEvent;

/** A reply or note of this page that the hub has not yet shown back. */
export interface Outgoing {
  /** Made here; the hub counts it once, and gives it back as `clientId`. */
  readonly id: string;
  readonly mode: 'reply' | 'note';
  readonly text: string;
  /** Names of the files that go with it, by id. */
  readonly files?: readonly { readonly id: string; readonly name: string }[];
  readonly at: string;
  /** `waiting`: the connection failed, it goes out by itself; `failed`: refused, `code` says why. */
  readonly state: 'sending' | 'waiting' | 'sent' | 'failed';
  readonly code?: string;
}
