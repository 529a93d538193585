import { none } from '../../nlu/model.ts';
import type { Phrase } from '../../nlu/train.ts';

/** What an admin decided about a text. `none`: it belongs to no intent; null: nothing is learned from it. */
export interface Decision {
  readonly text: string;
  readonly intent: string | null;
}

/** All that a model is trained from. */
export interface TrainingSet {
  readonly phrases: readonly Phrase[];
  readonly outOfScope: readonly string[];
}

/** Every text with its intent, `none` for what is out of scope. */
export function labelled({ phrases, outOfScope }: TrainingSet): readonly Phrase[] {
  return [...phrases, ...outOfScope.map((text) => ({ text, label: none }))];
}

/** Training texts with the decisions over them: a decided text counts once, as it was decided. Pure. */
export function applyDecisions(shipped: TrainingSet, decisions: readonly Decision[]): TrainingSet {
  const decided = new Set(decisions.map(({ text }) => text));
  return {
    phrases: [
      ...shipped.phrases.filter(({ text }) => !decided.has(text)),
      ...decisions.flatMap(({ text, intent }) =>
        intent === null || intent === none ? [] : [{ text, label: intent }],
      ),
    ],
    outOfScope: [
      ...shipped.outOfScope.filter((text) => !decided.has(text)),
      ...decisions.filter(({ intent }) => intent === none).map(({ text }) => text),
    ],
  };
}
