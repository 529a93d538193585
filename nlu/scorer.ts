import {
  eachConcept,
  eachPair,
  eachRun,
  isMostlyCyrillic,
  type ReadWord,
  readWords,
  type WordFeatures,
} from './features.ts';
import { indexHashes } from './hash.ts';
import { keep } from './kept.ts';
import type { Model } from './model.ts';
import { createMultiply } from './products.ts';
import { maxCount, sublinear } from './space.ts';
import { createReadMeant, createRepair } from './typos.ts';
import type { WordVectors } from './vectors.ts';
import { applyTriangle } from './whiten.ts';
import type { Writing } from './writing.ts';

/**
 * Adds up a text's scores of all classes into `into`, which is overwritten. Pure.
 * @returns how much of the text is known to the model or the vectors, 0..1
 */
export type Score = (writing: Writing, into: Float64Array) => number;

const keptWords = 4000;
/** A word of more letters weighs as much as one of these. */
const mostLetters = 24;

/** What a word adds to a text's scores whatever stands beside it. */
type WordWorth = WordFeatures & {
  /** Its known places, and how often the word has each. */
  readonly places: Int32Array;
  readonly counts: Uint8Array;
  /** The sum over the places of the squared values. */
  readonly square: number;
  readonly hasVector: boolean;
  /** How much of the text the word is, and how much of that is known. One letter says nothing. */
  readonly letters: number;
  readonly known: number;
  /**
   * Side by side: for each class the sum over the places of value × weight; for each class the whitened vector times its
   * weights; the vector, weighted by how much the word tells; the same whitened.
   */
  readonly sums: Float32Array;
};

