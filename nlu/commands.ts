import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.ts';
import { linesOf } from './lines.ts';
import { decodeModel, encodeModel, type Model } from './model.ts';
import { readPhrases, readTexts } from './phrases.ts';
import { train } from './train.ts';
import { createUnderstanding } from './understand.ts';

export type Io = { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable };
/** Runs with the arguments behind its name; 0: done, 1: the work failed, 2: bad usage. Never throws. */
export type Command = (argv: readonly string[], io: Io) => Promise<number>;

/** The command was called wrongly: exit code 2. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const trainHelp = `okno nlu train --data FILE.tsv [--oos FILE.tsv] [--oos-share 0.18] --out MODEL

Trains a model of intents from lines text<TAB>label, in any language.

  --data FILE       training phrases
  --oos FILE        texts that belong to no intent, one a line (a label behind a tab is ignored)
  --oos-share N     the share of such texts to expect in use, 0 to 0.9; it sets the threshold of "none" (0.18)
  --seed N          the same phrases and seed give the same model (1)
  --out MODEL       where to write the model
  --json            print the summary as one JSON line
`;

const predictHelp = `okno nlu predict --model MODEL

Reads one text a line from standard input and writes one JSON a line:
{"text","language","intent","confidence","alternatives":[{"intent","confidence"}],"entities":[{"kind","text","start","end","value"}]}

  --model MODEL     a model made by okno nlu train
  --json            accepted, and changes nothing: the output is JSON
`;

const evaluateHelp = `okno nlu evaluate --train FILE --test FILE [--oos FILE] [--oos-train FILE] [--json]

Trains on one file and measures on another: accuracy with its 95 % interval, macro F1, calibration, confusions.

  --train FILE      training phrases, lines text<TAB>label
  --test FILE       phrases to measure on
  --oos FILE        out-of-scope texts to measure on
  --oos-train FILE  out-of-scope texts to train on
  --oos-share N     the share of out-of-scope texts to expect (0.18)
  --seed N          (1)
  --json            print one JSON
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** `okno nlu train` */
export const trainCommand: Command = (argv, io) =>
  run(
    argv,
    io,
    trainHelp,
    { data: text, oos: text, 'oos-share': text, seed: text, out: text, json: flag },
    (given) => {
      const data = required(given, 'data');
      const out = required(given, 'out');
      const phrases = readPhrases(readText(data), data);
      const startedAt = performance.now();
      const outOfScope = optionalTexts(given.oos);
      const model = trainFrom(data, phrases, outOfScope, given);
      const bytes = encodeModel(model);
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(`${out}.partial`, bytes);
      renameSync(`${out}.partial`, out);
      const intents = model.labels.length - (outOfScope.length > 0 ? 1 : 0);
      const ms = Math.round(performance.now() - startedAt);
      io.stdout.write(
        given.json
          ? `${JSON.stringify({ model: model.id, out, texts: phrases.length, outOfScope: outOfScope.length, intents, bytes: bytes.length, ms })}\n`
          : `${out}: ${phrases.length} phrases, ${intents} intents, ${outOfScope.length} out of scope, ${(bytes.length / 1e6).toFixed(1)} MB, ${(ms / 1000).toFixed(1)} s, version ${model.id}\n`,
      );
    },
  );

/** `okno nlu predict` */
export const predictCommand: Command = (argv, io) =>
  run(argv, io, predictHelp, { model: text, json: flag }, async (given) => {
    const file = required(given, 'model');
    const { understand } = createUnderstanding(decodeModel(readBytes(file), file));
    for await (const line of linesOf(io.stdin)) {
      const { text, language, intent, confidence, alternatives, entities, model } = understand(line);
      const json = JSON.stringify({ text, language, intent, confidence, alternatives, entities, model });
      if (!io.stdout.write(`${json}\n`)) await new Promise((resolve) => io.stdout.once('drain', resolve));
    }
  });

/** `okno nlu evaluate` */
export const evaluateCommand: Command = (argv, io) =>
  run(
    argv,
    io,
    evaluateHelp,
    { train: text, test: text, oos: text, 'oos-train': text, 'oos-share': text, seed: text, json: flag },
    (given) => {
      const file = required(given, 'train');
      const testFile = required(given, 'test');
      const phrases = readPhrases(readText(file), file);
      const test = readPhrases(readText(testFile), testFile);
      const foreign = optionalTexts(given.oos);
      const foreignTraining = optionalTexts(given['oos-train']);
      const model = trainFrom(file, phrases, foreignTraining, given);
      const figures = evaluate(model, test, foreign);
      if (given.json) return void io.stdout.write(`${JSON.stringify({ model: model.id, ...figures })}\n`);
      const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
      io.stdout.write(
        [
          `accuracy          ${percent(figures.accuracy)} (95 %: ${percent(figures.interval[0])} to ${percent(figures.interval[1])}) on ${figures.texts} texts`,
          `macro F1          ${percent(figures.macroF1)}`,
          `calibration error ${percent(figures.calibrationError)}`,
          ...(figures.outOfScope
            ? [
                `out of scope      F1 ${percent(figures.outOfScope.f1)}, precision ${percent(figures.outOfScope.precision)}, recall ${percent(figures.outOfScope.recall)} on ${figures.outOfScope.texts} texts`,
                `in scope          ${percent(figures.inScopeAccuracy)} answered right`,
              ]
            : []),
          ...figures.confusions.map(
            ({ truth, answer, texts }) =>
              `${truth} taken for ${answer}: ${texts.map((t) => `"${t}"`).join(', ')}`,
          ),
          '',
        ].join('\n'),
      );
    },
  );

type Given = { readonly [name: string]: string | boolean | undefined };

async function run(
  argv: readonly string[],
  io: Io,
  help: string,
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
  work: (given: Given) => void | Promise<void>,
): Promise<number> {
  try {
    const given = parse(argv, { ...options, help: flag });
    if (given.help) io.stdout.write(help);
    else await work(given);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.stderr.write(`${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    io.stderr.write(`usage: ${help.split('\n')[0] ?? ''}\n`);
    return 2;
  }
}

function parse(
  argv: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): Given {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Given;
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function required(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

function numberOf(given: Given, name: string, fallback: number, low: number, high: number): number {
  const value = given[name];
  if (value === undefined) return fallback;
  const number = Number(value);
  if (value === '' || !(number >= low && number <= high)) {
    throw new UsageError(`--${name} is ${String(value)}; give a number from ${low} to ${high}`);
  }
  return number;
}

function trainFrom(
  file: string,
  phrases: Parameters<typeof train>[0],
  outOfScope: readonly string[],
  given: Given,
): Model {
  const outOfScopeShare = numberOf(given, 'oos-share', 0.18, 0, 0.9);
  const seed = numberOf(given, 'seed', 1, 0, 2 ** 32 - 1);
  try {
    return train(phrases, { outOfScope, outOfScopeShare, seed });
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const optionalTexts = (file: string | boolean | undefined): string[] =>
  typeof file === 'string' ? readTexts(readText(file)) : [];

const readText = (file: string): string => readBytes(file).toString('utf8');

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const problem =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : `cannot be read (${String(code)})`;
    throw new Error(`${file} ${problem}; check the path`);
  }
}
