import { type Answer, answerAll } from '../evaluation/answers.ts';
import { type Comparison, compareAnswers, compareOnCommon } from '../evaluation/compare.ts';
import { crossValidate } from '../evaluation/cross-validate.ts';
import { figuresOf } from '../evaluation/figures.ts';
import { learningCurve } from '../evaluation/learning-curve.ts';
import { lint } from '../evaluation/lint.ts';
import { scopeCurve } from '../evaluation/scope-curve.ts';
import { readPhrases } from '../phrases.ts';
import { readText } from '../read-file.ts';
import type { Phrase } from '../train.ts';
import {
  type Command,
  flag,
  type Given,
  numberOf,
  optionalTexts,
  required,
  run,
  text,
  trainFrom,
  UsageError,
} from './frame.ts';
import { type Report, writeReport } from './report.ts';

const evaluateHelp = `okno nlu evaluate --train FILE [--test FILE | --folds N] [--oos FILE] [--oos-train FILE] [--json]

Trains on one file and measures on another, or, without a test file, on the phrases themselves by cross-validation:
accuracy with its 95 % interval, macro F1, calibration, figures of each intent, confusions, the choice of a threshold.

  --train FILE      training phrases, lines text<TAB>label
  --test FILE       phrases to measure on
  --folds N         without --test: parts of the cross-validation, 2 to 20 (5; 3 above 3000 phrases)
  --oos FILE        with --test: out-of-scope texts to measure on
  --oos-train FILE  out-of-scope texts to train on (and, without --test, to measure on, by folds)
  --oos-share N     the share of out-of-scope texts to expect (0.18)
  --against FILE    other training phrases: the gain over a model of these, with a significance test; without --test on
                    the phrases that both files hold, by cross-validation
  --curve           how accuracy grows with the number of phrases
  --lint            what to look at in the phrases: conflicts, near duplicates, too few, too similar, leaks, misplaced
  --seed N          (1)
  --json            print one JSON
`;

/** `okno nlu evaluate` */
export const evaluateCommand: Command = (argv, io) =>
  run(
    argv,
    io,
    evaluateHelp,
    {
      train: text,
      test: text,
      folds: text,
      oos: text,
      'oos-train': text,
      'oos-share': text,
      against: text,
      curve: flag,
      lint: flag,
      seed: text,
      json: flag,
    },
    (given) => {
      const report = evaluateFiles(given);
      if (given.json) io.stdout.write(`${JSON.stringify(report)}\n`);
      else writeReport(report, io.stdout);
    },
  );

function evaluateFiles(given: Given): Report {
  const file = required(given, 'train');
  if (given.test !== undefined && given.folds !== undefined)
    throw new UsageError('--test and --folds exclude each other; leave one out');
  if (given.test === undefined && given.oos !== undefined)
    throw new UsageError('--oos needs --test; out-of-scope texts for the folds are given by --oos-train');
  const phrases = readPhrases(readText(file), file);
  const seed = numberOf(given, 'seed', 1, 0, 2 ** 32 - 1);
  const test =
    given.test === undefined
      ? undefined
      : readPhrases(readText(required(given, 'test')), required(given, 'test'));
  const { model, answers } = ask(file, phrases, test, given);
  const other = given.against === undefined ? undefined : required(given, 'against');
  return {
    ...(model !== undefined && { model }),
    ...figuresOf(answers, { seed }),
    scopeCurve: scopeCurve(answers, numberOf(given, 'oos-share', 0.18, 0, 0.9)),
    ...(other !== undefined && { comparison: compareWith(other, test, answers, given) }),
    ...(given.curve === true && { learningCurve: learningCurve(phrases, { seed }) }),
    ...(given.lint === true && {
      findings: lint(phrases, test === undefined ? { answers } : { test }),
    }),
  };
}

/** Answers to texts that the asked model has not seen: those of the test, or each phrase by cross-validation. */
function ask(
  file: string,
  phrases: readonly Phrase[],
  test: readonly Phrase[] | undefined,
  given: Given,
): { readonly model?: string; readonly answers: readonly Answer[] } {
  const outOfScope = optionalTexts(given['oos-train']);
  if (test) {
    const model = trainFrom(file, phrases, outOfScope, given);
    return { model: model.id, answers: answerAll(model, test, optionalTexts(given.oos)) };
  }
  const folds = given.folds === undefined ? undefined : numberOf(given, 'folds', 5, 2, 20);
  const { answers } = crossValidate(phrases, {
    outOfScope,
    outOfScopeShare: numberOf(given, 'oos-share', 0.18, 0, 0.9),
    seed: numberOf(given, 'seed', 1, 0, 2 ** 32 - 1),
    ...(folds !== undefined && { folds: Math.round(folds) }),
  });
  return { answers };
}

/** The gain over other phrases: on the test, else by cross-validation on the phrases that both hold. */
function compareWith(
  other: string,
  test: readonly Phrase[] | undefined,
  answers: readonly Answer[],
  given: Given,
): Comparison {
  const phrases = readPhrases(readText(other), other);
  const before = ask(other, phrases, test, given).answers;
  if (test) return compareAnswers(before, answers);
  const compared = compareOnCommon(before, answers, numberOf(given, 'seed', 1, 0, 2 ** 32 - 1));
  if (!compared) throw new Error(`${other} and --train share no phrase; give --test FILE to compare on`);
  return compared;
}
