import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defaultFeatures, type Features } from '../../../nlu/features.ts';
import { hashText } from '../../../nlu/hash.ts';
import { score } from '../../../nlu/logistic.ts';
import { createEncode, fitSpace, width } from '../../../nlu/space.ts';
import { fitSvm } from '../../../nlu/svm.ts';
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

/** Words and their neighbours, and n-grams of two to five letters inside words: nothing else is made of a text. */
function readPlainly(text: string): Features {
  const lower = text.toLowerCase();
  const words = lower.match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  const grams: number[] = [];
  for (const word of lower
    .split(/\s+/)
    .filter(Boolean)
    .map((plain) => ` ${plain} `)) {
    for (let size = 2; size <= Math.min(5, word.length); size++)
      for (let start = 0; start + size <= word.length; start++)
        grams.push(hashText(word, 2, start, start + size));
  }
  return {
    words: Uint32Array.from([...words, ...pairs], (each) => hashText(each, 1)),
    concepts: Uint32Array.from(grams),
    vector: undefined,
    cyrillic: false,
  };
}

/** Support vectors over plain TF-IDF, words and n-grams side by side. */
export function countPlainSvm(splits: readonly Split[]): Counted {
  const settings = { ...defaultFeatures, concepts: 1, vectors: 0, whitening: false };
  let right = 0;
  let asked = 0;
  for (const { training, test } of splits) {
    const labels = [...new Set(training.map(({ label }) => label))];
    const classes = Int32Array.from(training, ({ label }) => labels.indexOf(label));
    const texts = training.map(({ text }) => readPlainly(text));
    const space = fitSpace(texts, classes, 1, 1, settings);
    const encode = createEncode(space);
    const options = { cost: 1, passes: 6, seed: 1 };
    const weights = fitSvm(texts.map(encode), classes, width(space), labels.length, options);
    const scores = new Float64Array(labels.length);
    for (const { text, label } of test) {
      score(weights, encode(readPlainly(text)), labels.length, scores);
      if (labels[scores.indexOf(Math.max(...scores))] === label) right++;
      asked++;
    }
  }
  return { right, asked };
}

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
  type Basic = {
    readonly dock: { containers: object };
    dockStart(settings: object): Promise<{ get(name: 'nlp'): Nlp }>;
  };
  const { dock, dockStart: start }: Basic = createRequire(peers)('@nlpjs/basic');
  let right = 0;
  let asked = 0;
  for (const { training, test } of splits) {
    // Else every start gives the one container of the process, which knows the lines of the splits before.
    dock.containers = {};
    const container = await start({ use: ['Basic'], settings: { nlp: { autoSave: false, log: false } } });
    const nlp = container.get('nlp');
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
