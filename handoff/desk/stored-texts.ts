/** Texts kept in the browser under one prefix. The memory is the truth of this page; the storage outlives it. */
export interface StoredTexts {
  get(key: string): string | undefined;
  set(key: string, text: string | undefined): void;
  /** Everything under the prefix, by key. */
  entries(): ReadonlyMap<string, string>;
  /** Called with the key after a change in another tab. Returns the way to stop. */
  onForeignChange(listener: (key: string) => void): () => void;
}

/** Texts kept in `storage`; where it is full or forbidden, they still hold until the page is left. */
export function createStoredTexts(storage: Storage, page: Window, prefix: string): StoredTexts {
  const texts = new Map<string, string>();
  for (let index = 0; index < storage.length; index += 1) {
    const name = storage.key(index);
    const text = name?.startsWith(prefix) ? storage.getItem(name) : null;
    if (name && text !== null) texts.set(name.slice(prefix.length), text);
  }
  return {
    get: (key) => texts.get(key),
    set(key, text) {
      if (text === undefined) texts.delete(key);
      else texts.set(key, text);
      try {
        if (text === undefined) storage.removeItem(prefix + key);
        else storage.setItem(prefix + key, text);
      } catch {
        // Full: what was typed stays in the memory of this page.
      }
    },
    entries: () => texts,
    onForeignChange(listener) {
      const onStorage = (event: StorageEvent) => {
        if (event.storageArea !== storage || !event.key?.startsWith(prefix)) return;
        const key = event.key.slice(prefix.length);
        if (event.newValue === null) texts.delete(key);
        else texts.set(key, event.newValue);
        listener(key);
      };
      page.addEventListener('storage', onStorage);
      return () => page.removeEventListener('storage', onStorage);
    },
  };
}
