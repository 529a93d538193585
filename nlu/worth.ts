import type { WordFeatures } from './features.ts';
import type { Meaning } from './meaning.ts';
import type { Model } from './model.ts';
import { createRows } from './rows.ts';
import { sublinear } from './space.ts';
import type { WordVectors } from './vectors.ts';
import type { Layout } from './word-sums.ts';

/** What a word adds to a text's scores whatever stands beside it. */
export type WordWorth = WordFeatures & {
  /** Its known places, and how often the word has each. */
  readonly places: Int32Array;
  readonly counts: Uint8Array;
  /** The sum over the places of the squared values. */
  readonly square: number;
  /** How much of the text the word is, and how much of that is known. One letter says nothing. */
  readonly letters: number;
  readonly known: number;
  /** All that is linear, as the layout says. */
  readonly sums: Float32Array;
};

/** A word of more letters weighs as much as one of these. */
const mostLetters = 24;

/**
 * Makes the pure function from a word, and how it was written, to what it adds.
 * @param find the place of a hash in the model's space, or -1
 */
export function createWorth(
  model: Model,
  vectors: WordVectors,
  meaning: Meaning,
  layout: Layout,
  find: (hash: number) => number,
): (word: WordFeatures, written: string) => WordWorth {
  const { space } = model;
  const rows = createRows(model);
  const scores = new Float64Array(model.labels.length);
  return (word, written) => {
    const times = new Map<number, number>();
    for (const hash of word.hashes) {
      const place = find(hash);
      if (place >= 0) times.set(place, (times.get(place) ?? 0) + 1);
    }
    let square = 0;
    for (const [place, n] of times) {
      const value = (sublinear[n] as number) * (space.idf[place] as number);
      rows.gather(place, value);
      square += value * value;
    }
    rows.addTo(scores.fill(0));
    const sums = new Float32Array(layout.length);
    sums.set(scores);
    if (space.vectorWeight > 0 && word.row >= 0) {
      const vector = new Float32Array(space.dimensions);
      vectors.add(word.row, vector);
      meaning.spread(vector, sums);
    }
    return {
      ...word,
      ...familiarity(word, written, find),
      places: Int32Array.from(times.keys()),
      counts: Uint8Array.from(times.values()),
      square,
      sums,
    };
  };
}

/** A word that the model or the vectors know is known whole, any other by the share of its n-grams that phrases have. */
function familiarity(word: WordFeatures, written: string, find: (hash: number) => number) {
  const isWord = /^[\p{L}\p{Nd}]/u.test(written);
  const letters = isWord ? Math.min(mostLetters, word.isMark ? written.length : written.length - 1) : 0;
  if (word.isMark || word.row >= 0 || find(word.key) >= 0) return { letters, known: letters };
  const grams = word.hashes.slice(1);
  const shared = grams.filter((hash) => find(hash) >= 0).length;
  return { letters, known: grams.length === 0 ? 0 : (letters * shared) / grams.length };
}
