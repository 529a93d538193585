/** What the frame keeps on the client's device: a few short strings. */
export interface FrameStorage {
  get(name: string): string | undefined;
  /** Undefined removes it. */
  set(name: string, value: string | undefined): void;
  /** Names that begin so. */
  names(beginning: string): string[];
  /** The name within this channel of a key that another tab has changed; undefined for keys of others. */
  nameOf(key: string | null): string | undefined;
}

/**
 * Keeps in the browser's storage under names of the channel's own. Where the browser forbids storage, or it is full,
 * it lasts as long as the page.
 */
export function createFrameStorage(storage: Storage | undefined, channel: string): FrameStorage {
  const prefix = `okno:${channel}:`;
  const own = new Map<string, string>();
  return {
    get(name) {
      return own.get(name) ?? storage?.getItem(prefix + name) ?? undefined;
    },
    set(name, value) {
      own.delete(name);
      if (value === undefined) {
        storage?.removeItem(prefix + name);
        return;
      }
      try {
        if (!storage) throw new Error('no storage');
        storage.setItem(prefix + name, value);
      } catch {
        own.set(name, value);
      }
    },
    names(beginning) {
      const names = new Set([...own.keys()].filter((name) => name.startsWith(beginning)));
      for (let index = 0; index < (storage?.length ?? 0); index += 1) {
        const key = storage?.key(index);
        if (key?.startsWith(prefix + beginning)) names.add(key.slice(prefix.length));
      }
      return [...names];
    },
    nameOf(key) {
      return key?.startsWith(prefix) ? key.slice(prefix.length) : undefined;
    },
  };
}
