import type { DraftMode } from '../drafts.ts';

const EVENT = 'okno:compose';

/** Opens the reply or the note of the conversation on the page and puts the cursor into it. */
export function focusComposer(mode: DraftMode): void {
  window.dispatchEvent(new CustomEvent(EVENT, { detail: mode }));
}

/** Calls the listener when somebody wants to write. Returns the way to stop. */
export function onFocusComposer(listener: (mode: DraftMode) => void): () => void {
  const handle = (event: Event) => {
    if (event instanceof CustomEvent) listener(event.detail === 'note' ? 'note' : 'reply');
  };
  window.addEventListener(EVENT, handle);
  return () => window.removeEventListener(EVENT, handle);
}
