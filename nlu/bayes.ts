import type { Row } from './space.ts';

/** Added to every count, so that an unseen word rules nothing out. */
const smoothing = 0.01;

/**
 * Adds to linear weights those of multinomial naive Bayes over the words' places, times `share`: what many texts of a
 * class have in common, beside what tells classes apart. Both are linear, so the blend costs nothing when predicting.
 */
export function blendBayes(
  weights: Float32Array,
  rows: readonly Row[],
  labels: Int32Array,
  words: number,
  classes: number,
  share: number,
): void {
  const counts = new Float32Array(words * classes);
  const totals = new Float64Array(classes).fill(smoothing * words);
  rows.forEach(({ places, values }, i) => {
    const label = labels[i] ?? 0;
    for (let k = 0; k < places.length; k++) {
      const place = places[k] as number;
      if (place >= words) continue;
      const value = values[k] as number;
      const at = place * classes + label;
      counts[at] = (counts[at] as number) + value;
      totals[label] = (totals[label] as number) + value;
    }
  });
  for (let place = 0; place < words; place++) {
    for (let c = 0; c < classes; c++) {
      const at = place * classes + c;
      const log = Math.log(((counts[at] as number) + smoothing) / (totals[c] as number));
      weights[at] = (weights[at] as number) + share * log;
    }
  }
}