/** Makes the function from a word to what it adds. */
function createWorth(model: Model, vectors: WordVectors, find: (hash: number) => number) {
  const { space } = model;
  const classes = model.labels.length;
  const vectorFrom = 2 * classes;
  const whiteFrom = vectorFrom + space.dimensions;
  return (word: WordFeatures, written: string): WordWorth => {
    const times = new Map<number, number>();
    for (const hash of word.hashes) {
      const place = find(hash);
      if (place >= 0) times.set(place, (times.get(place) ?? 0) + 1);
    }
    const sums = new Float32Array(whiteFrom + space.dimensions);
    let square = 0;
    for (const [place, n] of times) {
      const value = (sublinear[n] as number) * (space.idf[place] as number);
      addWeights(model, place, value, sums.subarray(0, classes));
      square += value * value;
    }
    const hasVector = space.vectorWeight > 0 && word.row >= 0;
    if (hasVector) {
      const vector = sums.subarray(vectorFrom, whiteFrom);
      const white = sums.subarray(whiteFrom);
      vectors.add(word.row, vector);
      white.set(vector);
      applyTriangle(space.whitening, white);
      addVectorWeights(model, white, sums.subarray(classes, vectorFrom));
    }
    return {
      ...word,
      ...familiarity(word, written, find),
      places: Int32Array.from(times.keys()),
      counts: Uint8Array.from(times.values()),
      square,
      hasVector,
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

/** Adds value × weight of a place, for each class. */
function addWeights(model: Model, place: number, value: number, into: Float32Array | Float64Array): void {
  const classes = model.labels.length;
  const factor = value * (model.scales[place] as number);
  const from = place * classes;
  for (let c = 0; c < classes; c++)
    into[c] = (into[c] as number) + factor * (model.weights[from + c] as number);
}

function addVectorWeights(model: Model, white: Float32Array, into: Float32Array): void {
  const from = model.space.hashes.length;
  for (let i = 0; i < white.length; i++) addWeights(model, from + i, white[i] as number, into);
}

/**
 * Makes the function from a text to its scores: those of the row that `createExtract` and `createEncode` give, in a
 * fraction of the time. All of it is linear but the log of counts and the lengths of the blocks: so what a word adds is
 * worked out once and kept, features that stand in several words of the text are set right one by one, and the lengths
 * follow from sums of squares.
 */
export function createScorer(model: Model, vectors: WordVectors, readWord: ReadWord): Score {
  const { space } = model;
  const classes = model.labels.length;
  const index = indexHashes(space.hashes);
  const worthOf = createWorth(model, vectors, index.find);
  const knows = (key: number) => index.find(key) >= 0;
  const readMeant = createReadMeant(readWord, createRepair(model.vocabulary), knows);
  const kept = keep(keptWords, (word) => worthOf(readMeant(word), word));
  const addMeaning = createAddMeaning(model);
  // How often a place has occurred in the block at hand, and which places have; all zero and none between blocks.
  const counts = new Uint8Array(space.hashes.length);
  const touched: number[] = [];
  const sums = new Float64Array(2 * classes + 2 * space.dimensions);

  /** Counts a place `times` more and gives what that adds to the sum of squares; `already` of its value is in the sums. */
  const count = (place: number, times: number, already: number): number => {
    const before = counts[place] as number;
    if (before === 0) touched.push(place);
    const after = Math.min(maxCount, before + times);
    counts[place] = after;
    const was = sublinear[before] as number;
    const is = sublinear[after] as number;
    const idf = space.idf[place] as number;
    addWeights(model, place, (is - was - already) * idf, sums);
    return (is * is - was * was) * idf * idf;
  };
  /** Adds the block's sums at its weight over its length, and begins the next block. */
  const close = (square: number, weight: number, into: Float64Array): void => {
    const scale = square > 0 ? weight / Math.sqrt(square) : 0;
    for (let c = 0; c < classes; c++) {
      into[c] = (into[c] as number) + scale * (sums[c] as number);
      sums[c] = 0;
    }
    for (const place of touched) counts[place] = 0;
    touched.length = 0;
  };
  /** Adds all that a word gives by itself to the sums. */
  const addWord = (word: WordWorth): number => {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (word.sums[i] as number);
    let square = word.square;
    for (let i = 0; i < word.places.length; i++) {
      const place = word.places[i] as number;
      const times = word.counts[i] as number;
      if (counts[place] === 0) {
        counts[place] = times;
        touched.push(place);
        continue;
      }
      const value = sublinear[times] as number;
      square += count(place, times, value) - (value * (space.idf[place] as number)) ** 2;
    }
    return square;
  };

  return (writing, into) => {
    into.fill(0);
    sums.fill(0);
    const words = readWords(writing).map(kept.get);
    let square = 0;
    const addOne = (hash: number): void => {
      const place = index.find(hash);
      if (place >= 0) square += count(place, 1, 0);
    };
    for (const word of words) square += addWord(word);
    eachPair(words, model.features.pairDistance, addOne);
    eachRun(words, model.features.runLength, addOne);
    close(square, 1, into);
    if (space.conceptWeight > 0) {
      square = 0;
      eachConcept(words, addOne);
      close(square, space.conceptWeight, into);
    }
    if (words.some(({ hasVector }) => hasVector)) addMeaning(sums, isMostlyCyrillic(words), into);
    return shareKnown(words);
  };
}

/** How much of a text is known, 0..1. */
function shareKnown(words: readonly WordWorth[]): number {
  let letters = 0;
  let known = 0;
  for (const word of words) {
    letters += word.letters;
    known += word.known;
  }
  return letters === 0 ? 0 : known / letters;
}

/**
 * Makes the function that adds the score of the meaning, from the sums of the words: the vector of length 1, less the mean
 * of the script, whitened, of length 1. Whitening is linear, so that of the sum is the sum of those of the words. The
 * products of its parts are no sum of anything and are made for each text.
 */
function createAddMeaning(model: Model) {
  const { space } = model;
  const classes = model.labels.length;
  const { dimensions } = space;
  const vectorFrom = 2 * classes;
  const whiteFrom = vectorFrom + dimensions;
  const multiply = createMultiply(space.directions, dimensions);
  const productWeights = weightsOfProducts(model);
  const vector = new Float32Array(dimensions);
  const means = [0, dimensions].map((from) => {
    const white = space.means.slice(from, from + dimensions);
    applyTriangle(space.whitening, white);
    const scores = new Float32Array(classes);
    addVectorWeights(model, white, scores);
    return { white, scores };
  });
  return (sums: Float64Array, cyrillic: boolean, into: Float64Array): void => {
    const mean = means[cyrillic ? 1 : 0];
    let square = 0;
    for (let i = vectorFrom; i < whiteFrom; i++) square += (sums[i] as number) ** 2;
    if (!mean || square === 0) return;
    const scale = 1 / Math.sqrt(square);
    let whiteSquare = 0;
    for (let i = 0; i < dimensions; i++) {
      const part = (sums[whiteFrom + i] as number) * scale - (mean.white[i] as number);
      vector[i] = part;
      whiteSquare += part * part;
    }
    if (whiteSquare === 0) return;
    const whiteScale = space.vectorWeight / Math.sqrt(whiteSquare);
    for (let c = 0; c < classes; c++) {
      const score = (sums[classes + c] as number) * scale - (mean.scores[c] as number);
      into[c] = (into[c] as number) + whiteScale * score;
    }
    addProducts(multiply(vector), productWeights, into);
  };
}

/** The weights of the products as numbers, times that of their block, class by class: every text needs all of them. */
function weightsOfProducts({ space, labels, weights, scales }: Model): Float32Array {
  const from = space.hashes.length + space.dimensions;
  const products = scales.length - from;
  return Float32Array.from({ length: products * labels.length }, (_, at) => {
    const place = from + (at % products);
    const byte = weights[place * labels.length + Math.floor(at / products)] as number;
    return space.productWeight * (scales[place] as number) * byte;
  });
}

/** Adds products × weights for each class. Four sums side by side: each alone would wait for itself. */
function addProducts(products: Float64Array, weights: Float32Array, into: Float64Array): void {
  const count = products.length;
  const classes = into.length;
  for (let c = 0; c < classes; c += 4) {
    // Where classes are not divisible by four the last one is counted again, and not added.
    const last = (classes - 1) * count;
    const first = c * count;
    const second = Math.min(last, first + count);
    const third = Math.min(last, first + 2 * count);
    const fourth = Math.min(last, first + 3 * count);
    let a = 0;
    let b = 0;
    let d = 0;
    let e = 0;
    for (let n = 0; n < count; n++) {
      const product = products[n] as number;
      a += product * (weights[first + n] as number);
      b += product * (weights[second + n] as number);
      d += product * (weights[third + n] as number);
      e += product * (weights[fourth + n] as number);
    }
    into[c] = (into[c] as number) + a;
    if (c + 1 < classes) into[c + 1] = (into[c + 1] as number) + b;
    if (c + 2 < classes) into[c + 2] = (into[c + 2] as number) + d;
    if (c + 3 < classes) into[c + 3] = (into[c + 3] as number) + e;
  }
}
