import type { Content } from '../model/content.ts';

/** What the client of a thread may see, for networks that are our own pages. */
export interface ClientView {
  /** The newest that the client sees, oldest first, at most `limit`; its last has the thread's head position. */
  newest(externalThread: string, limit: number): Promise<readonly ClientMessage[]>;
  /**
   * Calls the listener with everything after a position, in order and each once: first what the store has, then what
   * comes, after its commit. The thread need not exist yet. Returns the way to stop.
   */
  watch(
    externalThread: string,
    after: number,
    listener: (seen: ClientMessage | ClientSignal) => void,
  ): () => void;
}

export interface ClientMessage {
  readonly type: 'message';
  /** Rises along the thread, over all its conversations; not without gaps. */
  readonly position: number;
  /** The message's id, or the client's own id for what it sent. */
  readonly id: string;
  readonly from: 'client' | 'bot' | 'operator' | 'system';
  readonly content: readonly Content[];
  readonly at: Date;
}

export type ClientSignal =
  | { readonly type: 'typing'; readonly from: 'bot' | 'operator' }
  /** Who has the conversation now; told when watching begins and whenever it changes. */
  | { readonly type: 'answering'; readonly by: Answering };

/** `people`: an operator, or the queue where the conversation waits for one. */
export type Answering = 'bot' | 'people';
