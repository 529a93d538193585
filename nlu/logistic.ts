import { randomBy, shuffle } from './hash.ts';
import type { Row } from './space.ts';

export type LogisticOptions = {
  /** Weight of the data against the penalty: the C of liblinear. */
  readonly cost: number;
  readonly passes: number;
  readonly seed: number;
  /** Called after each pass. */
  readonly onPass?: () => void;
};

/** A change of a probability below this is not worth its pass over the weights. */
const smallStep = 1e-4;

/**
 * Multinomial logistic regression with an L2 penalty, by exact coordinate ascent in the dual, one text at a time:
 * Yu, Huang, Lin, "Dual coordinate descent methods for logistic regression and maximum entropy models" (2011).
 * A text's multipliers are the classes' probabilities p; given the scores without the text itself, they solve
 * log p_c + q p_c = s_c - L with sum p = 1, which Newton's method does in a few steps.
 * @returns weights, row-major: `width` rows of `classes` numbers
 */
export function fitLogistic(
  rows: readonly Row[],
  labels: Int32Array,
  width: number,
  classes: number,
  options: LogisticOptions,
): Float32Array {
  const weights = new Float32Array(width * classes);
  const multipliers = new Float32Array(rows.length * classes);
  const scores = new Float64Array(classes);
  const logs = new Float64Array(classes);
  const change = new Float32Array(classes);
  const active = new Int32Array(classes);
  // Smaller steps are left for a later pass: most classes of most texts need none.
  const least = smallStep * options.cost;
  // Each text begins with its own class alone, which puts nothing in.
  for (let i = 0; i < rows.length; i++) multipliers[i * classes + (labels[i] ?? 0)] = 1;
  const order = Int32Array.from(rows, (_, i) => i);
  const random = randomBy(options.seed);
  for (let pass = 0; pass < options.passes; pass++) {
    shuffle(order, random);
    for (const i of order) {
      const row = rows[i];
      if (!row) continue;
      const { cost } = options;
      const square = squareOf(row.values);
      const own = multipliers.subarray(i * classes, (i + 1) * classes);
      score(weights, row, classes, scores);
      // The scores as they would be without this text, plus what its own class gets from it alone.
      for (let c = 0; c < classes; c++)
        scores[c] = (scores[c] as number) + cost * square * (own[c] as number);
      solve(scores, cost * square, logs);
      let count = 0;
      for (let c = 0; c < classes; c++) {
        const p = Math.exp(logs[c] ?? 0);
        const before = own[c] as number;
        const step = cost * (before - p);
        if (step < least && step > -least) continue;
        active[count] = c;
        change[count++] = step;
        own[c] = p;
      }
      addOuter(weights, row, classes, change, active, count);
    }
    options.onPass?.();
  }
  return weights;
}

const squareOf = (values: Float32Array): number => {
  let square = 0;
  for (const value of values) square += value * value;
  return square;
};

/** Adds up the weights of a row's features into `into`, which is overwritten. */
export function score(weights: Float32Array, row: Row, classes: number, into: Float64Array): void {
  into.fill(0);
  const { places, values } = row;
  for (let k = 0; k < places.length; k++) {
    const value = values[k] as number;
    const from = (places[k] as number) * classes;
    for (let c = 0; c < classes; c++) into[c] = (into[c] as number) + value * (weights[from + c] as number);
  }
}

/** Adds to the weights of a row's features, for the classes that change. */
export function addOuter(
  weights: Float32Array,
  row: Row,
  classes: number,
  change: Float32Array,
  active: Int32Array,
  count: number,
): void {
  const { places, values } = row;
  for (let k = 0; k < places.length; k++) {
    const value = values[k] as number;
    const from = (places[k] as number) * classes;
    if (count === classes) {
      for (let c = 0; c < classes; c++)
        weights[from + c] = (weights[from + c] as number) + value * (change[c] as number);
      continue;
    }
    for (let a = 0; a < count; a++) {
      const at = from + (active[a] as number);
      weights[at] = (weights[at] as number) + value * (change[a] as number);
    }
  }
}

/**
 * Solves log p_c + q p_c = s_c - L, sum p = 1, for u_c = log p_c: Newton's method on L, kept inside a bracket, with the
 * u of each L by Newton's method too.
 */
function solve(scores: Float64Array, q: number, logs: Float64Array): void {
  const classes = scores.length;
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) most = Math.max(most, scores[c] as number);
  // At the lower end the best class alone has p = 1, at the upper end no class has more than 1 / classes.
  let low = most - q;
  let high = most + Math.log(classes);
  let level = Math.min(high, Math.max(low, most - q * 0.9));
  for (let c = 0; c < classes; c++) logs[c] = Math.min(0, (scores[c] as number) - level);
  for (let step = 0; step < 40; step++) {
    let sum = 0;
    let slope = 0;
    for (let c = 0; c < classes; c++) {
      const target = (scores[c] as number) - level;
      const u = target < -20 ? target : logOf(target, q, logs[c] as number);
      logs[c] = u;
      const p = Math.exp(u);
      sum += p;
      slope += p / (1 + q * p);
    }
    const error = sum - 1;
    if (error < 1e-6 && error > -1e-6) return;
    if (error > 0) low = level;
    else high = level;
    // On log(sum), which is nearly linear in L.
    level += (Math.log(sum) * sum) / slope;
    if (!(level > low && level < high)) level = (low + high) / 2;
  }
}

/** u with u + q exp(u) = target, for a target of at most q: so u is at most 0. */
function logOf(target: number, q: number, start: number): number {
  let u = start;
  for (let step = 0; step < 50; step++) {
    const p = Math.exp(u);
    const change = (u + q * p - target) / (1 + q * p);
    u -= change;
    if (u >= 0) return 0;
    if (change < 1e-6 && change > -1e-6) break;
  }
  return u;
}
