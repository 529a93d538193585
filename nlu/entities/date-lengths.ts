import { addMonths, type Day } from './calendar.ts';
import { isRecent, type Unit, unitOf } from './date-words.ts';
import { type DayRange, wordAt } from './moment.ts';
import { numberAt } from './numbers.ts';
import type { Reading } from './reading.ts';

/** Lengths of time up to today or away from it. */

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
export function recentAt(reading: Reading, at: number, today: Day): DayRange | undefined {
  const word = wordAt(reading, at);
  const length = isRecent(word) ? lengthOf(reading, at + 1) : undefined;
  // "last month" is the one that is over.
  if (!length || (word === 'last' && !length.isCounted)) return undefined;
  return { from: shifted(today, length, -1) + 1, to: today, end: length.end };
}

/** «три дня назад», "a month ago"; «через неделю», "in 3 days". */
export function awayAt(reading: Reading, at: number, today: Day): DayRange | undefined {
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
export function lengthAt(reading: Reading, at: number, today: Day): DayRange | undefined {
  // «с начала года» is no year long.
  const isOfOther = /^(года|дня|месяца|недели|квартала)$/.test(wordAt(reading, at));
  const length = reading.awaited === 'date' && !isOfOther ? lengthOf(reading, at) : undefined;
  return length && { from: shifted(today, length, -1) + 1, to: today, end: length.end };
}
