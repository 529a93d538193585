import { readFileSync } from 'node:fs';
import { builtModel } from './built-model.ts';
import { dataFile } from './data-folder.ts';
import type { Model } from './model.ts';
import { readPhrases, readTexts } from './phrases.ts';
import { type Phrase, train } from './train.ts';
import type { Locale } from './types.ts';

const locales: readonly Locale[] = ['ru', 'en'];

/** The demo bank's phrases in both languages, and texts that belong to none of its intents. */
export function shippedPhrases(): { phrases: Phrase[]; outOfScope: string[] } {
  const read = (file: string) => readFileSync(dataFile(file), 'utf8');
  return {
    phrases: locales.flatMap((locale) =>
      readPhrases(read(`${locale}/intents.tsv`), `nlu/data/${locale}/intents.tsv`),
    ),
    outOfScope: locales.flatMap((locale) => readTexts(read(`${locale}/out-of-scope.txt`))),
  };
}

let kept: Model | undefined;

/** The model of the demo bank's intents: as it was built, else trained from nlu/data in about a second; then kept. */
export function shippedModel(): Model {
  if (!kept) {
    const { phrases, outOfScope } = shippedPhrases();
    kept = builtModel('demo-bank', [phrases, outOfScope], () =>
      train(phrases, { outOfScope, outOfScopeShare: 0.3 }),
    );
  }
  return kept;
}
