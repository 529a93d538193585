import { addMonths, type Day, dayOf, monthOf, validDay, yearOf } from './calendar.ts';
import { isBeginning, isDeadline, isPlan, isStory } from './date-words.ts';
import { type DayRange, dayAt, momentAt, resolveDay, wordAt } from './moment.ts';
import type { Reading } from './reading.ts';

/** Days of a month that is not said, and which way from today is meant. */

/** Whether what is to come is meant here: «до пятницы», «давайте двадцатого», "due on nov 30". */
export function isAheadMeant(reading: Reading, at: number): boolean {
  for (let back = 1; back <= 6; back++) {
    const word = wordAt(reading, at - back);
    if (isStory(word) || (back === 1 && isBeginning(word))) return false;
    if (isPlan(word) || (back === 1 && isDeadline(word))) return true;
  }
  // «в среду придет курьер»
  for (let ahead = 1; ahead <= 3; ahead++) if (isPlan(wordAt(reading, at + ahead))) return true;
  return false;
}

/** «15 числа», «пятнадцатого числа», «10го», "on the 15th": the last such day, or the next where that is meant. */
export function dayOfMonthAt(reading: Reading, at: number, today: Day): DayRange | undefined {
  const day = dayAt(reading, at);
  if (!day || day.day < 1 || day.day > 31) return undefined;
  const isOrdinal = wordAt(reading, at) === 'the' || day.end > at + 1 || reading.tokens[at]?.kind === 'word';
  const isNumbered = wordAt(reading, day.end) === 'числа';
  const isAlone = reading.awaited === 'date' && reading.tokens.length === day.end && at <= 2;
  const isEnglish =
    wordAt(reading, at) === 'the' && /^(on|by|until|till|since|from)$/.test(wordAt(reading, at - 1));
  const isShort = reading.tokens[at]?.kind === 'digits' && /^(го|ого)$/.test(wordAt(reading, day.end - 1));
  const isWhich = (isEnglish && isOrdinal) || isShort;
  if (!isNumbered && !isAlone && !(isWhich && isPhraseOver(reading, day.end))) return undefined;
  const end = isNumbered ? day.end + 1 : day.end;
  const first = dayOf(yearOf(today), monthOf(today), 1);
  const here = first + day.day - 1;
  const isAhead = isAheadMeant(reading, at);
  const shift = isAhead && here < today ? 1 : !isAhead && here > today ? -1 : 0;
  const month = addMonths(first, shift);
  const found = validDay(yearOf(month), monthOf(month), day.day);
  return found === undefined ? undefined : { from: found, to: found, end };
}

/** The «5» of «5 и 6 октября»: its month is the next one's. */
export function firstOfTwo(reading: Reading, at: number, today: Day): DayRange | undefined {
  const first = dayAt(reading, at);
  if (!first || !/^(и|and|или|or)$/.test(wordAt(reading, first.end))) return undefined;
  const second = momentAt(reading, first.end + 1);
  if (!second) return undefined;
  const day = resolveDay({ ...second, day: first.day }, today, isAheadMeant(reading, at));
  return day === undefined ? undefined : { from: day, to: day, end: first.end };
}

/** "on the 3rd", «10го», and no noun behind it: "on the 5th floor", «2го ребенка». */
const isPhraseOver = (reading: Reading, at: number): boolean =>
  reading.tokens[at]?.kind !== 'word' ||
  /^(and|but|or|i|it|at|in|for|from|to|was|is|my|they|you|we|he|she|please|pls|thanks|why|how|what|when|where|so|not|still|because|и|а|но|или|я|мне|меня|мы|вы|у|на|в|с|к|по|уже|еще|не|что|как|почему|где|когда|должн\p{L}+|обещал\p{L}*|списал\p{L}*|пришл\p{L}|был\p{L}?|будет)$/u.test(
    wordAt(reading, at),
  );
