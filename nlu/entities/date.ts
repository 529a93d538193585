import type { DateEntity } from '../types.ts';
import {
  addMonths,
  type Day,
  dayOf,
  formatDay,
  lengthOfMonth,
  monthOf,
  parseDay,
  validDay,
  weekdayOf,
  yearOf,
} from './calendar.ts';
import {
  isBeginning,
  isCurrent,
  isDeadline,
  isLast,
  isNext,
  isPlan,
  isRecent,
  isStory,
  isVerbToo,
  monthByWord,
  relativeDayBefore,
  relativeDayNear,
  relativeDays,
  shortMonths,
  type Unit,
  unitOf,
  weekdayByWord,
} from './date-words.ts';
import { bareYear, dayAt, momentAt, resolveDay, wordAt } from './moment.ts';
import { numberAt } from './numbers.ts';
import type { Reading } from './reading.ts';

/** Days, both included; `end` is the token behind. */
type Range = { readonly from: Day; readonly to: Day; readonly end: number };

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
function rangeAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
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
function dayRangeAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
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
function joinedAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
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

function singleAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
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

/** Whether what is to come is meant here: «до пятницы», «давайте двадцатого», "due on nov 30". */
function isAheadMeant(reading: Reading, at: number): boolean {
  for (let back = 1; back <= 6; back++) {
    const word = wordAt(reading, at - back);
    if (isStory(word) || (back === 1 && isBeginning(word))) return false;
    if (isPlan(word) || (back === 1 && isDeadline(word))) return true;
  }
  // «в среду придет курьер»
  for (let ahead = 1; ahead <= 3; ahead++) if (isPlan(wordAt(reading, at + ahead))) return true;
  return false;
}

