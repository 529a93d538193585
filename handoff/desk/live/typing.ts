import { createListeners } from '../listeners.ts';

const SHOWN_MS = 6000;

/** Who is typing where. A signal holds for a few seconds, unless it is repeated or a message comes first. */
export interface TypingSignals {
  mark(conversation: string, from: 'client' | 'operator'): void;
  clear(conversation: string): void;
  of(conversation: string): 'client' | 'operator' | undefined;
  subscribe(listener: () => void): () => void;
}

/** No signals yet. */
export function createTypingSignals(): TypingSignals {
  const listeners = createListeners();
  const marked = new Map<string, { from: 'client' | 'operator'; timer: ReturnType<typeof setTimeout> }>();
  const clear = (conversation: string) => {
    clearTimeout(marked.get(conversation)?.timer);
    if (marked.delete(conversation)) listeners.notify();
  };
  return {
    mark(conversation, from) {
      clearTimeout(marked.get(conversation)?.timer);
      marked.set(conversation, { from, timer: setTimeout(() => clear(conversation), SHOWN_MS) });
      listeners.notify();
    },
    clear,
    of: (conversation) => marked.get(conversation)?.from,
    subscribe: listeners.subscribe,
  };
}
