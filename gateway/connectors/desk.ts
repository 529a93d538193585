import type { SendOutcome } from './outgoing.ts';

/** One thing that an operator did on a network that serves as a desk. */
export interface DeskInput {
  /** Made by the network: the same key takes effect once. */
  readonly dedupeKey: string;
  /** The network's id of the operator. */
  readonly externalUser: string;
  /** The desk's thread of the conversation, as the `externalId` of its opening post named it. */
  readonly deskThread: string;
  readonly did:
    | {
        readonly type: 'act';
        readonly act: DeskAct;
        /** Of the conversation as the button showed it. */
        readonly epoch: number;
      }
    | { readonly type: 'said'; readonly text: string };
}

export type DeskAct = 'take' | 'return' | 'close';

/** A post in the desk's channel. Plain text: no markup is read in it. */
export interface DeskPost {
  readonly text: string;
  readonly buttons?: readonly { readonly act: DeskAct; readonly epoch: number; readonly text: string }[];
}

/** What a network that serves operators as a desk can do. Nothing of it is shown to clients. */
export interface DeskNetwork {
  /** Posts into a thread, or without one opens it; the outcome's `externalId` then names the thread. */
  post(post: DeskPost, deskThread: string | undefined, signal: AbortSignal): Promise<SendOutcome>;
  /** Puts another post in the place of the one that opened a thread. */
  replaceOpening(post: DeskPost, deskThread: string, signal: AbortSignal): Promise<SendOutcome>;
  /** Shows a text to one operator only. It may be lost. */
  whisper(text: string, externalUser: string, deskThread: string): Promise<void>;
  /** The address by which an operator is known among our users; undefined where the network has none. */
  emailOf(externalUser: string, signal: AbortSignal): Promise<string | undefined>;
}
