import type { Concepts } from './concepts.ts';
import { hashText, mix } from './hash.ts';
import { keep } from './kept.ts';
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
  /** Longest run of neighbouring words in their order, where the ends of the text are words too; 0 for none. */
  readonly runLength: number;
  /**
   * Weight of the block of banking concepts, of the word vectors, and of their products (of more than 16 intents), beside
   * the words' 1; 0 for none.
   */
  readonly concepts: number;
  readonly vectors: number;
  readonly products: number;
  /** Whether directions of meaning count less in which texts of one intent differ. */
  readonly whitening: boolean;
  /** Whether all first names count as one and the same word. */
  readonly names: boolean;
};

export const defaultFeatures: FeatureSettings = {
  latinGrams: 5,
  cyrillicGrams: 4,
  pairDistance: 12,
  runLength: 0,
  concepts: 0.8,
  vectors: 0.8,
  whitening: true,
  products: 0.4,
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

/** Stands for every first name: an intent does not depend on which. */
const nameMark = '@';
/** Stands for every number. */
const numberMark = '#';

const seeds = { word: 11, pair: 13, gram: 14, concept: 15, conceptPair: 16, run: 17, begin: 18, end: 19 };
const maxGramWord = 24;
const maxPairs = 400;
const maxConcepts = 24;
const keptWords = 4000;

/** All that a word gives by itself. */
export type WordFeatures = {
  readonly key: number;
  /** Whether it stands for all numbers, or for all first names. */
  readonly isMark: boolean;
  /** The key and the character n-grams. */
  readonly hashes: readonly number[];
  /** Of the word vectors, or -1. */
  readonly row: number;
  readonly concepts: readonly number[];
  readonly cyrillic: boolean;
};

/** From a folded word to what it gives. */
export type ReadWord = (word: string) => WordFeatures;

/**
 * Makes the pure function from a word to its features.
 * @param isName whether a folded word is a first name and hardly anything else
 */
export function createReadWord(
  settings: FeatureSettings,
  vectors: WordVectors,
  concepts: Concepts,
  isName: (word: string) => boolean,
): ReadWord {
  return (word) => {
    const cyrillic = isCyrillic(word);
    const mark = /^\p{Nd}/u.test(word) ? numberMark : settings.names && isName(word) ? nameMark : undefined;
    const key = hashText(mark ?? (cyrillic ? stemRussian(word) : word), seeds.word);
    if (mark) return { key, isMark: true, hashes: [key], row: -1, concepts: [], cyrillic };
    const hashes = [key];
    const longest = cyrillic ? settings.cyrillicGrams : settings.latinGrams;
    const bound = ` ${word.length > maxGramWord ? word.slice(0, maxGramWord) : word} `;
    for (let size = 2; size <= longest && size <= bound.length; size++) {
      for (let start = 0; start + size <= bound.length; start++) {
        hashes.push(hashText(bound, seeds.gram, start, start + size));
      }
    }
    const concept = concepts.of(word);
    return { key, isMark: false, hashes, row: vectors.find(word), concepts: concept, cyrillic };
  };
}

/** Makes the pure function from a text, as it is written, to its features. */
export function createExtract(
  settings: FeatureSettings,
  vectors: WordVectors,
  readWord: ReadWord,
): (writing: Writing) => Features {
  const kept = keep(keptWords, readWord);
  return (writing) => {
    const words = readWords(writing).map(kept.get);
    const hashes: number[] = words.flatMap((word) => word.hashes);
    eachPair(words, settings.pairDistance, (hash) => hashes.push(hash));
    eachRun(words, settings.runLength, (hash) => hashes.push(hash));
    const concepts: number[] = [];
    if (settings.concepts > 0) eachConcept(words, (hash) => concepts.push(hash));
    return {
      words: Uint32Array.from(hashes),
      concepts: Uint32Array.from(concepts),
      vector: settings.vectors > 0 ? meaningOf(words, vectors) : undefined,
      cyrillic: isMostlyCyrillic(words),
    };
  };
}

/** The folded words of a text as they were meant. */
export function readWords(writing: Writing): string[] {
  const words = wordsOf(writing.readable);
  return writing.kind === 'translit' ? words.map(writing.word) : words;
}

/** Whether most words are in Cyrillic script. */
export function isMostlyCyrillic(words: readonly WordFeatures[]): boolean {
  let cyrillic = 0;
  for (const word of words) if (word.cyrillic) cyrillic++;
  return cyrillic * 2 > words.length;
}

/** The hashes of pairs of words in any order, at most `distance` apart. */
export function eachPair(
  words: readonly WordFeatures[],
  distance: number,
  use: (hash: number) => void,
): void {
  let pairs = 0;
  for (let i = 0; i < words.length && pairs < maxPairs; i++) {
    const a = words[i]?.key ?? 0;
    for (let j = i + 1; j < words.length && j - i <= distance; j++, pairs++) {
      const b = words[j]?.key ?? 0;
      use(mix(Math.min(a, b) ^ Math.imul(Math.max(a, b), 0x9e3779b1) ^ seeds.pair));
    }
  }
}

/** The hashes of the runs of two to `longest` neighbouring words in their order; the text's beginning and end count as words. */
export function eachRun(words: readonly WordFeatures[], longest: number, use: (hash: number) => void): void {
  for (let start = -1; start < words.length; start++) {
    let hash = start < 0 ? seeds.begin : (words[start]?.key ?? 0);
    for (let i = start + 1; i < start + longest && i <= words.length; i++) {
      const key = i === words.length ? seeds.end : (words[i]?.key ?? 0);
      hash = mix(Math.imul(hash, 0x9e3779b1) ^ key ^ (seeds.run << 16));
      use(hash);
    }
  }
}

/** The hashes of a text's concepts, as often as they are named, and of all pairs of them in any order. */
export function eachConcept(words: readonly WordFeatures[], use: (hash: number) => void): void {
  const list: number[] = [];
  for (const word of words) {
    for (const concept of word.concepts) {
      if (list.length < maxConcepts && !list.includes(concept)) list.push(concept);
      use(mix(concept ^ (seeds.concept << 16)));
    }
  }
  list.sort((a, b) => a - b);
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      use(mix(((list[i] ?? 0) << 12) ^ (list[j] ?? 0) ^ (seeds.conceptPair << 24)));
    }
  }
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
