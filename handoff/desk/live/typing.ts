import { createListeners } from '../listeners.ts';

const SHOWN_MS = 6000;

/** Who is typing, or of a caller saying, where. A signal holds for a few seconds, unless it is repeated or a message comes first. */
export interface TypingSignals {
  /** `words`: what a caller is saying. */
  mark(conversation: string, from: 'client' | 'operator', words?: string): void;
  clear(conversation: string): void;
  of(conversation: string): 'client' | 'operator' | undefined;
  wordsOf(conversation: string): string | undefined;
  subscribe(listener: () => void): () => void;
}

/** No signals yet. */
export function createTypingSignals(): TypingSignals {
  const listeners = createListeners();
  const marked = new Map<
    string,
    { from: 'client' | 'operator'; words: string | undefined; timer: ReturnType<typeof setTimeout> }
  >();
  const clear = (conversation: string) => {
    clearTimeout(marked.get(conversation)?.timer);
    if (marked.delete(conversation)) listeners.notify();
  };
  return {
    mark(conversation, from, words) {
      clearTimeout(marked.get(conversation)?.timer);
      marked.set(conversation, { from, words, timer: setTimeout(() => clear(conversation), SHOWN_MS) });
      listeners.notify();
    },
    clear,
    of: (conversation) => marked.get(conversation)?.from,
    wordsOf: (conversation) => marked.get(conversation)?.words,
    subscribe: listeners.subscribe,
  };
}
