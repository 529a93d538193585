import { createListeners } from './listeners.ts';
import type { StoredTexts } from './stored-texts.ts';

/** A draft is either a reply to the client or a note for staff; the two never mix. */
export type DraftMode = 'reply' | 'note';

/** What was typed and not sent, per conversation and mode: it outlives reloads, switches and lost connections. */
export interface Drafts {
  read(conversation: string, mode: DraftMode): string;
  /** An empty text removes the draft. */
  write(conversation: string, mode: DraftMode, text: string): void;
  subscribe(listener: () => void): () => void;
}

/** Drafts over texts kept in the browser. */
export function createDrafts(texts: StoredTexts): Drafts {
  const listeners = createListeners();
  texts.onForeignChange(() => listeners.notify());
  const key = (conversation: string, mode: DraftMode) => `${conversation}:${mode}`;
  return {
    read: (conversation, mode) => texts.get(key(conversation, mode)) ?? '',
    write(conversation, mode, text) {
      texts.set(key(conversation, mode), text === '' ? undefined : text);
      listeners.notify();
    },
    subscribe: listeners.subscribe,
  };
}
