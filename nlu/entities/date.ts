import type { DateEntity } from '../types.ts';
import {
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
import { numberAt } from './numbers.ts';
import type { Reading } from './reading.ts';

type Range = { readonly from: Day; readonly to: Day; readonly end: number };
type Moment = { readonly year?: number; readonly month: number; readonly day: number; readonly end: number };

const months = [
  'январь января январе янв january jan',
  'февраль февраля феврале фев february feb',
  'март марта марте мар march mar',
  'апрель апреля апреле апр april apr',
  'май мая мае may',
  'июнь июня июне june jun',
  'июль июля июле july jul',
  'август августа августе авг august aug',
  'сентябрь сентября сентябре сен сент september sep sept',
  'октябрь октября октябре окт october oct',
  'ноябрь ноября ноябре ноя november nov',
  'декабрь декабря декабре дек december dec',
];
const weekdays = [
  'понедельник понедельника понедельнику пн monday mon',
  'вторник вторника вторнику вт tuesday tue',
  'среда среду среды среде wednesday wed',
  'четверг четверга четвергу чт thursday thu',
  'пятница пятницу пятницы пятнице пт friday fri',
  'суббота субботу субботы субботе сб saturday sat',
  'воскресенье воскресенья воскресенью вс sunday sun',
];
const numbered = (lists: readonly string[], first: number): ReadonlyMap<string, number> =>
  new Map(lists.flatMap((forms, i) => forms.split(' ').map((form) => [form, i + first] as const)));
const monthByWord = numbered(months, 1);
const weekdayByWord = numbered(weekdays, 0);
/** «мая», "may", "mar": too common as other words to be a month without a day beside them. */
const shortMonths = new Set(
  'янв фев мар апр авг сен окт ноя дек jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
);
const ordinals = numbered(
  'первое первого;второе второго;третье третьего;четвертое четвертого;пятое пятого;шестое шестого;седьмое седьмого;восьмое восьмого;девятое девятого;десятое десятого'.split(
    ';',
  ),
  1,
);
const relative: ReadonlyMap<string, number> = new Map([
  ['сегодня', 0],
  ['today', 0],
  ['вчера', -1],
  ['yesterday', -1],
  ['позавчера', -2],
  ['завтра', 1],
  ['tomorrow', 1],
  ['послезавтра', 2],
]);
const last = /^(прошл|предыдущ|минувш|last$|previous$)/;
const next = /^(следующ|будущ|next$)/;
const current = /^(эт(у|ой|от|ом|ого|а)$|текущ|this$)/;

/** Days and ranges, in figures and words. What depends on today is told only where today is given; the past is meant. */
export function findDates(reading: Reading): DateEntity[] {
  const { tokens } = reading;
  const found: DateEntity[] = [];
  const today = reading.today ? parseDay(reading.today) : undefined;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'sign') continue;
    const range = rangeAt(reading, at, today) ?? singleAt(reading, at, today);
    if (!range) continue;
    found.push({
      kind: 'date',
      ...reading.span(at, range.end),
      value: { from: formatDay(range.from), to: formatDay(range.to) },
    });
    at = range.end - 1;
  }
  return found;
}

const wordAt = (reading: Reading, at: number): string => reading.tokens[at]?.norm ?? '';

/** «с 1 по 15 марта», "from March 1 to March 15". */
function rangeAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
  if (!/^(с|со|from|between)$/.test(wordAt(reading, at))) return undefined;
  const first = momentAt(reading, at + 1) ?? bareDay(reading, at + 1);
  if (!first || !/^(по|до|to|till|until|and|-|–)$/.test(wordAt(reading, first.end))) return undefined;
  const second = momentAt(reading, first.end + 1) ?? bareDay(reading, first.end + 1);
  if (!second) return undefined;
  const month = second.month || first.month;
  const year = second.year ?? first.year;
  const to = resolve({ ...second, month, ...(year && { year }) }, today);
  if (to === undefined) return undefined;
  const from = resolve({ ...first, month: first.month || month, year: first.year ?? yearOf(to) }, today);
  return from !== undefined && from <= to ? { from, to, end: second.end } : undefined;
}

