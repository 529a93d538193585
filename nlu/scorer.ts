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
  const sums = new Float64Array(layout.length);
  /** The sum of the squared values of the block at hand. */
  let square = 0;

  /** Counts a place `times` more; `already` of its value, and the square of that, are in the sums. */
  const count = (place: number, times: number, already: number): void => {
    const before = counts[place] as number;
    if (before === 0) touched.push(place);
    const after = Math.min(maxCount, before + times);
    counts[place] = after;
    const was = sublinear[before] as number;
    const is = sublinear[after] as number;
    const idf = space.idf[place] as number;
    rows.gather(place, (is - was - already) * idf);
    square += (is * is - was * was - already * already) * idf * idf;
  };
  const countHash = (hash: number): void => {
    const place = find(hash);
    if (place >= 0) count(place, 1, 0);
  };
  /** Counts the places of a word whose value is in the sums: only those that the text has had before must be set right. */
  const countWord = (word: WordWorth): void => {
    square += word.square;
    for (let i = 0; i < word.places.length; i++) {
      const place = word.places[i] as number;
      const times = word.counts[i] as number;
      if (counts[place] === 0) {
        counts[place] = times;
        touched.push(place);
      } else count(place, times, sublinear[times] as number);
    }
  };
  /** Adds the block's sums, which stand at the beginning of `sums`, at its weight over its length; begins the next block. */
  const close = (weight: number, into: Float64Array): void => {
    rows.addTo(sums);
    const scale = square > 0 ? weight / Math.sqrt(square) : 0;
    for (let c = 0; c < classes; c++) {
      into[c] = (into[c] as number) + scale * (sums[c] as number);
      sums[c] = 0;
    }
    for (const place of touched) counts[place] = 0;
    touched.length = 0;
    square = 0;
  };

  return (writing, into) => {
    const words = readWords(writing).map(kept.get);
    into.fill(0);
    sumUp(
      words.map((word) => word.sums),
      sums,
    );
    words.forEach(countWord);
    eachPair(words, model.features.pairDistance, countHash);
    eachRun(words, model.features.runLength, countHash);
    close(1, into);
    if (space.conceptWeight > 0) {
      eachConcept(words, countHash);
      close(space.conceptWeight, into);
    }
    meaning.add(sums, isMostlyCyrillic(words), into);
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
