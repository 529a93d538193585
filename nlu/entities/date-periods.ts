import { addMonths, type Day, dayOf, lengthOfMonth, monthOf, yearOf } from './calendar.ts';
import { isCurrent, isLast, isNext } from './date-words.ts';
import { bareYear, type DayRange, wordAt } from './moment.ts';
import type { Reading } from './reading.ts';

/** Years, quarters and months as ranges of days. */

/** «второй квартал 2025», "Q2 2025", «прошлый квартал». */
export function quarterAt(reading: Reading, at: number, today: Day | undefined): DayRange | undefined {
  const word = wordAt(reading, at);
  const which = isLast(word) ? -1 : isCurrent(word) ? 0 : undefined;
  const isNamed = /^(квартал(е|а)?|quarter)$/.test(wordAt(reading, at + 1));
  if (isNamed && which !== undefined && today !== undefined) {
    return quarterRange(yearOf(today), Math.ceil(monthOf(today) / 3) + which, at + 2);
  }
  const short = word === 'q' && reading.tokens[at]?.end === reading.tokens[at + 1]?.start;
  const roman = ['i', 'ii', 'iii', 'iv'].indexOf(word) + 1;
  const number = short
    ? Number(wordAt(reading, at + 1))
    : isNamed
      ? roman || (quarterByWord.find(([pattern]) => pattern.test(word))?.[1] ?? Number(word))
      : 0;
  if (!(number >= 1 && number <= 4)) return undefined;
  const yearFrom = wordAt(reading, at + 2) === 'of' ? at + 3 : at + 2;
  const year = yearAt(reading, yearFrom) ?? bareYear(reading, yearFrom);
  if (year) return quarterRange(year.value, number, year.end);
  if (today === undefined) return undefined;
  const isOver = number <= Math.ceil(monthOf(today) / 3);
  return quarterRange(isOver ? yearOf(today) : yearOf(today) - 1, number, at + 2);
}

const quarterByWord: readonly (readonly [RegExp, number])[] = [
  [/^(перв(ый|ом|ого)|first)$/, 1],
  [/^(втор(ой|ом|ого)|second)$/, 2],
  [/^(третий|третьем|третьего|third)$/, 3],
  [/^(четверт(ый|ом|ого)|fourth)$/, 4],
];

function quarterRange(year: number, quarter: number, end: number): DayRange {
  const first = monthRange(year, 3 * quarter - 2, end);
  return { from: first.from, to: addMonths(first.from, 3) - 1, end };
}

/** A month by its number; 0 is the December before, 13 the January after. */
export function monthRange(year: number, month: number, end: number): DayRange {
  const from = addMonths(dayOf(year, 1, 1), month - 1);
  return { from, to: from + lengthOfMonth(yearOf(from), monthOf(from)) - 1, end };
}

/** "2025 год", «2025 году», "in 2025", "a report for 2025"; where a date was asked for, the bare year too. */
export function yearAt(reading: Reading, at: number): { value: number; end: number } | undefined {
  const year = bareYear(reading, at);
  if (!year) return undefined;
  if (/^(год|года|году|г)$/.test(wordAt(reading, at + 1))) return { ...year, end: at + 2 };
  const isPeriod = /^(in|during|of|whole)$/.test(wordAt(reading, at - 1)) || isYearOfReport(reading, at);
  const isWhole =
    /^(весь|целый|всего)$/.test(wordAt(reading, at - 1)) ||
    (wordAt(reading, at - 1) === 'за' && isOver(reading, at + 1));
  return isPeriod || isWhole || (reading.awaited === 'date' && reading.tokens.length <= 3) ? year : undefined;
}

/** Nothing behind that the figure could be of. */
const isOver = ({ tokens }: Reading, at: number): boolean =>
  !tokens[at] || /^[.,!?]$/.test(tokens[at]?.norm ?? '');

/** "a tax report for 2025", «справка за 2025»: what is made for a year stands before it. */
const isYearOfReport = (reading: Reading, at: number): boolean =>
  /^(for|за)$/.test(wordAt(reading, at - 1)) &&
  reading.tokens
    .slice(Math.max(0, at - 5), at - 1)
    .some(({ norm }) =>
      /^(reports?|statements?|tax|taxes|certificates?|history|выписк\p{L}+|справк\p{L}+|отчет\p{L}*|декларац\p{L}+|истори\p{L}+)$/u.test(
        norm,
      ),
    );

/** «прошлого года», "last year", behind a day or a month. */
export function yearNamed(
  reading: Reading,
  at: number,
  today: Day | undefined,
): { value: number; end: number } | undefined {
  const word = wordAt(reading, at) === 'of' ? wordAt(reading, at + 1) : wordAt(reading, at);
  const noun = wordAt(reading, at) === 'of' ? at + 2 : at + 1;
  const shift = isLast(word) ? -1 : isCurrent(word) ? 0 : isNext(word) ? 1 : undefined;
  if (today === undefined || shift === undefined || !/^(года?|году|year)$/.test(wordAt(reading, noun)))
    return undefined;
  return { value: yearOf(today) + shift, end: noun + 1 };
}
