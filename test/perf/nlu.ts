/**
 * The figures of docs/understanding.md: `npx tsx test/perf/nlu.ts [few|peers|full|scope|speed ...]`.
 * Only training data is used, by folds or by what is left of it: the test splits are not here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { answerAll } from '../../nlu/evaluation/answers.ts';
import { figuresOf } from '../../nlu/evaluation/figures.ts';
import type { FeatureSettings } from '../../nlu/features.ts';
import { encodeModel } from '../../nlu/model.ts';
import { readPhrases, readTexts } from '../../nlu/phrases.ts';
import { shippedPhrases } from '../../nlu/shipped.ts';
import { foldsOf, type Phrase, train } from '../../nlu/train.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const folder = '../shared/data/nlu';
const load = (file: string): Phrase[] => readPhrases(readFileSync(`${folder}/${file}`, 'utf8'), file);
const loadTexts = (file: string): string[] => readTexts(readFileSync(`${folder}/${file}`, 'utf8'));
const say = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number) => (100 * share).toFixed(1);

type Split = { readonly training: readonly Phrase[]; readonly test: readonly Phrase[] };

/** The first ten of each intent train, a quarter of the other lines tests. */
function fewShot(): Split {
  const training = load('banking77/train_10shot.tsv');
  const known = new Set(training.map(({ text }) => text));
  const rest = load('banking77/train.tsv').filter(({ text }) => !known.has(text));
  return { training, test: rest.filter((_, i) => i % 4 === 0) };
}

function foldsOfSet(phrases: readonly Phrase[], folds: number, used = folds): Split[] {
  const labels = [...new Set(phrases.map(({ label }) => label))];
  const fold = foldsOf(
    Int32Array.from(phrases, ({ label }) => labels.indexOf(label)),
    folds,
    1,
  );
  return Array.from({ length: used }, (_, f) => ({
    training: phrases.filter((_, i) => fold[i] !== f),
    test: phrases.filter((_, i) => fold[i] === f),
  }));
}

type Settings = { readonly features?: Partial<FeatureSettings>; readonly useTitles?: boolean };

function accuracy(splits: readonly Split[], settings: Settings = {}): string {
  let right = 0;
  let all = 0;
  for (const { training, test } of splits) {
    const { understand } = createUnderstanding(train(training, { ...settings, folds: 2 }));
    for (const { text, label } of test) {
      if (understand(text, { kinds: [] }).alternatives[0]?.intent === label) right++;
      all++;
    }
  }
  return percent(right / all);
}

/** `natural`'s naive Bayes over its own stems. */
function bayesAccuracy(splits: readonly Split[], language: 'en' | 'ru'): string {
  const require = createRequire(import.meta.url);
  const natural = 'natural/lib/natural';
  const stemmer: { stem(word: string): string } = require(
    `${natural}/stemmers/porter_stemmer${language === 'ru' ? '_ru' : ''}.js`,
  );
  const Bayes: new () => {
    addDocument(stems: readonly string[], label: string): void;
    train(): void;
    classify(stems: readonly string[]): string;
  } = require(`${natural}/classifiers/bayes_classifier.js`);
  const stems = (text: string) =>
    (text.toLowerCase().match(/\p{L}+|\p{Nd}+/gu) ?? []).map((word) => stemmer.stem(word));
  let right = 0;
  let all = 0;
  for (const { training, test } of splits) {
    const bayes = new Bayes();
    for (const { text, label } of training) bayes.addDocument(stems(text), label);
    bayes.train();
    for (const { text, label } of test) {
      if (bayes.classify(stems(text)) === label) right++;
      all++;
    }
  }
  return percent(right / all);
}

function few(): void {
  const english = [fewShot()];
  const russian = foldsOfSet(load('banking77-ru/train.tsv'), 5);
  const other: Split[] = [
    {
      training: load('clinc150/train_10shot.tsv'),
      test: load('clinc150/val.tsv').filter((_, i) => i % 3 === 0),
    },
  ];
  say('few phrases', 'Banking77, 10 an intent', 'Banking77-ru, 5 folds of 770', 'CLINC150, 10 an intent');
  say('---', '---', '---', '---');
  const line = (name: string, settings: Settings) =>
    say(name, accuracy(english, settings), accuracy(russian, settings), accuracy(other, settings));
  line('all steps', {});
  line('without concepts', { features: { concepts: 0 } });
  line('without word vectors', { features: { vectors: 0 } });
  line('without both', { features: { concepts: 0, vectors: 0 } });
  line('without whitening', { features: { whitening: false } });
  line('without titles', { useTitles: false });
  line('without word pairs', { features: { pairDistance: 0 } });
  line('without character n-grams', { features: { latinGrams: 0, cyrillicGrams: 0 } });
  line('names as any word', { features: { names: false } });
}