function singleAt(reading: Reading, at: number, today: Day | undefined): Range | undefined {
  const moment = momentAt(reading, at);
  if (moment) {
    const day = resolve(moment, today);
    if (day !== undefined) return { from: day, to: day, end: moment.end };
  }
  const word = wordAt(reading, at);
  const year = yearAt(reading, at);
  if (year) return { from: dayOf(year.value, 1, 1), to: dayOf(year.value, 12, 31), end: year.end };
  if (today === undefined) return undefined;
  const shift = relative.get(word);
  if (shift !== undefined) return { from: today + shift, to: today + shift, end: at + 1 };
  if (word === 'day' && wordAt(reading, at + 1) === 'before' && wordAt(reading, at + 2) === 'yesterday') {
    return { from: today - 2, to: today - 2, end: at + 3 };
  }
  return agoAt(reading, at, today) ?? namedAt(reading, at, today);
}

/** «три дня назад», "a week ago", «последние 7 дней». */
function agoAt(reading: Reading, at: number, today: Day): Range | undefined {
  const word = wordAt(reading, at);
  if (/^(последн|last$|past$)/.test(word)) {
    const number = numberAt(reading.tokens, at + 1);
    const unit = number && unitDays(wordAt(reading, number.to));
    if (number && unit && number.value < 1000) {
      return { from: today - number.value * unit + 1, to: today, end: number.to + 1 };
    }
    return undefined;
  }
  const number = unitDays(word) ? undefined : numberAt(reading.tokens, at);
  const article = word === 'a' || word === 'an' ? 1 : 0;
  const count = number ? number.value : 1;
  const unitAt = number ? number.to : at + article;
  const unit = unitDays(wordAt(reading, unitAt));
  if (!unit || !/^(назад|ago)$/.test(wordAt(reading, unitAt + 1)) || count > 1000 || count % 1 !== 0)
    return undefined;
  return { from: today - count * unit, to: today - count * unit, end: unitAt + 2 };
}

function unitDays(word: string): number | undefined {
  if (/^(день|дня|дней|days?)$/.test(word)) return 1;
  return /^(недел(я|ю|и|ь)|weeks?)$/.test(word) ? 7 : undefined;
}

/** «прошлую пятницу», "last week", «этот месяц», «март», «понедельник». */
function namedAt(reading: Reading, at: number, today: Day): Range | undefined {
  const word = wordAt(reading, at);
  const which = last.test(word) ? -1 : next.test(word) ? 1 : current.test(word) ? 0 : undefined;
  const name = which === undefined ? word : wordAt(reading, at + 1);
  const end = which === undefined ? at + 1 : at + 2;
  const weekday = weekdayByWord.get(name);
  if (weekday !== undefined && name.length > 2) {
    const monday = today - weekdayOf(today);
    const back = (weekdayOf(today) - weekday + 7) % 7;
    const inLast = monday - 7 + weekday;
    const day =
      which === -1
        ? inLast
        : which === 1
          ? monday + 7 + weekday
          : which === 0
            ? monday + weekday
            : today - back;
    return { from: day, to: day, end };
  }
  if (which !== undefined && /^(недел|week$)/.test(name)) {
    const monday = today - weekdayOf(today) + 7 * which;
    return { from: monday, to: monday + 6, end };
  }
  if (which !== undefined && /^(месяц|month$)/.test(name))
    return monthRange(yearOf(today), monthOf(today) + which, end);
  if (which !== undefined && /^(год|year$)/.test(name)) {
    const year = yearOf(today) + which;
    return { from: dayOf(year, 1, 1), to: dayOf(year, 12, 31), end };
  }
  const month = monthByWord.get(name);
  if (month === undefined || shortMonths.has(name)) return undefined;
  const given = yearAt(reading, end) ?? bareYear(reading, end);
  const year = given?.value ?? (month <= monthOf(today) ? yearOf(today) : yearOf(today) - 1);
  return monthRange(year, month, given?.end ?? end);
}

function monthRange(year: number, month: number, end: number): Range {
  const y = month < 1 ? year - 1 : month > 12 ? year + 1 : year;
  const m = month < 1 ? 12 : month > 12 ? 1 : month;
  return { from: dayOf(y, m, 1), to: dayOf(y, m, lengthOfMonth(y, m)), end };
}

