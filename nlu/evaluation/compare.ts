import type { Answer } from './answers.ts';
import { bootstrapInterval, type Interval, mean } from './resample.ts';

/** What of an answer a comparison needs. */
type Judged = Pick<Answer, 'text' | 'truth' | 'intent'>;

/** Two models on the same texts. A gain is the second's accuracy less the first's. */
export type Comparison = {
  readonly texts: number;
  readonly gain: number;
  /** 95 % interval of the gain, by paired bootstrap over the texts. */
  readonly interval: Interval;
  /** Texts that only the first, or only the second, answers right. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  /** The probability of so uneven a split by chance: McNemar's test, exact (binomial), two-sided. */
  readonly p: number;
  /** `p` < 0.05. */
  readonly isSignificant: boolean;
};

/**
 * Compares the answers of two models; an answer is right when its intent is, `none` for a text out of scope.
 * @throws Error when the texts are not the same ones in the same order
 */
export function compareAnswers(first: readonly Judged[], second: readonly Judged[], seed = 1): Comparison {
  if (first.length !== second.length || first.some(({ text }, i) => text !== second[i]?.text)) {
    throw new Error('the models were asked different texts; ask both the same ones, in the same order');
  }
  const isRight = ({ intent, truth }: Judged) => intent === truth;
  const onlyFirst: string[] = [];
  const onlySecond: string[] = [];
  const differences = first.map((answer, i) => {
    const other = second[i];
    const was = isRight(answer);
    const is = other !== undefined && isRight(other);
    if (was && !is) onlyFirst.push(answer.text);
    if (is && !was) onlySecond.push(answer.text);
    return Number(is) - Number(was);
  });
  const p = signTest(onlyFirst.length, onlySecond.length);
  return {
    texts: first.length,
    gain: mean(differences),
    interval: bootstrapInterval(differences, seed),
    onlyFirst,
    onlySecond,
    p,
    isSignificant: p < 0.05,
  };
}

/**
 * Compares two training sets by their cross-validations, on the texts that both hold with the same truth: what was only
 * added or moved cannot be held against either. Both have the same fold for the same text (folds.ts). Pure.
 * Undefined where they share no text.
 */
export function compareOnCommon(
  before: readonly Judged[],
  after: readonly Judged[],
  seed = 1,
): Comparison | undefined {
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
    seed,
  );
}

/** Two-sided binomial test of `a` against `b` at one half. */
export function signTest(a: number, b: number): number {
  const n = a + b;
  const least = Math.min(a, b);
  let logTerm = -n * Math.LN2;
  let sum = 0;
  for (let k = 0; k <= least; k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * sum);
}
