/**
 * How surely a text is one of ours, from the scores of all classes: the best score less that of the out-of-scope class,
 * which is the log of their odds; without such a class, the best score. (Compared with probabilities: docs/understanding.md.)
 * @param foreignClass the index of the out-of-scope class, or -1
 */
export function belonging(scores: ArrayLike<number>, foreignClass: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) if (c !== foreignClass) best = Math.max(best, scores[c] ?? 0);
  return foreignClass >= 0 ? best - (scores[foreignClass] ?? 0) : best;
}

export type Judged = { readonly belonging: number; readonly isOurs: boolean; readonly isRight: boolean };

/**
 * The threshold on `belonging` below which the answer is `none`: the best F1 of `none` at the expected share of
 * out-of-scope texts, among thresholds that turn away at most `mayLose` of the right answers.
 * Without out-of-scope texts to learn from, `mayLose` of the right answers are turned away.
 */
export function fitThreshold(judged: readonly Judged[], outOfScopeShare: number, mayLose = 0.035): number {
  const sorted = [...judged].sort((a, b) => a.belonging - b.belonging);
  const ours = sorted.filter(({ isOurs }) => isOurs).length;
  const foreign = sorted.length - ours;
  const right = sorted.filter(({ isOurs, isRight }) => isOurs && isRight).length;
  if (right === 0) return Number.NEGATIVE_INFINITY;
  const share = foreign === 0 ? 0 : outOfScopeShare;
  const weight = foreign === 0 || ours === 0 ? 0 : ((share / (1 - share)) * ours) / foreign;
  let threshold = 0;
  let bestF1 = -1;
  let caught = 0;
  let wronged = 0;
  let lost = 0;
  for (let i = 0; i < sorted.length; i++) {
    const text = sorted[i];
    if (!text) break;
    if (!text.isOurs) caught += weight;
    else {
      wronged++;
      if (text.isRight) lost++;
    }
    if (lost > mayLose * right) break;
    const next = sorted[i + 1]?.belonging ?? text.belonging + 1e-6;
    const f1 = foreign === 0 ? lost : (2 * caught) / (caught + wronged + weight * foreign);
    if (f1 > bestF1) {
      bestF1 = f1;
      threshold = (text.belonging + next) / 2;
    }
  }
  return threshold;
}

/**
 * A text of which less is known says nothing: an n-gram that it shares with a phrase by chance is no reason. Nearly all
 * real texts lie above 0.8, letters at random below 0.5 (docs/understanding.md).
 */
const leastKnown = 0.55;

/**
 * Whether enough of a text is known for its scores to say something; else they are made less, in place, so that they stay
 * in their order and make nobody sure.
 * @param share how much of the text is known, 0..1
 */
export function saysEnough(share: number, scores: Float64Array): boolean {
  if (share >= leastKnown) return true;
  for (let c = 0; c < scores.length; c++) scores[c] = ((scores[c] as number) * share) / leastKnown;
  return false;
}
