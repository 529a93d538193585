import type { DateEntity } from '../types.ts';
import { type Day, dayOf, formatDay, monthOf, parseDay, weekdayOf, yearOf } from './calendar.ts';
import { dayOfMonthAt, firstOfTwo, isAheadMeant } from './date-days.ts';
import { awayAt, lengthAt, recentAt } from './date-lengths.ts';
import { monthRange, quarterAt, yearAt, yearNamed } from './date-periods.ts';
import {
  isCurrent,
  isLast,
  isNext,
  isVerbToo,
  monthByWord,
  relativeDayBefore,
  relativeDayNear,
  relativeDays,
  shortMonths,
  weekdayByWord,
} from './date-words.ts';
import { bareYear, type DayRange, dayAt, momentAt, resolveDay, wordAt } from './moment.ts';
import type { Reading } from './reading.ts';

/** Days and ranges, in figures and words. What depends on today is told only where today is given; the past is meant. */
export function findDates(reading: Reading): DateEntity[] {
  const { tokens } = reading;
  const found: DateEntity[] = [];
  const today = reading.today ? parseDay(reading.today) : undefined;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'sign') continue;
    const range = rangeAt(reading, at, today) ?? joinedAt(reading, at, today) ?? singleAt(reading, at, today);
    if (!range) continue;
    if (!isStreet(wordAt(reading, at - 1))) {
      const value = { from: formatDay(range.from), to: formatDay(range.to) };
      found.push({ kind: 'date', ...reading.span(at, range.end), value });
    }
    at = range.end - 1;
  }
  return found;
}

/** «улица 8 Марта» is a place. */
const isStreet = (word: string): boolean =>
  /^(ул|улиц[аеыу]|улицей|проспект\p{L}{0,2}|площад[ьи]|street)$/u.test(word);

const isUpTo = (word: string): boolean => /^(по|до|to|till|until|through|and|-|–|—)$/.test(word);

/** «с 1 по 15 марта», "from March 1 to March 15", «с понедельника по среду». */
function rangeAt(reading: Reading, at: number, today: Day | undefined): DayRange | undefined {
  if (!/^(с|со|from|between)$/.test(wordAt(reading, at))) return undefined;
  const days = dayRangeAt(reading, at + 1, today);
  if (days || today === undefined) return days;
  const first = namedAt(reading, at + 1, today);
  if (!first || !isUpTo(wordAt(reading, first.end))) return undefined;
  const second = namedAt(reading, first.end + 1, today) ?? singleAt(reading, first.end + 1, today);
  if (!second) return undefined;
  // «с пятницы по понедельник»: the Friday before that Monday.
  const from = first.from > second.to && first.from - second.to < 7 ? first.from - 7 : first.from;
  return from <= second.to ? { from, to: second.to, end: second.end } : undefined;
}

/** «1 по 15 марта», "March 1 to March 15": the first day may take month and year from the second. */
function dayRangeAt(reading: Reading, at: number, today: Day | undefined): DayRange | undefined {
  const first = momentAt(reading, at) ?? dayAt(reading, at);
  if (!first || !isUpTo(wordAt(reading, first.end))) return undefined;
  const second = momentAt(reading, first.end + 1) ?? dayAt(reading, first.end + 1);
  if (!second) return undefined;
  const month = second.month || first.month;
  const year = second.year ?? first.year;
  const to = resolveDay({ ...second, month, ...(year && { year }) }, today);
  if (to === undefined) return undefined;
  const from = resolveDay({ ...first, month: first.month || month, year: first.year ?? yearOf(to) }, today);
  return from !== undefined && from <= to ? { from, to, end: second.end } : undefined;
}

/** «1–15 марта», "1 Jan - 15 Jan", «январь и февраль»: without a word before them. */
function joinedAt(reading: Reading, at: number, today: Day | undefined): DayRange | undefined {
  const mark = /^[-–—]$/;
  const first = momentAt(reading, at) ?? dayAt(reading, at);
  if (first) {
    const range = mark.test(wordAt(reading, first.end)) ? dayRangeAt(reading, at, today) : undefined;
    return range && (first.month || momentAt(reading, first.end + 1)) ? range : undefined;
  }
  if (today === undefined || !isLongMonth(wordAt(reading, at))) return undefined;
  const month = namedAt(reading, at, today);
  const second = month && isJoint(wordAt(reading, month.end)) ? month.end + 1 : undefined;
  const next = second && isLongMonth(wordAt(reading, second)) ? namedAt(reading, second, today) : undefined;
  return month && next && month.to + 1 === next.from
    ? { from: month.from, to: next.to, end: next.end }
    : undefined;
}

const isLongMonth = (word: string): boolean => monthByWord.has(word) && !shortMonths.has(word);
const isJoint = (word: string): boolean => /^(и|and|-|–|—)$/.test(word);

