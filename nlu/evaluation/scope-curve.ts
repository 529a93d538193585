import { none } from '../model.ts';
import type { Answer } from './answers.ts';
import { ratios } from './figures.ts';

/** What a threshold on `belonging` would give. */
export type ScopePoint = {
  readonly threshold: number;
  /** Share of in-scope texts that would be answered right. */
  readonly inScopeRight: number;
  /** Of `none`, at the expected share of out-of-scope texts. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

/**
 * The choice that a threshold makes between turning clients away and taking what is none of our business.
 * @param share the share of out-of-scope texts to expect in use, 0..1: the answers at hand are weighed to it
 * @param points at most so many, evenly over the texts by how surely they are ours
 * @returns nothing when the answers hold no text out of scope, or none in scope
 */
export function scopeCurve(answers: readonly Answer[], share: number, points = 100): ScopePoint[] {
  const sorted = [...answers].sort((a, b) => a.belonging - b.belonging);
  const foreign = sorted.filter(({ truth }) => truth === none).length;
  const ours = sorted.length - foreign;
  if (foreign === 0 || ours === 0) return [];
  const weight = ((share / (1 - share)) * ours) / foreign;
  let right = sorted.filter(({ truth, best }) => truth === best).length;
  let caught = 0;
  let turnedAway = 0;
  const step = Math.max(1, Math.ceil(sorted.length / points));
  const curve: ScopePoint[] = [];
  sorted.forEach(({ belonging, truth, best }, i) => {
    if (i % step === 0 && Number.isFinite(belonging)) {
      const hits = caught * weight;
      curve.push({
        threshold: belonging,
        inScopeRight: right / ours,
        ...ratios(hits, hits + turnedAway, foreign * weight),
      });
    }
    if (truth === none) caught++;
    else turnedAway++;
    if (truth === best) right--;
  });
  return curve;
}
