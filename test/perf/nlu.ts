/**
 * The figures of docs/understanding.md: `npx tsx test/perf/nlu.ts [few|spoilt|peers|full|curve|scope|nonsense|speed ...]`.
 * Only training data is used, by folds or by what is left of it: the test splits are not here. nlp.js stands beside
 * where `npm run bench -- --peers` has installed it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerAll } from '../../nlu/evaluation/answers.ts';
import { figuresOf } from '../../nlu/evaluation/figures.ts';
import { bootstrapInterval } from '../../nlu/evaluation/resample.ts';
import type { FeatureSettings } from '../../nlu/features.ts';
import { decodeModel, encodeModel, none } from '../../nlu/model.ts';
import { shippedPhrases } from '../../nlu/shipped.ts';
import { type Phrase, train } from '../../nlu/train.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { makeNonsense, nonsenseKinds } from '../nlu/nonsense.ts';
import {
  type Counted,
  countNaturalBayes,
  countNaturalLogistic,
  countNlpJs,
  countPlainSvm,
} from './nlu/baselines.ts';
import {
  folder,
  foldsOfSet,
  inLatin,
  load,
  loadTexts,
  russianFolds,
  type Split,
  shareOf,
  slipper,
  spoil,
  tenOfBanking,
  tenOfClinc,
  wrongLayout,
} from './nlu/splits.ts';

const say = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number) => (100 * share).toFixed(1);

type Settings = {
  readonly features?: Partial<FeatureSettings>;
  readonly useTitles?: boolean;
  readonly repairsTypos?: boolean;
};

/** 1 for each test text whose best label is right, else 0. */
function rights(splits: readonly Split[], { repairsTypos = true, ...settings }: Settings = {}): number[] {
  return splits.flatMap(({ training, test }) => {
    const model = train(training, { ...settings, folds: 0 });
    const answers = answerAll(repairsTypos ? model : { ...model, vocabulary: [] }, test);
    return answers.map(({ best, truth }) => Number(best === truth));
  });
}

const accuracyOf = (right: readonly number[]): string =>
  percent(right.reduce((sum, one) => sum + one, 0) / right.length);

function few(): void {
  const sets = [[tenOfBanking()], russianFolds(), [tenOfClinc()]];
  say('few phrases', 'Banking77, 10 an intent', 'Banking77-ru, 5 folds of 770', 'CLINC150, 10 an intent');
  say('---', '---', '---', '---');
  const line = (name: string, settings: Settings) =>
    say(name, ...sets.map((splits) => accuracyOf(rights(splits, settings))));
  say('all steps', ...sets.map((splits) => withInterval(rights(splits))));
  line('without concepts', { features: { concepts: 0 } });
  line('without word vectors', { features: { vectors: 0 } });
  line('without both', { features: { concepts: 0, vectors: 0 } });
  line('without whitening', { features: { whitening: false } });
  line('without titles', { useTitles: false });
  line('without word pairs', { features: { pairDistance: 0 } });
  line('without character n-grams', { features: { latinGrams: 0, cyrillicGrams: 0 } });
  line('names as any word', { features: { names: false } });
  line('without repair of typos', { repairsTypos: false });
  const english = load('banking77/train_10shot.tsv');
  const both = russianFolds().map(({ training, test }) => ({ training: [...training, ...english], test }));
  say('with 10 English lines of each intent', '', accuracyOf(rights(both)), '');
}

function withInterval(right: readonly number[]): string {
  const [low, high] = bootstrapInterval(right, 1);
  return `${accuracyOf(right)} (${percent(low)} to ${percent(high)})`;
}

/** The same lines, written as people write. */
function spoilt(): void {
  say('how the test lines are written', 'Banking77, 10 an intent', 'Banking77-ru, 5 folds of 770');
  say('---', '---', '---');
  const line = (
    name: string,
    change: (text: string) => string,
    isRussianOnly = false,
    settings: Settings = {},
  ) =>
    say(
      name,
      isRussianOnly ? '' : accuracyOf(rights(spoil([tenOfBanking()], change), settings)),
      accuracyOf(rights(spoil(russianFolds(), change), settings)),
    );
  line('as they are', (text) => text);
  line('in capitals', (text) => text.toUpperCase());
  line('two slips a line', slipper(2, 5));
  line('two slips a line, without repair of typos', slipper(2, 5), false, { repairsTypos: false });
  line('on the wrong layout', wrongLayout, true);
  line('in Latin letters', inLatin, true);
}

async function peers(): Promise<void> {
  const sets: readonly (readonly [readonly Split[], 'en' | 'ru'])[] = [
    [[tenOfBanking()], 'en'],
    [russianFolds(), 'ru'],
  ];
  say('peers, few phrases', 'Banking77, 10 an intent', 'Banking77-ru, 5 folds of 770');
  say('---', '---', '---');
  const cell = (counted: Counted | undefined) =>
    counted ? percent(counted.right / counted.asked) : 'not installed';
  say('natural, naive Bayes', ...sets.map((set) => cell(countNaturalBayes(...set))));
  const nlpJs: string[] = [];
  for (const set of sets) nlpJs.push(cell(await countNlpJs(...set)));
  say('nlp.js', ...nlpJs);
  const logistic = sets.map(([splits, language]) => cell(countNaturalLogistic(splits.slice(0, 1), language)));
  say('natural, logistic regression (one fold)', ...logistic);
}

