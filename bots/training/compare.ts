import type { Answer } from '../../nlu/evaluation/answers.ts';
import { type Comparison, compareAnswers } from '../../nlu/evaluation/compare.ts';

/** What is kept of an answer that a model gave to a text held out of its training. */
export type KeptAnswer = Omit<Answer, 'belonging'>;

type Judged = Pick<KeptAnswer, 'text' | 'truth' | 'intent'>;

/**
 * Compares two training sets by their cross-validations, on the texts that both hold with the same truth: what was only
 * added or moved cannot be held against either. Pure. Undefined where they share no text.
 */
export function compareOnCommon(before: readonly Judged[], after: readonly Judged[]): Comparison | undefined {
  const keyOf = ({ text, truth }: Judged) => JSON.stringify([text, truth]);
  const later = new Map(after.map((answer) => [keyOf(answer), answer]));
  const pairs = before.flatMap((first) => {
    const second = later.get(keyOf(first));
    return second ? [{ first, second }] : [];
  });
  if (pairs.length === 0) return undefined;
  return compareAnswers(
    pairs.map(({ first }) => first),
    pairs.map(({ second }) => second),
  );
}
