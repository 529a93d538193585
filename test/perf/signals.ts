/** How well signals are told in lines held out of training, by five folds: `npx tsx test/perf/signals.ts`. */
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
const started = performance.now();
const texts = [...everydayLines().calm, ...markedLines('ru').map(({ text }) => text)];
for (const text of texts) signalsOf(text);
console.log(`${((1000 * (performance.now() - started)) / texts.length).toFixed(0)} µs a text`);