/** «прошлого года», "last year", behind a day or a month. */
function yearNamed(
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

/** «15 числа», «пятнадцатого числа», "on the 15th": the last such day, or the next where that is meant. */
function dayOfMonthAt(reading: Reading, at: number, today: Day): Range | undefined {
  const day = dayAt(reading, at);
  if (!day || day.day < 1 || day.day > 31) return undefined;
  const isOrdinal = wordAt(reading, at) === 'the' || day.end > at + 1 || reading.tokens[at]?.kind === 'word';
  const isNumbered = wordAt(reading, day.end) === 'числа';
  const isAlone = reading.awaited === 'date' && reading.tokens.length === day.end && at <= 2;
  const isEnglish =
    wordAt(reading, at) === 'the' && /^(on|by|until|till|since|from)$/.test(wordAt(reading, at - 1));
  if (!isNumbered && !isAlone && !(isEnglish && isOrdinal && isPhraseOver(reading, day.end)))
    return undefined;
  const end = isNumbered ? day.end + 1 : day.end;
  const first = dayOf(yearOf(today), monthOf(today), 1);
  const here = first + day.day - 1;
  const isAhead = isAheadMeant(reading, at);
  const shift = isAhead && here < today ? 1 : !isAhead && here > today ? -1 : 0;
  const month = addMonths(first, shift);
  const found = validDay(yearOf(month), monthOf(month), day.day);
  return found === undefined ? undefined : { from: found, to: found, end };
}

/** "on the 3rd", and no noun behind it: "on the 5th floor". */
const isPhraseOver = (reading: Reading, at: number): boolean =>
  reading.tokens[at]?.kind !== 'word' ||
  /^(and|but|or|i|it|at|in|for|from|to|was|is|my|they|please|pls)$/.test(wordAt(reading, at));

/** A length of time and the token behind it: «три месяца», «неделя», "a week"; `isCounted` with a number or article. */
function lengthOf(
  reading: Reading,
  at: number,
): { count: number; unit: Unit; end: number; isCounted: boolean } | undefined {
  const bare = unitOf(wordAt(reading, at));
  const couple = coupleAt(reading, at);
  const coupled = couple === undefined ? undefined : unitOf(wordAt(reading, couple));
  if (couple !== undefined && coupled) return { count: 2, unit: coupled, end: couple + 1, isCounted: true };
  if (bare) return { count: 1, unit: bare, end: at + 1, isCounted: false };
  const number = numberAt(reading.tokens, at);
  const unitAt = number ? number.to : /^(an?|one)$/.test(wordAt(reading, at)) ? at + 1 : undefined;
  const unit = unitAt === undefined ? undefined : unitOf(wordAt(reading, unitAt));
  const count = number?.value ?? 1;
  if (unitAt === undefined || !unit || count < 1 || count > 1000 || count % 1 !== 0) return undefined;
  return { count, unit, end: unitAt + 1, isCounted: true };
}

/** «пару», "a couple of": the token behind it. */
function coupleAt(reading: Reading, at: number): number | undefined {
  if (/^пар[ау]$/.test(wordAt(reading, at))) return at + 1;
  const from = wordAt(reading, at) === 'a' ? at + 1 : at;
  if (wordAt(reading, from) !== 'couple') return undefined;
  return wordAt(reading, from + 1) === 'of' ? from + 2 : from + 1;
}

const shifted = (day: Day, { count, unit }: { count: number; unit: Unit }, sign: 1 | -1): Day =>
  unit.months ? addMonths(day, sign * count * unit.months) : day + sign * count * unit.days;

/** «последние 7 дней», "last three months", «последний месяц»: up to today, today counted. */
function recentAt(reading: Reading, at: number, today: Day): Range | undefined {
  const word = wordAt(reading, at);
  const length = isRecent(word) ? lengthOf(reading, at + 1) : undefined;
  // "last month" is the one that is over.
  if (!length || (word === 'last' && !length.isCounted)) return undefined;
  return { from: shifted(today, length, -1) + 1, to: today, end: length.end };
}

/** «три дня назад», "a month ago"; «через неделю», "in 3 days". */
function awayAt(reading: Reading, at: number, today: Day): Range | undefined {
  const word = wordAt(reading, at);
  const isAhead = word === 'через' || word === 'in';
  const length = lengthOf(reading, isAhead ? at + 1 : at);
  if (!length) return undefined;
  if (isAhead) {
    if (word === 'in' && !length.isCounted) return undefined;
    const day = shifted(today, length, 1);
    return { from: day, to: day, end: length.end };
  }
  if (wordAt(reading, length.end) === 'from' && /^(today|now)$/.test(wordAt(reading, length.end + 1))) {
    const day = shifted(today, length, 1);
    return { from: day, to: day, end: length.end + 2 };
  }
  if (!/^(назад|ago)$/.test(wordAt(reading, length.end))) return undefined;
  const day = shifted(today, length, -1);
  return { from: day, to: day, end: length.end + 1 };
}

/** «за 2 недели», where a date was asked for: up to today. */
function lengthAt(reading: Reading, at: number, today: Day): Range | undefined {
  // «с начала года» is no year long.
  const isOfOther = /^(года|дня|месяца|недели|квартала)$/.test(wordAt(reading, at));
  const length = reading.awaited === 'date' && !isOfOther ? lengthOf(reading, at) : undefined;
  return length && { from: shifted(today, length, -1) + 1, to: today, end: length.end };
}

/** «второй квартал 2025», "Q2 2025", «прошлый квартал». */
function quarterAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
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

function quarterRange(year: number, quarter: number, end: number): Range {
  const first = monthRange(year, 3 * quarter - 2, end);
  return { from: first.from, to: addMonths(first.from, 3) - 1, end };
}

/** «прошлую пятницу», "last week", «этот месяц», «март», «понедельник». */
function namedAt(reading: Reading, at: number, today: Day): Range | undefined {
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

/** A month by its number; 0 is the December before, 13 the January after. */
function monthRange(year: number, month: number, end: number): Range {
  const from = addMonths(dayOf(year, 1, 1), month - 1);
  return { from, to: from + lengthOfMonth(yearOf(from), monthOf(from)) - 1, end };
}

/** "2025 год", «2025 году», "in 2025", "a report for 2025"; where a date was asked for, the bare year too. */
function yearAt(reading: Reading, at: number): { value: number; end: number } | undefined {
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
