/**
 * How well signals are told in lines held out of training, by five folds, and how often in words, names and codes that show
 * none: `npx tsx test/perf/signals.ts`.
 */
import { readFileSync } from 'node:fs';
import { readPhrases } from '../../nlu/phrases.ts';
import { allSignals, createSignals, everydayLines, markedLines, shippedSignals } from '../../nlu/signals.ts';
import type { Signal } from '../../nlu/types.ts';
import { scoreOf, tellHeldOut } from '../nlu/signals.ts';

const told = tellHeldOut(5, 5);
const print = (name: string, signal: Signal, lines: typeof told) => {
  const { lines: own, precision, recall } = scoreOf(signal, lines);
  const f1 = (2 * precision * recall) / (precision + recall);
  console.log([name, signal, own, ...[precision, recall, f1].map((it) => it.toFixed(2))].join('\t'));
};
console.log('language\tsignal\tlines\tprecision\trecall\tF1');
for (const locale of ['ru', 'en'] as const) {
  const own = told.filter((line) => line.locale === locale);
  const marked = own.filter(({ isMore }) => !isMore);
  for (const signal of allSignals) print(locale, signal, marked);
  print(`${locale}, with those for anger alone`, 'angry', own);
}
const signalsOf = createSignals(shippedSignals());

const file = 'calm-short.tsv';
const short = readPhrases(readFileSync(new URL(`../nlu/${file}`, import.meta.url), 'utf8'), file);
console.log('calm and short\tlines\ttold\tas fraud or harm\tfrom 0.6 on');
for (const half of ['tune', 'held']) {
  const hits = short.filter(({ label }) => label === half).map(({ text }) => signalsOf(text));
  const urgent = hits.map((own) =>
    own.filter(({ signal }) => signal === 'fraud' || signal === 'third_party_harm'),
  );
  const count = (from: number, lists: typeof hits) =>
    lists.filter((own) => own.some(({ confidence }) => confidence >= from)).length;
  console.log([half, hits.length, count(0, hits), count(0, urgent), count(0.6, urgent)].join('\t'));
}

const started = performance.now();
const texts = [...everydayLines().calm, ...markedLines('ru').map(({ text }) => text)];
for (const text of texts) signalsOf(text);
console.log(`${((1000 * (performance.now() - started)) / texts.length).toFixed(0)} µs a text`);
