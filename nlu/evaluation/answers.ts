import { softmax } from '../calibrate.ts';
import { type Model, none } from '../model.ts';
import { belonging } from '../none.ts';
import type { Phrase } from '../train.ts';
import { createUnderstanding, type Weighed } from '../understand.ts';

/** What a model answered to a text that it was not trained on. All figures are made of these. */
export type Answer = {
  readonly text: string;
  /** The right label; `none` for a text out of scope. */
  readonly truth: string;
  /** The best label, whether turned away or not, and its calibrated confidence. */
  readonly best: string;
  readonly confidence: number;
  /** How surely the text is one of ours (see none.ts). */
  readonly belonging: number;
  /** The answer: the best label, or `none`. */
  readonly intent: string;
};

/** What turns scores into an answer. */
export type Decider = {
  readonly labels: readonly string[];
  readonly temperature: number;
  readonly threshold: number;
};

/** The answer that scores lead to. */
export function answerOf(text: string, truth: string, { scores, isKnown }: Weighed, by: Decider): Answer {
  const foreignClass = by.labels.indexOf(none);
  const probabilities = new Float64Array(scores.length);
  softmax(scores, by.temperature, probabilities);
  let at = -1;
  for (let c = 0; c < probabilities.length; c++) {
    if (c !== foreignClass && (at < 0 || (probabilities[c] ?? 0) > (probabilities[at] ?? 0))) at = c;
  }
  const best = by.labels[at] ?? none;
  const surely = isKnown ? belonging(scores, foreignClass) : Number.NEGATIVE_INFINITY;
  return {
    text,
    truth,
    best,
    confidence: probabilities[at] ?? 0,
    belonging: surely,
    intent: isKnown && surely >= by.threshold ? best : none,
  };
}

/** Asks a model for labelled texts, and for texts that belong to none of its intents. */
export function answerAll(
  model: Model,
  phrases: readonly Phrase[],
  outOfScope: readonly string[] = [],
): Answer[] {
  const { weigh } = createUnderstanding(model);
  return [...phrases, ...outOfScope.map((text) => ({ text, label: none }))].map(({ text, label }) =>
    answerOf(text, label, weigh(text), model),
  );
}
