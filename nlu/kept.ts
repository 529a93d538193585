/** What was worked out for words, kept for when they come again: bank talk repeats its words. */
export type Kept<Value> = { get(word: string): Value };

/**
 * Remembers what `make` gave, for at least `least` and at most twice as many words of those asked for last. Bounded, so
 * that neither memory nor the life of what clients write grows.
 * @param make pure: its value must depend on the word alone
 */
export function keep<Value>(least: number, make: (word: string) => Value): Kept<Value> {
  let recent = new Map<string, Value>();
  let older = new Map<string, Value>();
  return {
    get(word) {
      const found = recent.get(word);
      if (found !== undefined) return found;
      const value = older.get(word) ?? make(word);
      if (recent.size >= least) {
        older = recent;
        recent = new Map();
      }
      recent.set(word, value);
      return value;
    },
  };
}
