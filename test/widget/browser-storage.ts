/** The Web Storage interface in memory (https://html.spec.whatwg.org/multipage/webstorage.html#storage-2); `quota` in UTF-16 units. */
export function createBrowserStorage(quota = 5_000_000): Storage {
  const items = new Map<string, string>();
  const used = () => [...items].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => {
      items.delete(key);
    },
    clear: () => items.clear(),
    setItem(key, value) {
      if (used() + key.length + value.length > quota) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
  };
}