function full(): void {
  say('many phrases', 'accuracy', '95 %', 'macro F1', 'calibration error');
  say('---', '---', '---', '---', '---');
  const sets: readonly (readonly [string, readonly Split[]])[] = [
    ['Banking77, five folds', foldsOfSet(load('banking77/train.tsv'), 5)],
    ['CLINC150, train and val', [{ training: load('clinc150/train.tsv'), test: load('clinc150/val.tsv') }]],
  ];
  for (const [name, splits] of sets) {
    const figures = figuresOf(splits.flatMap(({ training, test }) => answerAll(train(training), test)));
    const interval = figures.interval.map(percent).join(' to ');
    const macro = percent(figures.macroF1);
    say(name, percent(figures.accuracy), interval, macro, percent(figures.calibrationError));
    if (name.startsWith('CLINC')) continue;
    say('`natural`, naive Bayes, the same', percent(share(countNaturalBayes(splits, 'en'))), '', '', '');
    say('plain TF-IDF and support vectors, the same', percent(share(countPlainSvm(splits))), '', '', '');
  }
}

/** What more lines give: the same tests by models of parts of the lines, and nearly all lines. */
function curve(): void {
  const lines = load('banking77/train.tsv');
  const five = foldsOfSet(lines, 5);
  say('Banking77, learnt from', 'accuracy', 'mean of the intents', 'plain TF-IDF and support vectors');
  say('---', '---', '---', '---');
  const sets: readonly (readonly [string, readonly Split[]])[] = [
    ['40 % of the lines', shareOf(five, 0.5)],
    ['52 %', shareOf(five, 0.65)],
    ['65 %', shareOf(five, 0.8125)],
    ['80 %, five folds', five],
    ['95 %, twenty folds', foldsOfSet(lines, 20)],
  ];
  for (const [name, splits] of sets) {
    const answers = splits.flatMap(({ training, test }) => answerAll(train(training, { folds: 0 }), test));
    const { accuracy, intents } = figuresOf(answers);
    const meanOfIntents = intents.reduce((sum, { recall }) => sum + recall, 0) / intents.length;
    say(name, percent(accuracy), percent(meanOfIntents), percent(share(countPlainSvm(splits))));
  }
}

const share = ({ right, asked }: Counted): number => right / asked;

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

/** The shipped model on what says nothing, made by another seed than the limit was chosen on. */
function nonsense(): void {
  const { phrases, outOfScope } = shippedPhrases();
  const { understand } = createUnderstanding(train(phrases, { outOfScope, outOfScopeShare: 0.3 }));
  say('what says nothing', 'taken for an intent', 'confidence above 0.5');
  say('---', '---', '---');
  for (const kind of nonsenseKinds) {
    const answers = makeNonsense(kind, 1000, 77).map((text) => understand(text, { kinds: [] }));
    const shareOf = (is: (answer: (typeof answers)[number]) => boolean) =>
      percent(answers.filter(is).length / answers.length);
    say(
      kind,
      shareOf(({ intent }) => intent !== none),
      shareOf(({ confidence }) => confidence > 0.5),
    );
  }
}

function speed(): void {
  const { phrases, outOfScope } = shippedPhrases();
  const sets: readonly (readonly [string, readonly Phrase[], readonly string[]])[] = [
    ['demo bank', phrases, outOfScope],
    ['Banking77-ru, 770', load('banking77-ru/train.tsv'), []],
    ['Banking77, 10 003', load('banking77/train.tsv'), []],
  ];
  const heads = ['train, CPU s', 'with calibration, CPU s', 'model, MB', 'load, CPU ms'];
  say('set', ...heads, 'intent p10 and p50, µs', 'all kinds p50, µs');
  say('---', '---', '---', '---', '---', '---', '---');
  train(phrases.slice(0, 200));
  for (const [name, texts, foreign] of sets) {
    const alone = secondsOf(() => train(texts, { outOfScope: foreign, folds: 0 }));
    const whole = secondsOf(() => train(texts, { outOfScope: foreign }));
    const bytes = encodeModel(whole.made);
    const loaded = secondsOf(() => createUnderstanding(decodeModel(bytes)));
    const { p10, p50, all } = latencyOf(bytes, texts);
    say(
      name,
      alone.seconds.toFixed(1),
      whole.seconds.toFixed(1),
      (bytes.length / 1e6).toFixed(1),
      Math.round(loaded.seconds * 1000),
      `${p10}, ${p50}`,
      all,
    );
  }
}

/** CPU seconds of this process: other processes do not count, but a busy machine makes them dearer. */
function secondsOf<Made>(work: () => Made): { readonly made: Made; readonly seconds: number } {
  const before = process.cpuUsage();
  const made = work();
  const used = process.cpuUsage(before);
  return { made, seconds: (used.user + used.system) / 1e6 };
}

/** Microseconds of a text, in a process that has only loaded the model. */
function latencyOf(model: Uint8Array, texts: readonly Phrase[]): { p10: number; p50: number; all: number } {
  const place = mkdtempSync(join(tmpdir(), 'okno-latency-'));
  try {
    const files = [join(place, 'model'), join(place, 'texts.json')] as const;
    writeFileSync(files[0], model);
    writeFileSync(files[1], JSON.stringify(texts.slice(0, 1000).map(({ text }) => text)));
    const program = fileURLToPath(new URL('model-latency.ts', import.meta.url));
    return JSON.parse(
      execFileSync(process.execPath, ['--import', 'tsx', program, ...files], { encoding: 'utf8' }),
    );
  } finally {
    rmSync(place, { recursive: true });
  }
}

const parts = { few, spoilt, peers, full, curve, scope, nonsense, speed };
if (!existsSync(folder)) console.log(`${folder} is not here; nothing to measure`);
else {
  const asked = process.argv.slice(2);
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await part();
    console.log();
  }
}
