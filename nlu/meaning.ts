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
  const firstProduct = firstDimension + dimensions;
  const rows = createRows(model);
  const multiply = createMultiply(directions.length / dimensions);
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
      const products = multiply(parts);
      for (let n = 0; n < products.length; n++) {
        rows.gather(firstProduct + n, space.productWeight * (products[n] as number));
      }
      rows.addTo(into);
    },
  };
}

function squareOf(numbers: Float64Array, from: number, to: number): number {
  let square = 0;
  for (let i = from; i < to; i++) square += (numbers[i] as number) ** 2;
  return square;
}
