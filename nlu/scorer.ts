import { eachConcept, eachPair, eachRun, isMostlyCyrillic, type ReadWord, readWords } from './features.ts';
import { indexHashes } from './hash.ts';
import { keep } from './kept.ts';
import { createMeaning } from './meaning.ts';
import type { Model } from './model.ts';
import { createRows } from './rows.ts';
import { maxCount, sublinear } from './space.ts';
import { createReadMeant, createRepair } from './typos.ts';
import type { WordVectors } from './vectors.ts';
import { createSumUp, layoutOf } from './word-sums.ts';
import { createWorth, type WordWorth } from './worth.ts';
import type { Writing } from './writing.ts';

/**
 * Adds up a text's scores of all classes into `into`, which is overwritten. Pure.
 * @returns how much of the text is known to the model or the vectors, 0..1
 */
export type Score = (writing: Writing, into: Float64Array) => number;

const keptWords = 4000;

/**
 * Makes the function from a text to its scores: those of the row that `createExtract` and `createEncode` give, in a
 * fraction of the time. All of it is linear but the log of counts, the lengths of the blocks and the products of the
 * meaning: so what a word adds is worked out once and kept, features that stand in several words of the text are set right
 * one by one, and the lengths follow from sums of squares.
 */
export function createScorer(model: Model, vectors: WordVectors, readWord: ReadWord): Score {
  const { space } = model;
  const classes = model.labels.length;
  const { find } = indexHashes(space.hashes);
  const layout = layoutOf(model);
  const meaning = createMeaning(model, layout);
  const worthOf = createWorth(model, vectors, meaning, layout, find);
  const readMeant = createReadMeant(readWord, createRepair(model.vocabulary), (key) => find(key) >= 0);
  const kept = keep(keptWords, (word) => worthOf(readMeant(word), word));
  const sumUp = createSumUp(layout.length);
  const rows = createRows(model);
  // How often a place has occurred in the block at hand, and which places have; all zero and none between blocks.
  const counts = new Uint8Array(space.hashes.length);
  const touched: number[] = [];
  const hashes: number[] = [];
  const sums = new Float64Array(layout.length);

  /**
   * Counts a place `times` more. `already` of its value, and the square of that, stand in the block's sums.
   * @returns what is to be added to the sum of squares
   */
  const count = (place: number, times: number, already: number): number => {
    const before = counts[place] as number;
    if (before === 0) touched.push(place);
    const after = Math.min(maxCount, before + times);
    counts[place] = after;
    const was = sublinear[before] as number;
    const is = sublinear[after] as number;
    const idf = space.idf[place] as number;
    rows.gather(place, (is - was - already) * idf);
    return (is * is - was * was - already * already) * idf * idf;
  };
  /** Counts the places of a word, whose value is in the sums: only those that the text has had before must be set right. */
  const countWord = ({ places, counts: times, square }: WordWorth): number => {
    let added = square;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      if (counts[place] === 0) {
        counts[place] = times[i] as number;
        touched.push(place);
      } else added += count(place, times[i] as number, sublinear[times[i] as number] as number);
    }
    return added;
  };
  /** Counts what was hashed. */
  const countHashes = (): number => {
    let added = 0;
    for (let i = 0; i < hashes.length; i++) {
      const place = find(hashes[i] as number);
      if (place >= 0) added += count(place, 1, 0);
    }
    hashes.length = 0;
    return added;
  };
  /** Adds the block's sums, which stand at the beginning of `sums`, at its weight over its length; begins the next block. */
  const close = (square: number, weight: number, into: Float64Array): void => {
    rows.addTo(sums);
    const scale = square > 0 ? weight / Math.sqrt(square) : 0;
    for (let c = 0; c < classes; c++) {
      into[c] = (into[c] as number) + scale * (sums[c] as number);
      sums[c] = 0;
    }
    for (let i = 0; i < touched.length; i++) counts[touched[i] as number] = 0;
    touched.length = 0;
  };
  const hash = (value: number): void => {
    hashes.push(value);
  };

  return (writing, into) => {
    const words = readWords(writing).map(kept.get);
    into.fill(0);
    sumUp(words.map(sumsOf), sums);
    let square = 0;
    for (const word of words) square += countWord(word);
    eachPair(words, model.features.pairDistance, hash);
    eachRun(words, model.features.runLength, hash);
    square += countHashes();
    close(square, 1, into);
    if (space.conceptWeight > 0) {
      eachConcept(words, hash);
      close(countHashes(), space.conceptWeight, into);
    }
    meaning.add(sums, isMostlyCyrillic(words), into);
    return shareKnown(words);
  };
}

const sumsOf = ({ sums }: WordWorth): Float32Array => sums;

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
