import { readFileSync } from 'node:fs';
import { builtModel } from './built-model.ts';
import { dataFile } from './data-folder.ts';
import { type Model, none } from './model.ts';
import { readPhrases } from './phrases.ts';
import { shippedPhrases } from './shipped.ts';
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

/** The signals that a text shows, the likeliest first; mostly none. */
export type ReadSignals = (text: string, locale?: Locale) => SignalHit[];

/** The lines that a model of signals is trained from: with a signal as label, and calm ones. */
export type SignalLines = { readonly phrases: readonly Phrase[]; readonly calm: readonly string[] };

/** The marked lines that Okno ships, of a language; calm ones with the label `none`. */
export function markedLines(locale: Locale): Phrase[] {
  const file = `${locale}/signals.tsv`;
  return readPhrases(readFileSync(dataFile(file), 'utf8'), `nlu/data/${file}`);
}

const fraudIntent = 'report_fraud';

/** More lines for anger alone, of a language: angry ones, and calm ones that are about the same things. */
export function angerLines(locale: Locale): Phrase[] {
  const file = `${locale}/anger.tsv`;
  return readPhrases(readFileSync(dataFile(file), 'utf8'), `nlu/data/${file}`);
}

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
export function joinLines(marked: readonly Phrase[], everyday: SignalLines): SignalLines {
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

/** One model for anger, which has more lines, and one for the others: in one model they cost each other recall. */
export type SignalModels = { readonly signals: Model; readonly anger: Model };

let kept: SignalModels | undefined;

/** The models of signals that Okno ships: as they were built, else trained from nlu/data in some seconds; then kept. */
export function shippedSignals(): SignalModels {
  if (!kept) {
    const marked = [...markedLines('ru'), ...markedLines('en')];
    const more = [...angerLines('ru'), ...angerLines('en')];
    const built = (name: string, lines: SignalLines) => builtModel(name, lines, () => trainSignals(lines));
    kept = {
      signals: built('signals', joinLines(marked, everydayLines())),
      anger: built('anger', joinLines([...marked, ...more], everydayLines())),
    };
  }
  return kept;
}

const angryIn = (alternatives: readonly Alternative[]): Alternative | undefined =>
  alternatives.find(({ intent }) => intent === 'angry');

/** Prepares models of signals for use. Synchronous and pure. */
export function createSignals({ signals, anger }: SignalModels): ReadSignals {
  const all = createUnderstanding(signals);
  const angry = createUnderstanding(anger);
  return (text, locale) => {
    const options = { kinds: [], ...(locale && { locale }) };
    const { alternatives } = all.understand(text, options);
    const told = alternatives.filter(({ intent }) => intent !== 'angry');
    const heat = heatOf(text);
    const isSuspect = heat > 0 || (angryIn(alternatives)?.confidence ?? 0) > suspectFrom;
    const cool = isSuspect && angryIn(angry.understand(text, options).alternatives);
    return [...told, ...(cool ? [{ intent: 'angry', confidence: heated(cool.confidence, heat) }] : [])]
      .flatMap(({ intent, confidence }) => {
        const signal = allSignals.find((it) => it === intent);
        return signal && confidence >= toldFrom[signal] ? [{ signal, confidence }] : [];
      })
      .sort((a, b) => b.confidence - a.confidence);
  };
}
