/**
 * Entities by kind on marked lines: `npx tsx test/perf/entities.ts` prints F1 on those of test/nlu/suites, then precision,
 * recall and F1 on the sets of test/nlu/entities/independent; `--misses` shows the lines too.
 */
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { caseSets, overall, tallyLines } from '../nlu/entities/independent/cases.ts';
import { markedKinds, type Tally, tallySuite } from '../nlu/suite.ts';

type Tallies = ReadonlyMap<string, Tally>;

const { understand } = createUnderstanding(shippedModel());
const suites = ['ru', 'ru-more', 'en', 'en-more'].map((name) => ({
  name,
  tallies: tallySuite(name, name.startsWith('ru') ? 'ru' : 'en', understand),
}));
const independent = caseSets.flatMap((set) =>
  (['ru', 'en'] as const).map((locale) => ({
    name: `${set} ${locale}`,
    tallies: tallyLines(locale, set, understand),
  })),
);

const marked = ({ right, missed }: Tally): number => right + missed.length;
const share = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(3));
const short = (tally: Tally): string => `${tally.f1.toFixed(3)} (${marked(tally)})`;
const full = (tally: Tally): string => {
  const { right, extra, f1 } = tally;
  return `${share(right, right + extra.length)} ${share(right, marked(tally))} ${f1.toFixed(3)} (${marked(tally)})`;
};

function printTable(columns: readonly { name: string; tallies: Tallies }[], cell: (tally: Tally) => string) {
  console.log(['kind', ...columns.map(({ name }) => name)].join('\t'));
  for (const kind of [...markedKinds, 'all']) {
    const cells = columns.map(({ tallies }) => {
      const tally = kind === 'all' ? overall(tallies) : tallies.get(kind);
      return tally && marked(tally) > 0 ? cell(tally) : '–';
    });
    console.log([kind, ...cells].join('\t'));
  }
}

printTable(suites, short);
console.log('\nprecision recall F1 (marked)');
printTable(independent, full);

if (process.argv.includes('--misses')) {
  for (const { name, tallies } of [...suites, ...independent]) {
    for (const [kind, { missed, extra }] of tallies) {
      for (const line of missed) console.log(`${name} ${kind} missed: ${line}`);
      for (const line of extra) console.log(`${name} ${kind} extra: ${line}`);
    }
  }
}
