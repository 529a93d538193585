import { randomBy, shuffle } from '../hash.ts';
import { type Phrase, type TrainOptions, train } from '../train.ts';
import { answerAll } from './answers.ts';
import { figuresOf } from './figures.ts';
import type { Interval } from './resample.ts';

/** Accuracy on the same held-out texts, by how many phrases were learnt from. */
export type LearningPoint = {
  readonly phrases: number;
  readonly accuracy: number;
  readonly interval: Interval;
};

export type LearningCurveOptions = Pick<TrainOptions, 'seed' | 'onProgress'> & {
  /** Shares of the phrases that are not held out, 0..1. */
  readonly shares?: readonly number[];
};

/** Whether more phrases would help: of each intent a fifth is held out, and of the others more and more are learnt from. */
export function learningCurve(
  phrases: readonly Phrase[],
  options: LearningCurveOptions = {},
): LearningPoint[] {
  const { seed = 1, shares = [0.25, 0.5, 0.75, 1], onProgress } = options;
  const groups = byIntent(phrases, seed).map((group) => {
    const at = Math.max(1, Math.ceil(group.length * 0.8));
    return { learnt: group.slice(0, at), heldOut: group.slice(at) };
  });
  const heldOut = groups.flatMap((group) => group.heldOut);
  return shares.map((share, n) => {
    const learnt = groups.flatMap((group) => group.learnt.slice(0, Math.ceil(group.learnt.length * share)));
    const { accuracy, interval } = figuresOf(answerAll(train(learnt, { seed, folds: 0 }), heldOut), { seed });
    onProgress?.((n + 1) / shares.length);
    return { phrases: learnt.length, accuracy, interval };
  });
}

/** The phrases of each intent, in an order by seed. */
function byIntent(phrases: readonly Phrase[], seed: number): Phrase[][] {
  const order = Int32Array.from(phrases, (_, i) => i);
  shuffle(order, randomBy(seed));
  const groups = new Map<string, Phrase[]>();
  for (const i of order) {
    const phrase = phrases[i];
    if (!phrase) continue;
    const group = groups.get(phrase.label);
    if (group) group.push(phrase);
    else groups.set(phrase.label, [phrase]);
  }
  return [...groups.values()];
}
