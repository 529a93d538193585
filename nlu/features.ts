import type { Concepts } from './concepts.ts';
import { hashText, mix } from './hash.ts';
import { stemRussian } from './stem.ts';
import { isCyrillic, wordsOf } from './text.ts';
import type { WordVectors } from './vectors.ts';
import type { Writing } from './writing.ts';

/** What is looked at in a text. Every choice here is measured in docs/understanding.md. */
export type FeatureSettings = {
  /** Longest character n-gram inside a word's bounds, Latin and Cyrillic; 0 for none. */
  readonly latinGrams: number;
  readonly cyrillicGrams: number;
  /** Pairs of words in any order, at most this far apart; 0 for none. */
  readonly pairDistance: number;
  /** Weight of the block of banking concepts, and of the word vectors, beside the words' 1; 0 for none. */
  readonly concepts: number;
  readonly vectors: number;
  /** Whether directions of meaning count less in which texts of one intent differ. */
  readonly whitening: boolean;
  /** Whether all first names count as one and the same word. */
  readonly names: boolean;
};

export const defaultFeatures: FeatureSettings = {
  latinGrams: 5,
  cyrillicGrams: 4,
  pairDistance: 12,
  concepts: 1,
  vectors: 1,
  whitening: true,
  names: true,
};

/** Hashes of two blocks (words and character n-grams; concepts), one as often as it occurs, and a vector of the meaning. */
export type Features = {
  readonly words: Uint32Array;
  readonly concepts: Uint32Array;
  /** Of length 1; undefined where no word is known, or the vectors weigh nothing. */
  readonly vector: Float32Array | undefined;
  /** Whether most words are in Cyrillic script. */
  readonly cyrillic: boolean;
};

/** From a text and how it is written to its features. */
export type Extract = (writing: Writing) => Features;

/** Stands for every first name: an intent does not depend on which. */
const nameMark = '@';
/** Stands for every number. */
const numberMark = '#';

const seeds = { word: 11, pair: 13, gram: 14, concept: 15, conceptPair: 16 };
const maxGramWord = 24;
const maxPairs = 400;
const maxConcepts = 24;

/** All that a word gives by itself; kept for words seen before. */
type WordFeatures = {
  readonly key: number;
  /** The key and the character n-grams. */
  readonly hashes: readonly number[];
  readonly row: number;
  readonly concepts: readonly number[];
  readonly cyrillic: boolean;
};

/** So many words are kept; then it is begun anew, which bounds the memory and the life of what clients write. */
const maxKeptWords = 5000;

/**
 * Makes the pure function from a text to its features.
 * @param isName whether a folded word is a first name and hardly anything else
 */
export function createExtract(
  settings: FeatureSettings,
  vectors: WordVectors,
  concepts: Concepts,
  isName: (word: string) => boolean,
): Extract {
  const kept = new Map<string, WordFeatures>();
  const featuresOf = (word: string): WordFeatures => {
    const known = kept.get(word);
    if (known) return known;
    if (kept.size >= maxKeptWords) kept.clear();
    const made = readWord(word, settings, vectors, concepts, isName);
    kept.set(word, made);
    return made;
  };
  return (writing) => {
    const plain = wordsOf(writing.readable);
    const words = (writing.kind === 'translit' ? plain.map(writing.word) : plain).map(featuresOf);
    const hashes: number[] = [];
    let cyrillic = 0;
    for (const word of words) {
      for (const hash of word.hashes) hashes.push(hash);
      if (word.cyrillic) cyrillic++;
    }
    let pairs = 0;
    for (let i = 0; i < words.length && pairs < maxPairs; i++) {
      const a = words[i]?.key ?? 0;
      for (let j = i + 1; j < words.length && j - i <= settings.pairDistance; j++, pairs++) {
        const b = words[j]?.key ?? 0;
        hashes.push(mix(Math.min(a, b) ^ Math.imul(Math.max(a, b), 0x9e3779b1) ^ seeds.pair));
      }
    }
    return {
      words: Uint32Array.from(hashes),
      concepts: settings.concepts > 0 ? conceptsOf(words) : noHashes,
      vector: settings.vectors > 0 ? meaningOf(words, vectors) : undefined,
      cyrillic: cyrillic * 2 > words.length,
    };
  };
}

const noHashes = new Uint32Array(0);

function readWord(
  word: string,
  settings: FeatureSettings,
  vectors: WordVectors,
  concepts: Concepts,
  isName: (word: string) => boolean,
): WordFeatures {
  const cyrillic = isCyrillic(word);
  const mark = /^\p{Nd}/u.test(word) ? numberMark : settings.names && isName(word) ? nameMark : undefined;
  const key = hashText(mark ?? (cyrillic ? stemRussian(word) : word), seeds.word);
  if (mark) return { key, hashes: [key], row: -1, concepts: [], cyrillic };
  const hashes = [key];
  const longest = cyrillic ? settings.cyrillicGrams : settings.latinGrams;
  const bound = ` ${word.length > maxGramWord ? word.slice(0, maxGramWord) : word} `;
  for (let size = 2; size <= longest && size <= bound.length; size++) {
    for (let start = 0; start + size <= bound.length; start++) {
      hashes.push(hashText(bound, seeds.gram, start, start + size));
    }
  }
  return { key, hashes, row: vectors.find(word), concepts: concepts.of(word), cyrillic };
}

/** The concepts of a text, and all pairs of them in any order. */
function conceptsOf(words: readonly WordFeatures[]): Uint32Array {
  const hashes: number[] = [];
  const found = new Set<number>();
  for (const word of words) {
    for (const concept of word.concepts) {
      found.add(concept);
      hashes.push(mix(concept ^ (seeds.concept << 16)));
    }
  }
  const list = [...found].slice(0, maxConcepts).sort((a, b) => a - b);
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      hashes.push(mix(((list[i] ?? 0) << 12) ^ (list[j] ?? 0) ^ (seeds.conceptPair << 24)));
    }
  }
  return Uint32Array.from(hashes);
}

/** The weighted sum of the words' vectors, of length 1. */
function meaningOf(words: readonly WordFeatures[], vectors: WordVectors): Float32Array | undefined {
  const sum = new Float32Array(vectors.dimensions);
  let known = 0;
  for (const { row } of words) {
    if (row < 0) continue;
    vectors.add(row, sum);
    known++;
  }
  if (known === 0) return undefined;
  normalise(sum);
  return sum;
}

/** Scales a vector to length 1, in place; one of length 0 stays. */
export function normalise(vector: Float32Array): void {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return;
  const scale = 1 / Math.sqrt(square);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
}
