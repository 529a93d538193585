import { calibrationError } from '../calibrate.ts';
import { none } from '../model.ts';
import type { Answer } from './answers.ts';
import { bootstrapInterval, type Interval, mean } from './resample.ts';

/** Figures of one intent, by the best labels. */
export type IntentFigures = {
  readonly intent: string;
  readonly texts: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** 95 % interval of `recall`, by bootstrap. */
  readonly interval: Interval;
};

/** One intent taken for another, with some of the texts that cause it. */
export type Confusion = {
  readonly truth: string;
  readonly answer: string;
  readonly count: number;
  readonly texts: readonly string[];
};

export type Evaluation = {
  /** In-scope texts that were measured. */
  readonly texts: number;
  /** Share of in-scope texts with the right best label, whether turned away as `none` or not. */
  readonly accuracy: number;
  /** Share of in-scope texts whose answer is right: not `none`, and the right intent. */
  readonly inScopeAccuracy: number;
  /** Share of in-scope texts that were answered `none`. */
  readonly turnedAway: number;
  /** 95 % interval of `accuracy` by bootstrap over the texts. */
  readonly interval: Interval;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly outOfScope?: {
    readonly texts: number;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
  };
  readonly intents: readonly IntentFigures[];
  /** The commonest confusions, with the texts that cause them. */
  readonly confusions: readonly Confusion[];
};

export type FigureOptions = {
  /** Of the bootstrap. */
  readonly seed?: number;
  readonly maxConfusions?: number;
  /** Texts told for each confusion. */
  readonly maxTexts?: number;
};

/** The figures of answers. Pure. */
export function figuresOf(answers: readonly Answer[], options: FigureOptions = {}): Evaluation {
  const { seed = 1, maxConfusions = 20, maxTexts = 5 } = options;
  const ours = answers.filter(({ truth }) => truth !== none);
  const foreign = answers.filter(({ truth }) => truth === none);
  const right = ours.map(({ best, truth }) => (best === truth ? 1 : 0));
  const intents = intentFigures(ours, seed);
  const caught = foreign.filter(({ intent }) => intent === none).length;
  const turnedAway = ours.filter(({ intent }) => intent === none).length;
  return {
    texts: ours.length,
    accuracy: mean(right),
    inScopeAccuracy: mean(ours.map(({ intent, truth }) => (intent === truth ? 1 : 0))),
    turnedAway: turnedAway / Math.max(1, ours.length),
    interval: bootstrapInterval(right, seed),
    macroF1: mean(intents.map(({ f1 }) => f1)),
    calibrationError: calibrationError(
      ours.map(({ confidence, best, truth }) => ({ confidence, right: best === truth })),
    ),
    ...(foreign.length > 0 && {
      outOfScope: { texts: foreign.length, ...ratios(caught, caught + turnedAway, foreign.length) },
    }),
    intents,
    confusions: confusionsOf(ours, maxConfusions, maxTexts),
  };
}

/** Precision, recall and their harmonic mean from hits, what was answered and what was wanted. */
export function ratios(hits: number, answered: number, wanted: number) {
  const precision = answered === 0 ? 0 : hits / answered;
  const recall = wanted === 0 ? 0 : hits / wanted;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function intentFigures(ours: readonly Answer[], seed: number): IntentFigures[] {
  const answered = new Map<string, number>();
  const right = new Map<string, number[]>();
  for (const { truth, best } of ours) {
    answered.set(best, (answered.get(best) ?? 0) + 1);
    const list = right.get(truth);
    if (list) list.push(truth === best ? 1 : 0);
    else right.set(truth, [truth === best ? 1 : 0]);
  }
  return [...right]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([intent, list]) => {
      const hits = list.reduce((sum, one) => sum + one, 0);
      return {
        intent,
        texts: list.length,
        ...ratios(hits, answered.get(intent) ?? 0, list.length),
        interval: bootstrapInterval(list, seed),
      };
    });
}

function confusionsOf(ours: readonly Answer[], most: number, mostTexts: number): Confusion[] {
  const byPair = new Map<string, { truth: string; answer: string; count: number; texts: string[] }>();
  for (const { text, truth, best } of ours) {
    if (truth === best) continue;
    const key = `${truth}\t${best}`;
    const pair = byPair.get(key) ?? { truth, answer: best, count: 0, texts: [] };
    pair.count++;
    if (pair.texts.length < mostTexts) pair.texts.push(text);
    byPair.set(key, pair);
  }
  return [...byPair.values()]
    .sort((a, b) => b.count - a.count || (a.truth < b.truth ? -1 : 1))
    .slice(0, most);
}
