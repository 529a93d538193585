import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Split } from './splits.ts';

/** The right answers of a classifier that is trained on each split and asked its test lines, and how many were asked. */
export type Counted = { readonly right: number; readonly asked: number };

type Classifier = {
  addDocument(stems: readonly string[], label: string): void;
  train(): void;
  classify(stems: readonly string[]): string;
};

const require = createRequire(import.meta.url);

/** `natural`'s classifiers over its own stems. */
function countNatural(
  splits: readonly Split[],
  language: 'en' | 'ru',
  kind: 'bayes' | 'logistic_regression',
) {
  const natural = 'natural/lib/natural';
  const stemmer: { stem(word: string): string } = require(
    `${natural}/stemmers/porter_stemmer${language === 'ru' ? '_ru' : ''}.js`,
  );
  const Made: new () => Classifier = require(`${natural}/classifiers/${kind}_classifier.js`);
  const stems = (text: string) =>
    (text.toLowerCase().match(/\p{L}+|\p{Nd}+/gu) ?? []).map((word) => stemmer.stem(word));
  let right = 0;
  let asked = 0;
  for (const { training, test } of splits) {
    const classifier = new Made();
    for (const { text, label } of training) classifier.addDocument(stems(text), label);
    classifier.train();
    for (const { text, label } of test) {
      if (classifier.classify(stems(text)) === label) right++;
      asked++;
    }
  }
  return { right, asked };
}

export const countNaturalBayes = (splits: readonly Split[], language: 'en' | 'ru'): Counted =>
  countNatural(splits, language, 'bayes');
export const countNaturalLogistic = (splits: readonly Split[], language: 'en' | 'ru'): Counted =>
  countNatural(splits, language, 'logistic_regression');

const peers = new URL('../peers/node_modules/@nlpjs/basic/package.json', import.meta.url);

/** nlp.js as shipped, from the bench's own package; undefined where that is not installed. */
export async function countNlpJs(
  splits: readonly Split[],
  language: 'en' | 'ru',
): Promise<Counted | undefined> {
  if (!existsSync(peers)) return undefined;
  type Nlp = {
    addLanguage(language: string): void;
    addDocument(language: string, text: string, intent: string): void;
    train(): Promise<void>;
    process(language: string, text: string): Promise<{ intent: string }>;
  };
  const { dockStart }: { dockStart(settings: object): Promise<{ get(name: 'nlp'): Nlp }> } =
    createRequire(peers)('@nlpjs/basic');
  let right = 0;
  let asked = 0;
  for (const { training, test } of splits) {
    const dock = await dockStart({ use: ['Basic'], settings: { nlp: { autoSave: false, log: false } } });
    const nlp = dock.get('nlp');
    nlp.addLanguage(language);
    for (const { text, label } of training) nlp.addDocument(language, text, label);
    await nlp.train();
    for (const { text, label } of test) {
      if ((await nlp.process(language, text)).intent === label) right++;
      asked++;
    }
  }
  return { right, asked };
}
