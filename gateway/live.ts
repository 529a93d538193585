import type { Conversation } from './model/conversation.ts';
import type { Delivery } from './model/delivery.ts';
import type { Event } from './model/events.ts';
import type { ConversationId, OperatorId, ThreadId } from './model/ids.ts';

/** What pages and sockets are told, after its commit. */
export type Update =
  | {
      readonly type: 'committed';
      /** As it is after the last of `events`. */
      readonly conversation: Conversation;
      readonly events: readonly Event[];
      /** Of the conversation's row in lists. */
      readonly revision: number;
      /** Position in its thread, by seq, of each event that its client sees. */
      readonly positions: ReadonlyMap<number, number>;
    }
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | {
      readonly type: 'typing';
      readonly conversation: ConversationId;
      readonly thread: ThreadId;
      readonly from: 'client' | 'bot' | 'operator';
      /** Which operator, where it is one. */
      readonly operator?: OperatorId;
    };

/**
 * Updates to whoever listens, on this node. A listener may miss some or get two of a conversation out of order:
 * it finds gaps by `seq` and `revision` and reads the store.
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
