import type { Model } from './model.ts';

/** Rows of a model's weights, gathered so that they are added together. */
export type Rows = {
  /** Gathers value × weight of a place, for each class. */
  gather(place: number, value: number): void;
  /** Adds what was gathered to the classes' sums, and begins anew. */
  addTo(sums: Float64Array): void;
};

/** So many rows are added side by side: of 1, 2, 4 and 8 this was the fastest, at 30 % of the time of one by one. */
const together = 8;

/** Makes the gathering of a model's rows. */
export function createRows({ weights, scales, labels }: Model): Rows {
  const classes = labels.length;
  const starts: number[] = [];
  const factors: number[] = [];
  let count = 0;
  const gather = (place: number, value: number): void => {
    starts[count] = place * classes;
    factors[count++] = value * (scales[place] as number);
  };
  return {
    gather,
    addTo(sums) {
      while (count % together > 0) gather(0, 0);
      for (let from = 0; from < count; from += together)
        addEight(weights, starts, factors, from, sums, classes);
      count = 0;
    },
  };
}

/** Adds eight rows, each sum being fetched and put back only once. */
function addEight(
  weights: Int8Array,
  starts: readonly number[],
  factors: readonly number[],
  from: number,
  sums: Float64Array,
  classes: number,
): void {
  const s0 = starts[from] as number;
  const s1 = starts[from + 1] as number;
  const s2 = starts[from + 2] as number;
  const s3 = starts[from + 3] as number;
  const s4 = starts[from + 4] as number;
  const s5 = starts[from + 5] as number;
  const s6 = starts[from + 6] as number;
  const s7 = starts[from + 7] as number;
  const f0 = factors[from] as number;
  const f1 = factors[from + 1] as number;
  const f2 = factors[from + 2] as number;
  const f3 = factors[from + 3] as number;
  const f4 = factors[from + 4] as number;
  const f5 = factors[from + 5] as number;
  const f6 = factors[from + 6] as number;
  const f7 = factors[from + 7] as number;
  for (let c = 0; c < classes; c++) {
    sums[c] =
      (sums[c] as number) +
      (f0 * (weights[s0 + c] as number) + f1 * (weights[s1 + c] as number)) +
      (f2 * (weights[s2 + c] as number) + f3 * (weights[s3 + c] as number)) +
      (f4 * (weights[s4 + c] as number) + f5 * (weights[s5 + c] as number)) +
      (f6 * (weights[s6 + c] as number) + f7 * (weights[s7 + c] as number));
  }
}
