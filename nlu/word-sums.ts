import type { Model } from './model.ts';

/**
 * Where the numbers begin that are kept of a word side by side; their sums over a text's words lie alike. First, at 0, for
 * each class the sum over the word's places of value × weight. All that follows is zero for a word without a vector.
 */
export type Layout = {
  /** The vector, weighted by how much the word tells. */
  readonly vector: number;
  /** For each class, the whitened vector times its weights. */
  readonly meaning: number;
  /** The whitened vector. */
  readonly white: number;
  /** Its parts along the directions of the space. */
  readonly parts: number;
  readonly length: number;
};

/** How the numbers of a model's words lie. */
export function layoutOf({ labels, space }: Model): Layout {
  const vector = labels.length;
  const meaning = vector + space.dimensions;
  const white = meaning + labels.length;
  const parts = white + space.dimensions;
  return { vector, meaning, white, parts, length: parts + space.directions.length / space.dimensions };
}

/** Makes the function that writes the sums over all words: four words at a time, in half the time of one by one. */
export function createSumUp(length: number): (words: readonly Float32Array[], sums: Float64Array) => void {
  const nothing = new Float32Array(length);
  return (words, sums) => {
    sums.fill(0);
    for (let n = 0; n < words.length; n += 4) {
      const a = words[n] ?? nothing;
      const b = words[n + 1] ?? nothing;
      const c = words[n + 2] ?? nothing;
      const d = words[n + 3] ?? nothing;
      for (let i = 0; i < length; i++) {
        const first = (a[i] as number) + (b[i] as number);
        const second = (c[i] as number) + (d[i] as number);
        sums[i] = (sums[i] as number) + first + second;
      }
    }
  };
}
