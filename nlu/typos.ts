import type { ReadWord } from './features.ts';

/** Shorter words are left alone: too many real ones are a letter apart. */
const shortest = 4;
const longest = 24;

/** Of a long list the commonest words are enough, and bound the memory. */
const mostWords = 20_000;

/** From a folded word that nobody knows to the known word that it was meant to be, or undefined. */
export type Repair = (word: string) => string | undefined;

/**
 * Finds the word of a vocabulary that is one slip away: a letter too many, too few, another one, or two that changed
 * places. Words with the same string behind the loss of a letter are candidates (Garbe's SymSpell); the commonest wins.
 * @param vocabulary folded words, the commonest first
 */
export function createRepair(vocabulary: readonly string[]): Repair {
  let index: ReadonlyMap<string, readonly number[]> | undefined;
  return (word) => {
    if (word.length < shortest || word.length > longest) return undefined;
    index ??= indexOf(vocabulary);
    let best = vocabulary.length;
    for (const key of shortened(word)) {
      for (const at of index.get(key) ?? []) {
        if (at < best && isOneSlip(word, vocabulary[at] ?? '')) best = at;
      }
    }
    return vocabulary[best];
  };
}

function indexOf(vocabulary: readonly string[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  vocabulary.forEach((word, at) => {
    if (word.length < shortest || word.length > longest) return;
    for (const key of shortened(word)) {
      const found = index.get(key);
      if (found) found.push(at);
      else index.set(key, [at]);
    }
  });
  return index;
}

/** The word, and the word without each of its letters. */
function shortened(word: string): Set<string> {
  const all = new Set([word]);
  for (let i = 0; i < word.length; i++) all.add(word.slice(0, i) + word.slice(i + 1));
  return all;
}

/** Whether one letter was added, lost or changed, or two neighbours changed places. */
export function isOneSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  let shortEnd = short.length;
  let longEnd = long.length;
  while (shortEnd > from && short[shortEnd - 1] === long[longEnd - 1]) {
    shortEnd--;
    longEnd--;
  }
  if (shortEnd - from <= 1 && longEnd - from <= 1) return true;
  return (
    shortEnd - from === 2 &&
    longEnd - from === 2 &&
    short[from] === long[from + 1] &&
    short[from + 1] === long[from]
  );
}

/**
 * The words to repair towards, the commonest first: those of several texts, or known elsewhere, so that the slips of
 * training phrases are not among them.
 * @param texts the folded words of each training text
 */
export function vocabularyOf(
  texts: readonly (readonly string[])[],
  isKnown: (word: string) => boolean,
): string[] {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .filter(([word, n]) => word.length >= shortest && /^\p{L}/u.test(word) && (n > 1 || isKnown(word)))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, mostWords)
    .map(([word]) => word);
}

/**
 * Reads a word that neither the model nor the word vectors know as the word that it was meant to be.
 * @param knows whether the model knows a word's key
 */
export function createReadMeant(
  readWord: ReadWord,
  repair: Repair,
  knows: (key: number) => boolean,
): ReadWord {
  return (word) => {
    const plain = readWord(word);
    if (plain.isMark || plain.row >= 0 || knows(plain.key)) return plain;
    const meant = repair(word);
    return meant === undefined ? plain : readWord(meant);
  };
}
