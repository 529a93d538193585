import type { Model } from './model.ts';
import { createMultiply, partsAlong } from './products.ts';
import { createRows } from './rows.ts';
import { applyTriangle } from './whiten.ts';
import type { Layout } from './word-sums.ts';

/** What the vectors of words do to the scores. */
export type Meaning = {
  /** Writes all that a vector gives to where the layout says: linear, so for a sum of vectors it is the sum of theirs. */
  spread(vector: Float32Array, into: Float32Array): void;
  /**
   * Adds the score of a text's meaning, from the sums of its words: the vector of length 1, less the mean of the script,
   * whitened, of length 1. The products of its parts are no sum of anything and are made for each text.
   */
  add(sums: Float64Array, cyrillic: boolean, into: Float64Array): void;
};

/** Makes what reads the meaning by a model. */
export function createMeaning(model: Model, layout: Layout): Meaning {
  const { space } = model;
  const { dimensions, directions } = space;
  const classes = model.labels.length;
  const firstDimension = space.hashes.length;
  const rows = createRows(model);
  const multiply = createMultiply(directions.length / dimensions);
  const addProducts = createAddProducts(model);
  const scores = new Float64Array(classes);
  const centred = new Float64Array(layout.length);
  const parts = centred.subarray(layout.parts);

  const spread = (vector: Float32Array, into: Float32Array): void => {
    const white = into.subarray(layout.white, layout.parts);
    into.set(vector, layout.vector);
    white.set(vector);
    applyTriangle(space.whitening, white);
    into.set(partsAlong(directions, white), layout.parts);
    for (let i = 0; i < dimensions; i++) rows.gather(firstDimension + i, white[i] as number);
    rows.addTo(scores.fill(0));
    into.set(scores, layout.meaning);
  };
  const means = [0, dimensions].map((from) => {
    const mean = new Float32Array(layout.length);
    spread(space.means.subarray(from, from + dimensions), mean);
    return mean;
  });
  return {
    spread,
    add(sums, cyrillic, into) {
      const mean = means[cyrillic ? 1 : 0];
      const square = squareOf(sums, layout.vector, layout.meaning);
      if (!mean || square === 0) return;
      const scale = 1 / Math.sqrt(square);
      for (let i = layout.meaning; i < layout.length; i++) {
        centred[i] = (sums[i] as number) * scale - (mean[i] as number);
      }
      const whiteSquare = squareOf(centred, layout.white, layout.parts);
      if (whiteSquare === 0) return;
      const whiteScale = space.vectorWeight / Math.sqrt(whiteSquare);
      for (let c = 0; c < classes; c++) {
        into[c] = (into[c] as number) + whiteScale * (centred[layout.meaning + c] as number);
      }
      addProducts(multiply(parts), into);
    },
  };
}

function squareOf(numbers: Float64Array, from: number, to: number): number {
  let square = 0;
  for (let i = from; i < to; i++) square += (numbers[i] as number) ** 2;
  return square;
}

/**
 * Makes the function that adds products × weights for each class. Every text needs all of these weights, so they are kept as
 * numbers, class by class; eight classes are summed side by side, since one sum alone would wait for itself.
 */
function createAddProducts({ space, labels, weights, scales }: Model) {
  const classes = labels.length;
  const from = space.hashes.length + space.dimensions;
  const count = scales.length - from;
  // A whole number of eights; the classes that fill it up weigh nothing.
  const sums = new Float64Array(Math.ceil(classes / 8) * 8);
  const kept = new Float64Array(sums.length * count);
  for (let c = 0; c < classes; c++) {
    for (let n = 0; n < count; n++) {
      const byte = weights[(from + n) * classes + c] as number;
      kept[c * count + n] = space.productWeight * (scales[from + n] as number) * byte;
    }
  }
  return (products: Float64Array, into: Float64Array): void => {
    for (let c = 0; c < sums.length; c += 8) sumEight(products, kept, sums, c);
    for (let c = 0; c < classes; c++) into[c] = (into[c] as number) + (sums[c] as number);
  };
}

/** Writes the sums of products × weights of eight classes from `first`. */
function sumEight(products: Float64Array, weights: Float64Array, sums: Float64Array, first: number): void {
  const count = products.length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let n = 0, at = first * count; n < count; n++, at++) {
    const product = products[n] as number;
    s0 += product * (weights[at] as number);
    s1 += product * (weights[at + count] as number);
    s2 += product * (weights[at + 2 * count] as number);
    s3 += product * (weights[at + 3 * count] as number);
    s4 += product * (weights[at + 4 * count] as number);
    s5 += product * (weights[at + 5 * count] as number);
    s6 += product * (weights[at + 6 * count] as number);
    s7 += product * (weights[at + 7 * count] as number);
  }
  sums[first] = s0;
  sums[first + 1] = s1;
  sums[first + 2] = s2;
  sums[first + 3] = s3;
  sums[first + 4] = s4;
  sums[first + 5] = s5;
  sums[first + 6] = s6;
  sums[first + 7] = s7;
}