function singleAt(reading: Reading, at: number, today: Day | undefined): DayRange | undefined {
  const moment = momentAt(reading, at);
  if (moment) {
    const named = moment.year === undefined ? yearNamed(reading, moment.end, today) : undefined;
    const year = moment.year ?? named?.value;
    const day = resolveDay({ ...moment, ...(year && { year }) }, today, isAheadMeant(reading, at));
    if (day !== undefined) return { from: day, to: day, end: named?.end ?? moment.end };
  }
  const word = wordAt(reading, at);
  const quarter = quarterAt(reading, at, today);
  if (quarter) return quarter;
  const year = yearAt(reading, at);
  if (year) return { from: dayOf(year.value, 1, 1), to: dayOf(year.value, 12, 31), end: year.end };
  if (today === undefined) return undefined;
  const shift = relativeDays.get(word) ?? (reading.isKnown(word) ? undefined : relativeDayNear(word));
  if (shift !== undefined) return { from: today + shift, to: today + shift, end: at + 1 };
  // "2moro", "2nite"
  const figure =
    word === '2' && isGlued(reading, at + 1) ? figureDays.get(wordAt(reading, at + 1)) : undefined;
  if (figure !== undefined) return { from: today + figure, to: today + figure, end: at + 2 };
  const named = relativeDayBefore(word, wordAt(reading, at + 1));
  if (named !== undefined) return { from: today + named, to: today + named, end: at + 2 };
  const phrase = word === 'day' ? `${wordAt(reading, at + 1)} ${wordAt(reading, at + 2)}` : '';
  if (phrase === 'before yesterday') return { from: today - 2, to: today - 2, end: at + 3 };
  if (/^(last|прошлой|прошлую)$/.test(word) && /^(night|evening|ночью|ночь)$/.test(wordAt(reading, at + 1)))
    return { from: today - 1, to: today - 1, end: at + 2 };
  if (phrase === 'after tomorrow') return { from: today + 2, to: today + 2, end: at + 3 };
  return (
    recentAt(reading, at, today) ??
    awayAt(reading, at, today) ??
    namedAt(reading, at, today) ??
    lengthAt(reading, at, today) ??
    firstOfTwo(reading, at, today) ??
    dayOfMonthAt(reading, at, today)
  );
}

const figureDays: ReadonlyMap<string, number> = new Map([
  ['moro', 1],
  ['morro', 1],
  ['morow', 1],
  ['morrow', 1],
  ['mrw', 1],
  ['day', 0],
  ['nite', 0],
]);
const isGlued = ({ tokens }: Reading, at: number): boolean => tokens[at]?.start === tokens[at - 1]?.end;

/** «прошлую пятницу», "last week", «этот месяц», «март», «понедельник». */
function namedAt(reading: Reading, at: number, today: Day): DayRange | undefined {
  const word = wordAt(reading, at);
  const which = isLast(word) ? -1 : isNext(word) ? 1 : isCurrent(word) ? 0 : undefined;
  const name = which === undefined ? word : wordAt(reading, at + 1);
  const end = which === undefined ? at + 1 : at + 2;
  const weekday = weekdayByWord.get(name);
  const monday = today - weekdayOf(today);
  if (weekday !== undefined && name.length > 2) {
    const latest = today - ((weekdayOf(today) - weekday + 7) % 7);
    const nearest = isAheadMeant(reading, at) ? latest + 7 : latest;
    const day = which === undefined ? nearest : monday + 7 * which + weekday;
    return { from: day, to: day, end };
  }
  if (which !== undefined && /^(недел|week$)/.test(name)) {
    return { from: monday + 7 * which, to: monday + 7 * which + 6, end };
  }
  if (which !== undefined && /^(месяц|month$)/.test(name))
    return monthRange(yearOf(today), monthOf(today) + which, end);
  if (which !== undefined && /^(год|year$)/.test(name)) {
    const year = yearOf(today) + which;
    return { from: dayOf(year, 1, 1), to: dayOf(year, 12, 31), end };
  }
  const month = monthByWord.get(name);
  if (month === undefined) return undefined;
  const behind = /^месяц[ае]?$/.test(wordAt(reading, end)) ? end + 1 : end;
  const given = yearAt(reading, behind) ?? bareYear(reading, behind) ?? yearNamed(reading, behind, today);
  if (
    !given &&
    !(shortMonths.has(name) && name !== 'may' && isDated(reading, at)) &&
    (shortMonths.has(name) || (isVerbToo(name) && which === undefined && !isDated(reading, at)))
  ) {
    return behind > end && !isVerbToo(name) ? monthRange(latestYear(month, today), month, behind) : undefined;
  }
  return monthRange(given?.value ?? latestYear(month, today), month, given?.end ?? behind);
}

/** The year of the last such month up to this one. */
const latestYear = (month: number, today: Day): number =>
  month <= monthOf(today) ? yearOf(today) : yearOf(today) - 1;

/** Whether a date is expected here: asked for, or behind a small word. */
const isDated = (reading: Reading, at: number): boolean =>
  reading.awaited === 'date' ||
  /^(in|for|of|from|since|till|until|by|during|between|and|all|whole|-|–|—)$/.test(wordAt(reading, at - 1)) ||
  (wordAt(reading, at - 1) === 'to' && monthByWord.has(wordAt(reading, at - 2)));
