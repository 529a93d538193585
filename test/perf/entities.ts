/** F1 of each kind of entity on the marked lines: `npx tsx test/perf/entities.ts`; `--misses` shows the lines too. */
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { markedKinds, tallySuite } from '../nlu/suite.ts';

const { understand } = createUnderstanding(shippedModel());
const suites = ['ru', 'ru-more', 'en', 'en-more'].map((name) => ({
  name,
  tallies: tallySuite(name, name.startsWith('ru') ? 'ru' : 'en', understand),
}));

console.log(['kind', ...suites.map(({ name }) => name)].join('\t'));
for (const kind of markedKinds) {
  const cells = suites.map(({ tallies }) => {
    const tally = tallies.get(kind);
    return tally && tally.right + tally.missed.length > 0
      ? `${tally.f1.toFixed(3)} (${tally.right + tally.missed.length})`
      : '–';
  });
  console.log([kind, ...cells].join('\t'));
}
if (process.argv.includes('--misses')) {
  for (const { name, tallies } of suites) {
    for (const [kind, { missed, extra }] of tallies) {
      for (const line of missed) console.log(`${name} ${kind} missed: ${line}`);
      for (const line of extra) console.log(`${name} ${kind} extra: ${line}`);
    }
  }
}