/** "2025 год", «2025 году», "in 2025". */
function yearAt(reading: Reading, at: number): { value: number; end: number } | undefined {
  const year = bareYear(reading, at);
  if (!year) return undefined;
  if (/^(год|года|году|г)$/.test(wordAt(reading, at + 1))) return { ...year, end: at + 2 };
  return wordAt(reading, at - 1) === 'in' ? year : undefined;
}

function bareYear(reading: Reading, at: number): { value: number; end: number } | undefined {
  const word = wordAt(reading, at);
  return /^(19|20)\d\d$/.test(word) ? { value: Number(word), end: at + 1 } : undefined;
}

/** A day of a month: "15.02.2026", "2026-02-15", «5 марта 2025 года», "March 5th", «первое марта». */
function momentAt(reading: Reading, at: number): Moment | undefined {
  const figures = figuresAt(reading, at);
  if (figures) return figures;
  const ordinal = ordinals.get(wordAt(reading, at));
  const first = ordinal === undefined ? bareDay(reading, at) : { day: ordinal, month: 0, end: at + 1 };
  let day = first?.day;
  let monthAt = first?.end ?? at;
  if (wordAt(reading, monthAt) === 'of') monthAt++;
  const month = monthByWord.get(wordAt(reading, monthAt));
  if (month === undefined) return undefined;
  let end = monthAt + 1;
  if (!first) {
    const behind = bareDay(reading, end);
    if (!behind) return undefined;
    day = behind.day;
    end = behind.end;
  }
  if (wordAt(reading, end) === ',' && bareYear(reading, end + 1)) end++;
  const year = bareYear(reading, end);
  if (year) end = /^(год|года|г)$/.test(wordAt(reading, year.end)) ? year.end + 1 : year.end;
  return { day: day ?? 0, month, end, ...(year && { year: year.value }) };
}

function bareDay(reading: Reading, at: number): Moment | undefined {
  const word = wordAt(reading, at);
  if (!/^[0-3]?\d$/.test(word)) return undefined;
  const isOrdinal = /^(st|nd|rd|th|го|е)$/.test(wordAt(reading, at + 1));
  const end = at + (isOrdinal ? 2 : 1);
  return { day: Number(word), month: 0, end: wordAt(reading, end) === '-' && isOrdinal ? end + 1 : end };
}

/** "15.02.2026", "15/02/26", "12.03", "2026-02-15": day before month, as in Russia and Europe. */
function figuresAt(reading: Reading, at: number): Moment | undefined {
  const parts: string[] = [];
  let mark = '';
  let end = at;
  for (let i = at; i < at + 5; i += 2) {
    const token = reading.tokens[i];
    if (token?.kind !== 'digits' || token.norm.length > 4) break;
    if (i > at && token.start !== reading.tokens[i - 1]?.end) break;
    parts.push(token.norm);
    end = i + 1;
    const after = reading.tokens[i + 1];
    if (!after || after.start !== token.end || !'./-'.includes(after.norm) || (mark && after.norm !== mark))
      break;
    mark = after.norm;
  }
  const [a = '', b = '', c = ''] = parts;
  if (parts.length === 3 && a.length === 4) return { year: Number(a), month: Number(b), day: Number(c), end };
  if (parts.length === 3 && a.length <= 2 && b.length <= 2 && mark !== '-') {
    const year = c.length === 4 ? Number(c) : c.length === 2 ? 2000 + Number(c) : undefined;
    return year === undefined ? undefined : { year, month: Number(b), day: Number(a), end };
  }
  // "12.03" alone is a sum as often as a day.
  const isAsked = reading.awaited === 'date' || wordAt(reading, at - 1) === 'от';
  if (parts.length === 2 && isAsked && mark === '.' && b.length === 2)
    return { month: Number(b), day: Number(a), end };
  return undefined;
}

/** The day; without a year the last such day up to today, or in the days to come when it is near. */
function resolve(moment: Moment, today: Day | undefined): Day | undefined {
  if (moment.year !== undefined) return validDay(moment.year, moment.month, moment.day);
  if (today === undefined) return undefined;
  const year = yearOf(today);
  const here = validDay(year, moment.month, moment.day);
  return here !== undefined && here <= today + 31 ? here : validDay(year - 1, moment.month, moment.day);
}
