import type { Content, MediaKind } from '../model/content.ts';

/** What the client of a thread may see, for networks that are our own pages. */
export interface ClientView {
  /** The newest that the client sees, oldest first, at most `limit`; its last has the thread's head position. */
  newest(externalThread: string, limit: number): Promise<readonly ClientSeen[]>;
  /**
   * Calls the listener with everything after a position, in order and each once: first what the store has, then what
   * comes, after its commit. The thread need not exist yet. Returns the way to stop.
   */
  watch(
    externalThread: string,
    after: number,
    listener: (seen: ClientSeen | ClientSignal) => void,
  ): () => void;
}

export type ClientSeen = ClientMessage | ClientRevision;

export interface ClientMessage {
  readonly type: 'message';
  /** Rises along the thread, over all its conversations; not without gaps. */
  readonly position: number;
  /** The message's id, or the client's own id for what it sent. */
  readonly id: string;
  readonly from: 'client' | 'bot' | 'operator' | 'system';
  readonly content: readonly Content[];
  /** The media of the content, in its order; left out where there are none. */
  readonly files?: readonly ClientFile[];
  /** It asks for a number of so many digits. */
  readonly digits?: number;
  readonly at: Date;
  /** As far as it was read together with what changed it; what was deleted has no content any more. */
  readonly revised?: Revised;
}

/** What people of ours changed in a message. */
export interface Revised {
  readonly isEdited?: true;
  readonly isDeleted?: true;
  /** All of our reactions under it. */
  readonly reactions?: readonly string[];
}

/** A message was changed by people of ours. */
export interface ClientRevision extends Revised {
  readonly type: 'revision';
  /** As of a message. */
  readonly position: number;
  /** Position of the message. */
  readonly of: number;
  /** Of an edit: the new words. */
  readonly content?: readonly Content[];
}

export interface ClientFile {
  readonly kind: MediaKind;
  readonly name?: string;
  /** The true MIME type and bytes; undefined while the file has not come, or where it will not. */
  readonly type?: string;
  readonly size?: number;
  /** Path and query under which the client may fetch it for some days; undefined where there is nothing to fetch. */
  readonly path?: string;
  /** A page may show it in place; else it is a download. */
  readonly isShown: boolean;
}

export type ClientSignal =
  | { readonly type: 'typing'; readonly from: 'bot' | 'operator' }
  /** Who has the conversation now; told when watching begins and whenever it changes. */
  | { readonly type: 'answering'; readonly by: Answering };

/** `people`: an operator, or the queue where the conversation waits for one. */
export type Answering = 'bot' | 'people';
