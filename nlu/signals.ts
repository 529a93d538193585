import { readFileSync } from 'node:fs';
import { builtModel } from './built-model.ts';
import { dataFile } from './data-folder.ts';
import { type Model, none } from './model.ts';
import { readPhrases } from './phrases.ts';
import { shippedPhrases } from './shipped.ts';
import { type Phrase, train } from './train.ts';
import type { Locale, Signal, SignalHit } from './types.ts';
import { createUnderstanding } from './understand.ts';

export const allSignals: readonly Signal[] = ['angry', 'threat', 'fraud', 'third_party_harm'];

/** From here on a signal is told: of those, about nine of ten are right (docs/understanding.md). */
const toldFrom = 0.35;

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

let kept: Model | undefined;

/** The model of signals that Okno ships: as it was built, else trained from nlu/data in about two seconds; then kept. */
export function shippedSignals(): Model {
  if (!kept) {
    const lines = joinLines([...markedLines('ru'), ...markedLines('en')], everydayLines());
    kept = builtModel('signals', lines, () => trainSignals(lines));
  }
  return kept;
}

/** Prepares a model of signals for use. Synchronous and pure. */
export function createSignals(model: Model): ReadSignals {
  const { understand } = createUnderstanding(model);
  return (text, locale) =>
    understand(text, { kinds: [], ...(locale && { locale }) }).alternatives.flatMap(
      ({ intent, confidence }) => {
        const signal = allSignals.find((it) => it === intent);
        return signal && confidence >= toldFrom ? [{ signal, confidence }] : [];
      },
    );
}