function peers(): void {
  say('few phrases', 'Banking77, 10 an intent', 'Banking77-ru, 5 folds of 770');
  say('---', '---', '---');
  const russian = foldsOfSet(load('banking77-ru/train.tsv'), 5);
  say('natural, naive Bayes', bayesAccuracy([fewShot()], 'en'), bayesAccuracy(russian, 'ru'));
}

function full(): void {
  say('many phrases', 'accuracy', '95 %', 'macro F1', 'calibration error');
  say('---', '---', '---', '---', '---');
  const sets: readonly (readonly [string, Split])[] = [
    ...foldsOfSet(load('banking77/train.tsv'), 5, 1).map(
      (split) => ['Banking77, one fold of five', split] as const,
    ),
    ['CLINC150, train and val', { training: load('clinc150/train.tsv'), test: load('clinc150/val.tsv') }],
  ];
  for (const [name, { training, test }] of sets) {
    const figures = figuresOf(answerAll(train(training), test));
    const interval = figures.interval.map(percent).join(' to ');
    say(
      name,
      percent(figures.accuracy),
      interval,
      percent(figures.macroF1),
      percent(figures.calibrationError),
    );
  }
}

function scope(): void {
  const model = train(load('clinc150/train.tsv'), {
    outOfScope: loadTexts('clinc150/oos_train.tsv'),
    outOfScopeShare: 0.18,
  });
  const foreign = loadTexts('clinc150/oos_val.tsv');
  const figures = figuresOf(answerAll(model, load('clinc150/val.tsv'), foreign));
  const recall = figures.outOfScope?.recall ?? 0;
  // The validation split has 100 out-of-scope texts beside 3000: weighed here as the 18 % that are expected.
  const weight = ((0.18 / 0.82) * figures.texts) / foreign.length;
  const caught = weight * foreign.length * recall;
  const wronged = figures.texts * figures.turnedAway;
  const f1 = (2 * caught) / (caught + wronged + weight * foreign.length);
  say('CLINC150 with out of scope', 'in scope right', 'F1 of none at 18 %', 'recall of none');
  say('---', '---', '---', '---');
  say('validation', percent(figures.inScopeAccuracy), percent(f1), percent(recall));
}

function speed(): void {
  const { phrases, outOfScope } = shippedPhrases();
  const sets: readonly (readonly [string, readonly Phrase[], readonly string[]])[] = [
    ['demo bank', phrases, outOfScope],
    ['Banking77-ru, 770', load('banking77-ru/train.tsv'), []],
    ['Banking77, 10 003', load('banking77/train.tsv'), []],
  ];
  say('set', 'train, CPU s', 'with calibration, CPU s', 'model, MB', 'intent p50, µs', 'all kinds p50, µs');
  say('---', '---', '---', '---', '---', '---');
  for (const [name, texts, foreign] of sets) {
    const seconds = (work: () => void) => {
      const before = process.cpuUsage();
      work();
      const used = process.cpuUsage(before);
      return ((used.user + used.system) / 1e6).toFixed(1);
    };
    let model = train(texts.slice(0, 200));
    const alone = seconds(() => train(texts, { outOfScope: foreign, folds: 0 }));
    const whole = seconds(() => {
      model = train(texts, { outOfScope: foreign });
    });
    const { understand } = createUnderstanding(model);
    const median = (kinds?: readonly []) => {
      const times: number[] = [];
      for (let pass = 0; pass < 5; pass++) {
        for (const { text } of texts.slice(0, 1000)) {
          const startedAt = performance.now();
          understand(text, kinds ? { kinds } : { today: '2026-03-18' });
          if (pass > 1) times.push(performance.now() - startedAt);
        }
      }
      return Math.round((times.sort((a, b) => a - b)[times.length >> 1] ?? 0) * 1000);
    };
    say(name, alone, whole, (encodeModel(model).length / 1e6).toFixed(1), median([]), median());
  }
}

const parts = { few, peers, full, scope, speed };
if (!existsSync(folder)) console.log(`${folder} is not here; nothing to measure`);
else {
  const asked = process.argv.slice(2);
  for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) part();
}
