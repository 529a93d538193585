import { randomBy } from '../hash.ts';

/** The 2.5th and the 97.5th percentile: between them the true value lies, 19 times in 20. */
export type Interval = readonly [number, number];

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The 95 % interval of the mean, by resampling with replacement (Efron, 1979). Deterministic by seed. */
export function bootstrapInterval(values: readonly number[], seed: number, resamples = 1000): Interval {
  if (values.length === 0) return [0, 0];
  const random = randomBy(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort();
  return [means[Math.floor(resamples * 0.025)] ?? 0, means[Math.ceil(resamples * 0.975) - 1] ?? 0];
}
