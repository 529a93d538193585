/** Those who want to know of a change. */
export interface Listeners {
  subscribe(listener: () => void): () => void;
  notify(): void;
}

/** An empty set of listeners, in the form that React's external stores want. */
export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify() {
      for (const listener of listeners) listener();
    },
  };
}
