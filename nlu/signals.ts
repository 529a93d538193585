import { readFileSync } from 'node:fs';
import { builtModel } from './built-model.ts';
import { dataFile } from './data-folder.ts';
import { type Model, none } from './model.ts';
import { readPhrases } from './phrases.ts';
import { shippedPhrases } from './shipped.ts';
import { wordsOf } from './text.ts';
import { heated, heatOf } from './tone.ts';
import { type Phrase, train } from './train.ts';
import type { Alternative, Locale, Signal, SignalHit } from './types.ts';
import { createUnderstanding } from './understand.ts';

export const allSignals: readonly Signal[] = ['angry', 'threat', 'fraud', 'third_party_harm'];

/** From here on a signal is told: of those, about nine of ten are right (docs/understanding.md). */
const toldFrom: Readonly<Record<Signal, number>> = {
  angry: 0.45,
  threat: 0.35,
  fraud: 0.27,
  third_party_harm: 0.35,
};

/** Below it for the first model, and with no heat, a text is not read again for anger: in folds that cost no line in 200. */
const suspectFrom = 0.005;

/**
 * One word stands for the whole meaning of a text that has no other, and the other models have not seen such texts: "old"
 * alone was harm to an old person. Up to this many words a signal needs the word of the model for short texts too.
 */
const mostShortWords = 3;

/**
 * What that model must give a signal at least, more for those that pass the client to a person at once: chosen on half of a
 * list of words and codes, and by folds of the marked lines (decision 50).
 */
const confirmedFrom: Readonly<Record<Signal, number>> = {
  angry: 0.12,
  threat: 0.12,
  fraud: 0.2,
  third_party_harm: 0.2,
};

/** The signals that a text shows, the likeliest first; mostly none. */
export type ReadSignals = (text: string, locale?: Locale) => SignalHit[];

/** The lines that a model of signals is trained from: with a signal as label, and calm ones. */
export type SignalLines = { readonly phrases: readonly Phrase[]; readonly calm: readonly string[] };

/** The marked lines that Okno ships, of a language; calm ones with the label `none`. */
export const markedLines = (locale: Locale): Phrase[] => readLines(`${locale}/signals.tsv`);

/** More lines for anger alone, of a language: angry ones, and calm ones that are about the same things. */
export const angerLines = (locale: Locale): Phrase[] => readLines(`${locale}/anger.tsv`);

/** More lines of one to a few words, of a language: signals, and words, names, codes and keys struck that are none. */
const shortLines = (locale: Locale): Phrase[] => readLines(`${locale}/short.tsv`);

function readLines(file: string): Phrase[] {
  return readPhrases(readFileSync(dataFile(file), 'utf8'), `nlu/data/${file}`);
}

const fraudIntent = 'report_fraud';

/** What clients of a bank say every day: the demo bank's requests, of which some report a fraud, and texts of no intent. */
export function everydayLines(): SignalLines {
  const { phrases, outOfScope } = shippedPhrases();
  const isFraud = ({ label }: Phrase) => label === fraudIntent;
  return {
    phrases: phrases.filter(isFraud).map(({ text }) => ({ text, label: 'fraud' })),
    calm: [...phrases.filter((phrase) => !isFraud(phrase)).map(({ text }) => text), ...outOfScope],
  };
}

/** Marked lines and everyday ones together. */
function joinLines(marked: readonly Phrase[], everyday: SignalLines): SignalLines {
  const calm = marked.filter(({ label }) => label === none).map(({ text }) => text);
  return {
    phrases: [...marked.filter(({ label }) => label !== none), ...everyday.phrases],
    calm: [...calm, ...everyday.calm],
  };
}

/** Trains a model of signals. Most texts that it will see are calm. */
export function trainSignals({ phrases, calm }: SignalLines): Model {
  return train(phrases, { outOfScope: calm, outOfScopeShare: 0.9, folds: 3, useTitles: false });
}

/**
 * One model for anger, which has more lines, and one for the others: in one model they cost each other recall. `short`, of
 * all lines and the short ones, is asked besides of texts of a few words.
 */
export type SignalModels = { readonly signals: Model; readonly anger: Model; readonly short: Model };

/** What each model is trained from, given the marked lines and those for anger alone. */
export function linesOfModels(
  marked: readonly Phrase[],
  more: readonly Phrase[],
): Readonly<Record<keyof SignalModels, SignalLines>> {
  const everyday = everydayLines();
  const short = [...shortLines('ru'), ...shortLines('en')];
  return {
    signals: joinLines(marked, everyday),
    anger: joinLines([...marked, ...more], everyday),
    short: joinLines([...marked, ...more, ...short], everyday),
  };
}

let kept: SignalModels | undefined;

/** The models of signals that Okno ships: as they were built, else trained from nlu/data in some seconds; then kept. */
export function shippedSignals(): SignalModels {
  if (!kept) {
    const lines = linesOfModels(
      [...markedLines('ru'), ...markedLines('en')],
      [...angerLines('ru'), ...angerLines('en')],
    );
    const built = (name: string, of: SignalLines) => builtModel(name, of, () => trainSignals(of));
    kept = {
      signals: built('signals', lines.signals),
      anger: built('anger', lines.anger),
      short: built('short-signals', lines.short),
    };
  }
  return kept;
}

const chanceOf = (signal: Signal, alternatives: readonly Alternative[]): number =>
  alternatives.find(({ intent }) => intent === signal)?.confidence ?? 0;

/** Prepares models of signals for use. Synchronous and pure. */
export function createSignals(models: SignalModels): ReadSignals {
  const all = createUnderstanding(models.signals);
  const angry = createUnderstanding(models.anger);
  const short = createUnderstanding(models.short);
  return (text, locale) => {
    const options = { kinds: [], ...(locale && { locale }) };
    const { alternatives } = all.understand(text, options);
    const heat = heatOf(text);
    const isSuspect = heat > 0 || chanceOf('angry', alternatives) > suspectFrom;
    const told = allSignals.flatMap((signal): SignalHit[] => {
      const isAnger = signal === 'angry';
      if (isAnger && !isSuspect) return [];
      const cool = isAnger ? angry.understand(text, options).alternatives : alternatives;
      const confidence = heated(chanceOf(signal, cool), isAnger ? heat : 0);
      return confidence >= toldFrom[signal] ? [{ signal, confidence }] : [];
    });
    if (told.length > 0 && wordsOf(text).length <= mostShortWords) {
      const again = short.understand(text, options).alternatives;
      return sorted(told.flatMap((hit) => confirmed(hit, again, heat)));
    }
    return sorted(told);
  };
}

/** A signal of a short text, as sure as the less sure of the two models; none where the second hardly sees it. */
function confirmed(
  { signal, confidence }: SignalHit,
  again: readonly Alternative[],
  heat: number,
): SignalHit[] {
  const second = heated(chanceOf(signal, again), signal === 'angry' ? heat : 0);
  return second >= confirmedFrom[signal] ? [{ signal, confidence: Math.min(confidence, second) }] : [];
}

const sorted = (hits: readonly SignalHit[]): SignalHit[] =>
  [...hits].sort((a, b) => b.confidence - a.confidence);
