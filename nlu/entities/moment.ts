import { type Day, validDay, yearOf } from './calendar.ts';
import { monthByWord, ordinalByWord, shortMonths, tensByWord } from './date-words.ts';
import type { Reading } from './reading.ts';

/** A day of a month as it stands in the tokens; month 0 where none was said, `end` exclusive. */
export type Moment = {
  readonly year?: number;
  readonly month: number;
  readonly day: number;
  readonly end: number;
};

/** Days, both included; `end` is the token behind. */
export type DayRange = { readonly from: Day; readonly to: Day; readonly end: number };

export const wordAt = (reading: Reading, at: number): string => reading.tokens[at]?.norm ?? '';

/** A day with its month: "15.02.2026", "2026-02-15", «5 марта 2025 года», "March 5th", «первое марта». */
export function momentAt(reading: Reading, at: number): Moment | undefined {
  const figures = figuresAt(reading, at);
  if (figures) return figures;
  const first = dayAt(reading, at);
  let monthAt = first?.end ?? at;
  if (first && wordAt(reading, monthAt) === 'of') monthAt++;
  const month = monthByWord.get(wordAt(reading, monthAt));
  if (month === undefined) return undefined;
  // "Mar. 15"
  const isCut = shortMonths.has(wordAt(reading, monthAt)) && wordAt(reading, monthAt + 1) === '.';
  const day = first ?? dayAt(reading, isCut ? monthAt + 2 : monthAt + 1);
  if (!day) return undefined;
  let end = first ? monthAt + 1 : day.end;
  // «14 окт. 2026»
  if (wordAt(reading, end) === '.' && bareYear(reading, end + 1)) end++;
  if (wordAt(reading, end) === ',' && bareYear(reading, end + 1)) end++;
  const year = bareYear(reading, end);
  if (year) end = /^(год|года|г)$/.test(wordAt(reading, year.end)) ? year.end + 1 : year.end;
  return { day: day.day, month, end, ...(year && { year: year.value }) };
}

/** A day without a month: «5», "5th", «двадцать третьего», "the first". */
export function dayAt(reading: Reading, at: number): Moment | undefined {
  const word = wordAt(reading, at);
  if (/^[0-3]?\d$/.test(word)) {
    const dash = wordAt(reading, at + 1) === '-' && isOrdinalEnding(wordAt(reading, at + 2)) ? 1 : 0;
    const end = at + (isOrdinalEnding(wordAt(reading, at + 1 + dash)) ? 2 + dash : 1);
    return { day: Number(word), month: 0, end };
  }
  if (word === 'the') {
    const day = dayAt(reading, at + 1);
    const isOrdinal = ordinalByWord.has(wordAt(reading, at + 1)) || isOrdinalEnding(wordAt(reading, at + 2));
    return day && isOrdinal ? day : undefined;
  }
  const tens = tensByWord.get(word);
  const unitAt = tens && wordAt(reading, at + 1) === '-' ? at + 2 : at + 1;
  const unit = tens ? ordinalByWord.get(wordAt(reading, unitAt)) : undefined;
  if (tens && unit && unit < 10) return { day: tens + unit, month: 0, end: unitAt + 1 };
  const ordinal = ordinalByWord.get(word);
  return ordinal === undefined ? undefined : { day: ordinal, month: 0, end: at + 1 };
}

const isOrdinalEnding = (word: string): boolean => /^(st|nd|rd|th|го|его|ого|е|ое|му|ому|ее)$/.test(word);

export function bareYear(reading: Reading, at: number): { value: number; end: number } | undefined {
  const word = wordAt(reading, at);
  return /^(19|20)\d\d$/.test(word) ? { value: Number(word), end: at + 1 } : undefined;
}

/** "15.02.2026", "15/02/26", "12.03", "2026-02-15": day before month, as in Russia and Europe, where it can be. */
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
    if (year === undefined) return undefined;
    const isAmerican = mark === '/' && Number(b) > 12 && Number(a) <= 12;
    return isAmerican
      ? { year, month: Number(a), day: Number(b), end }
      : { year, month: Number(b), day: Number(a), end };
  }
  // "12.03" alone is a sum as often as a day; in Russian a sum has its comma, or its currency.
  const isAsked =
    reading.awaited === 'date' ||
    wordAt(reading, at - 1) === 'от' ||
    (reading.language === 'ru' &&
      reading.awaited !== 'money' &&
      isMonthFigure(b) &&
      (isPhraseEnd(reading, end) || isInRange(reading, at, end)));
  if (parts.length === 2 && isAsked && mark === '.' && b.length === 2)
    return { month: Number(b), day: Number(a), end };
  return undefined;
}

const isMonthFigure = (figure: string): boolean => /^(0\d|1[0-2])$/.test(figure);

/** «с 01.10 по 10.10», "01.10-10.10". */
const isInRange = (reading: Reading, at: number, end: number): boolean =>
  (/^(с|со)$/.test(wordAt(reading, at - 1)) && /^(по|до)$/.test(wordAt(reading, end))) ||
  // «12.10 в 14:35»
  (/^(в|at)$/.test(wordAt(reading, end)) && wordAt(reading, end + 2) === ':') ||
  (/^[-–—]$/.test(wordAt(reading, end)) &&
    reading.tokens[end + 1]?.kind === 'digits' &&
    wordAt(reading, end + 2) === '.');

/** Behind a sum stands what it is of: «12.05 руб», «12.05 %», «12.05 тыс». */
const isPhraseEnd = (reading: Reading, at: number): boolean => {
  const token = reading.tokens[at];
  return !token || (token.kind === 'sign' && '.,;!?)'.includes(token.norm));
};

/**
 * The day; without a year the last such day up to today, or in the days to come when it is near.
 * @param isAhead whether what is to come is meant: then the next such day
 */
export function resolveDay(moment: Moment, today: Day | undefined, isAhead = false): Day | undefined {
  if (moment.year !== undefined) return validDay(moment.year, moment.month, moment.day);
  if (today === undefined) return undefined;
  const year = yearOf(today);
  const here = validDay(year, moment.month, moment.day);
  if (isAhead && here !== undefined)
    return here >= today ? here : validDay(year + 1, moment.month, moment.day);
  return here !== undefined && here <= today + 31 ? here : validDay(year - 1, moment.month, moment.day);
}
