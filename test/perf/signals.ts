/** How well signals are told in lines held out of training, by five folds: `npx tsx test/perf/signals.ts`. */
import { allSignals, createSignals, everydayLines, markedLines, shippedSignals } from '../../nlu/signals.ts';
import { scoreOf, tellHeldOut } from '../nlu/signals.ts';

const told = tellHeldOut(5, 5);
console.log('language\tsignal\tlines\tprecision\trecall\tF1');
for (const locale of ['ru', 'en'] as const) {
  for (const signal of allSignals) {
    const { lines, precision, recall } = scoreOf(
      signal,
      told.filter((line) => line.locale === locale),
    );
    const f1 = (2 * precision * recall) / (precision + recall);
    console.log([locale, signal, lines, ...[precision, recall, f1].map((it) => it.toFixed(2))].join('\t'));
  }
}
const signalsOf = createSignals(shippedSignals());
const started = performance.now();
const texts = [...everydayLines().calm, ...markedLines('ru').map(({ text }) => text)];
for (const text of texts) signalsOf(text);
console.log(`${((1000 * (performance.now() - started)) / texts.length).toFixed(0)} µs a text`);
