import { calibrationError } from './calibrate.ts';
import { randomBy } from './hash.ts';
import { type Model, none } from './model.ts';
import type { Phrase } from './train.ts';
import { createUnderstanding } from './understand.ts';

/** Figures of one intent; `none` among them when out-of-scope texts were given. */
export type IntentFigures = {
  readonly intent: string;
  readonly texts: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

export type Evaluation = {
  readonly texts: number;
  /** Share of in-scope texts with the right best label, whether turned away as `none` or not. */
  readonly accuracy: number;
  /** Share of in-scope texts whose answer is right: not `none`, and the right intent. */
  readonly inScopeAccuracy: number;
  /** Share of in-scope texts that were answered `none`. */
  readonly turnedAway: number;
  /** 95 % interval of `accuracy` by bootstrap over the texts. */
  readonly interval: readonly [number, number];
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
  readonly confusions: readonly {
    readonly truth: string;
    readonly answer: string;
    readonly texts: readonly string[];
  }[];
};

const maxConfusions = 20;
const maxTexts = 5;

/** Measures a model on labelled texts that it was not trained on, and on texts that belong to none of its intents. */
export function evaluate(
  model: Model,
  phrases: readonly Phrase[],
  outOfScope: readonly string[] = [],
  seed = 1,
): Evaluation {
  const { understand } = createUnderstanding(model);
  const answers = phrases.map(({ text, label }) => {
    const { intent, confidence, alternatives } = understand(text, { kinds: [] });
    return { text, label, intent, best: alternatives[0]?.intent ?? none, confidence };
  });
  const foreign = outOfScope.map((text) => ({ text, intent: understand(text, { kinds: [] }).intent }));
  const right = answers.map(({ best, label }) => (best === label ? 1 : 0));
  const labels = [...new Set(phrases.map(({ label }) => label))].sort();
  const intents = labels.map((intent) =>
    figuresOf(
      intent,
      answers.map(({ label, best }) => ({ truth: label, answer: best })),
    ),
  );
  const caught = foreign.filter(({ intent }) => intent === none).length;
  const turnedAway = answers.filter(({ intent }) => intent === none).length;
  return {
    texts: phrases.length,
    accuracy: mean(right),
    inScopeAccuracy: mean(answers.map(({ intent, label }) => (intent === label ? 1 : 0))),
    turnedAway: phrases.length === 0 ? 0 : turnedAway / phrases.length,
    interval: bootstrapInterval(right, seed),
    macroF1: mean(intents.map(({ f1 }) => f1)),
    calibrationError: calibrationError(
      answers.map(({ confidence, best, label }) => ({ confidence, right: best === label })),
    ),
    ...(foreign.length > 0 && {
      outOfScope: {
        texts: foreign.length,
        ...ratios(caught, caught + turnedAway, foreign.length),
      },
    }),
    intents,
    confusions: confusionsOf(answers),
  };
}

function ratios(hits: number, answered: number, wanted: number) {
  const precision = answered === 0 ? 0 : hits / answered;
  const recall = wanted === 0 ? 0 : hits / wanted;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function figuresOf(
  intent: string,
  pairs: readonly { readonly truth: string; readonly answer: string }[],
): IntentFigures {
  const hits = pairs.filter(({ truth, answer }) => truth === intent && answer === intent).length;
  const answered = pairs.filter(({ answer }) => answer === intent).length;
  const texts = pairs.filter(({ truth }) => truth === intent).length;
  return { intent, texts, ...ratios(hits, answered, texts) };
}

function confusionsOf(
  answers: readonly { text: string; label: string; best: string }[],
): Evaluation['confusions'] {
  const byPair = new Map<string, { truth: string; answer: string; texts: string[]; n: number }>();
  for (const { text, label, best } of answers) {
    if (label === best) continue;
    const key = `${label}\t${best}`;
    const pair = byPair.get(key) ?? { truth: label, answer: best, texts: [], n: 0 };
    pair.n++;
    if (pair.texts.length < maxTexts) pair.texts.push(text);
    byPair.set(key, pair);
  }
  return [...byPair.values()]
    .sort((a, b) => b.n - a.n || (a.truth < b.truth ? -1 : 1))
    .slice(0, maxConfusions)
    .map(({ truth, answer, texts }) => ({ truth, answer, texts }));
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The 2.5th and 97.5th percentile of the mean over resamples with replacement (Efron, 1979). */
function bootstrapInterval(values: readonly number[], seed: number, resamples = 1000): [number, number] {
  if (values.length === 0) return [0, 0];
  const random = randomBy(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort();
  return [means[Math.floor(resamples * 0.025)] ?? 0, means[Math.ceil(resamples * 0.975) - 1] ?? 0];
}
