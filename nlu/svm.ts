import { randomBy, shuffle } from './hash.ts';
import { addOuter, score } from './logistic.ts';
import type { Row } from './space.ts';

export type SvmOptions = {
  readonly cost: number;
  readonly passes: number;
  readonly seed: number;
  /** Called after each pass. */
  readonly onPass?: () => void;
};

/**
 * One-against-the-rest linear machines with squared hinge loss and L2 penalty, all classes at once, by coordinate descent
 * in the dual: Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM" (2008).
 * @returns weights, row-major: `width` rows of `classes` numbers
 */
export function fitSvm(
  rows: readonly Row[],
  labels: Int32Array,
  width: number,
  classes: number,
  options: SvmOptions,
): Float32Array {
  const weights = new Float32Array(width * classes);
  const multipliers = new Float32Array(rows.length * classes);
  const scores = new Float64Array(classes);
  const active = new Int32Array(classes);
  const changes = new Float32Array(classes);
  const order = Int32Array.from(rows, (_, i) => i);
  const random = randomBy(options.seed);
  const diagonal = 0.5 / options.cost;
  for (let pass = 0; pass < options.passes; pass++) {
    shuffle(order, random);
    for (const i of order) {
      const row = rows[i];
      if (!row) continue;
      let square = diagonal;
      for (const value of row.values) square += value * value;
      score(weights, row, classes, scores);
      const own = multipliers.subarray(i * classes, (i + 1) * classes);
      const label = labels[i];
      let count = 0;
      for (let c = 0; c < classes; c++) {
        const sign = c === label ? 1 : -1;
        const alpha = own[c] as number;
        const gradient = sign * (scores[c] as number) - 1 + diagonal * alpha;
        const next = Math.max(0, alpha - gradient / square);
        if (next === alpha || (next - alpha < 1e-5 && next - alpha > -1e-5)) continue;
        own[c] = next;
        active[count] = c;
        changes[count++] = (next - alpha) * sign;
      }
      if (count > 0) addOuter(weights, row, classes, changes, active, count);
    }
    options.onPass?.();
  }
  return weights;
}
