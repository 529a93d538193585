import type { HeldOut } from '../calibrate.ts';
import { none } from '../model.ts';
import { fitConfidence, manyTexts, type Phrase, type TrainOptions, train } from '../train.ts';
import { createUnderstanding, type Weighed } from '../understand.ts';
import { type Answer, answerOf } from './answers.ts';
import { type Evaluation, figuresOf } from './figures.ts';
import { foldsByWords } from './folds.ts';
import { type ScopePoint, scopeCurve } from './scope-curve.ts';

export type CrossValidationOptions = Omit<TrainOptions, 'folds'> & {
  /** 5; 3 above 3000 phrases. Each intent needs at least two phrases, or it is only ever confused. */
  readonly folds?: number;
};

/** Every text answered once, by a model that was trained without it. */
export type CrossValidation = {
  readonly folds: number;
  readonly seed: number;
  readonly answers: readonly Answer[];
  readonly figures: Evaluation;
  /** Empty where no out-of-scope texts were given. */
  readonly scopeCurve: readonly ScopePoint[];
};

/**
 * k-fold cross-validation; which fold a text is in is told by its words alone, so that two models are compared on the
 * same parts. A fold's temperature and threshold are fitted on the other folds' scores, so that no text has a say in its
 * own answer.
 */
export function crossValidate(
  phrases: readonly Phrase[],
  options: CrossValidationOptions = {},
): CrossValidation {
  const { seed = 1, outOfScope = [], outOfScopeShare = 0.18, onProgress } = options;
  const folds = options.folds ?? (phrases.length > manyTexts ? 3 : 5);
  const texts = [...phrases, ...outOfScope.map((text) => ({ text, label: none }))];
  const fold = foldsByWords(texts, folds, seed);
  const tried = Array.from({ length: folds }, (_, f) => {
    const others = texts.filter((_, i) => fold[i] !== f);
    const model = train(
      others.filter(({ label }) => label !== none),
      {
        ...options,
        outOfScope: others.filter(({ label }) => label === none).map(({ text }) => text),
        folds: 0,
        onProgress: (share) => onProgress?.((f + share) / folds),
      },
    );
    const { weigh } = createUnderstanding(model);
    return texts
      .map((phrase, i) => ({ phrase, i }))
      .filter(({ i }) => fold[i] === f)
      .map(({ phrase, i }) => ({ phrase, i, f, weighed: weigh(phrase.text), labels: model.labels }));
  });
  const answers = tried
    .flatMap((asked, f) => {
      const heldOut = tried.flatMap((other, g) => (f === g ? [] : other.map(heldOutOf)));
      const known = asked[0]?.labels ?? [];
      const by = { labels: known, ...fitConfidence(heldOut, known.indexOf(none), outOfScopeShare) };
      return asked.map(({ phrase, i, weighed }) => ({
        i,
        answer: answerOf(phrase.text, phrase.label, weighed, by),
      }));
    })
    .sort((a, b) => a.i - b.i)
    .map(({ answer }) => answer);
  return {
    folds,
    seed,
    answers,
    figures: figuresOf(answers, { seed }),
    scopeCurve: scopeCurve(answers, outOfScopeShare),
  };
}

const heldOutOf = (asked: {
  readonly phrase: Phrase;
  readonly weighed: Weighed;
  readonly labels: readonly string[];
}): HeldOut => ({ scores: asked.weighed.scores, label: asked.labels.indexOf(asked.phrase.label) });
