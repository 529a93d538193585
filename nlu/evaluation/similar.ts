import { stemRussian } from '../stem.ts';
import { isCyrillic, wordsOf } from '../text.ts';

/** Two texts by their places in the list, and the share of their words that both have (Jaccard, 0..1). */
export type SimilarPair = { readonly first: number; readonly second: number; readonly similarity: number };

/** The stems of a text, each once, in no order. */
export const stemsOf = (text: string): string[] => [
  ...new Set(wordsOf(text).map((word) => (isCyrillic(word) ? stemRussian(word) : word))),
];

/**
 * All pairs of texts that share at least `least` of their words, in any order and inflection. Texts of one word are only
 * like themselves. By prefix filtering: two sets that share so much have one of each other's rarest words in common
 * (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins in data cleaning", 2006).
 */
export function similarPairs(texts: readonly string[], least: number): SimilarPair[] {
  const sets = texts.map(stemsOf);
  const commonness = new Map<string, number>();
  for (const set of sets) for (const stem of set) commonness.set(stem, (commonness.get(stem) ?? 0) + 1);
  const byRarity = (a: string, b: string) =>
    (commonness.get(a) ?? 0) - (commonness.get(b) ?? 0) || (a < b ? -1 : 1);
  const seen = new Map<string, number[]>();
  const pairs: SimilarPair[] = [];
  sets.forEach((set, second) => {
    set.sort(byRarity);
    const own = new Set(set);
    const candidates = new Set<number>();
    for (const stem of set.slice(0, set.length - Math.ceil(least * set.length - 1e-9) + 1)) {
      const before = seen.get(stem);
      if (!before) {
        seen.set(stem, [second]);
        continue;
      }
      for (const first of before) candidates.add(first);
      before.push(second);
    }
    for (const first of candidates) {
      const other = sets[first] ?? [];
      const shared = other.filter((stem) => own.has(stem)).length;
      const similarity = shared / (set.length + other.length - shared);
      if (similarity >= least) pairs.push({ first, second, similarity });
    }
  });
  return pairs;
}
