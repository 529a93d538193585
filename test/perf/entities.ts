/**
 * Entities by kind on marked lines: `npx tsx test/perf/entities.ts` prints F1 on those of test/nlu/suites, then precision,
 * recall and F1 on the sets of test/nlu/entities/independent; `--misses` shows the lines too. Files named behind it, which
 * end in `ru.tsv` or `en.tsv` and are marked in the same way, are measured instead.
 */
import { shippedModel } from '../../nlu/shipped.ts';
import type { Locale } from '../../nlu/types.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { caseSets, overall, readLines, readSet, tallyLines } from '../nlu/entities/independent/cases.ts';
import { markedKinds, type Tally, tallySuite } from '../nlu/suite.ts';

type Tallies = ReadonlyMap<string, Tally>;

const { understand } = createUnderstanding(shippedModel());
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const localeOf = (name: string): Locale => {
  const [, locale] = /(ru|en)(?:-more|\.tsv)?$/.exec(name) ?? [];
  if (locale !== 'ru' && locale !== 'en')
    throw new Error(`${name} does not end in ru.tsv or en.tsv; rename it`);
  return locale;
};
const suites = ['ru', 'ru-more', 'en', 'en-more'].map((name) => ({
  name,
  tallies: tallySuite(name, localeOf(name), understand),
}));
const sets = caseSets.flatMap((set) =>
  (['ru', 'en'] as const).map((locale) => ({ name: `${set} ${locale}`, lines: readSet(locale, set) })),
);
const given = files.map((name) => ({ name, lines: readLines(name) }));
const independent = (files.length > 0 ? given : sets).map(({ name, lines }) => ({
  name,
  tallies: tallyLines(localeOf(name), lines, understand),
}));

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

if (files.length === 0) printTable(suites, short);
console.log('\nprecision recall F1 (marked)');
printTable(independent, full);

if (process.argv.includes('--misses')) {
  for (const { name, tallies } of files.length > 0 ? independent : [...suites, ...independent]) {
    for (const [kind, { missed, extra }] of tallies) {
      for (const line of missed) console.log(`${name} ${kind} missed: ${line}`);
      for (const line of extra) console.log(`${name} ${kind} extra: ${line}`);
    }
  }
}
