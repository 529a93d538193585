import type { Delivery } from './model/delivery.ts';
import type { ChannelId, ConversationId, IdentityId, OperatorId, ThreadId } from './model/ids.ts';

/** What pages and sockets are told, after its commit: ids, numbers and states. What was said is read from the store. */
export type Update =
  | {
      readonly type: 'committed';
      readonly conversation: ConversationId;
      /** The number of its last event. */
      readonly seq: number;
      /** Of the conversation's row in lists. */
      readonly revision: number;
      /** Threads in which something was said. */
      readonly threads: readonly ThreadId[];
      /** Threads that were bound to the conversation. */
      readonly bound: readonly { readonly thread: ThreadId; readonly channel: ChannelId }[];
      readonly changesOwner?: true;
      /** Identities that were linked with its contact, or parted from it. */
      readonly linked?: readonly IdentityId[];
    }
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | {
      readonly type: 'typing';
      readonly conversation: ConversationId;
      readonly thread: ThreadId;
      readonly from: 'client' | 'bot' | 'operator';
      /** What a caller is saying. Shown by this node's pages alone: words of clients do not go to other nodes. */
      readonly words?: string;
      /** Which operator, where it is one. */
      readonly operator?: OperatorId | undefined;
    }
  /** Updates of the last while were missed, up to this many milliseconds back: what is shown is compared with the store. */
  | { readonly type: 'gap'; readonly sinceMs: number };

/**
 * Updates to whoever listens, of all nodes. A listener may miss some or get two of a conversation out of order: it
 * finds gaps by `seq` and `revision`, or is told of a gap, and reads the store.
 */
export interface Live {
  publish(update: Update): void;
  /** Calls the listener with every update. Returns the way to stop. */
  listen(listener: (update: Update) => void): () => void;
}

/** Live updates within one process. `onError` hears of a listener that threw; the others are still called. */
export function createLive(onError: (error: unknown) => void): Live {
  const listeners = new Set<(update: Update) => void>();
  return {
    publish(update) {
      for (const listener of listeners) {
        try {
          listener(update);
        } catch (error) {
          onError(error);
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
