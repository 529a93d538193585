import type { NumberEntity } from '../types.ts';
import { isPartOfLongNumber } from './digit-runs.ts';
import { findNumbers, isPartOfName, type NumberSpan } from './numbers.ts';
import type { Reading } from './reading.ts';
import { isCountOfTail, spokenRunAt } from './spoken-digits.ts';

/** Numbers in digits and words: 12, «двадцать пять», "two and a half thousand". */
export function findNumberEntities(reading: Reading): NumberEntity[] {
  const isAwaited = reading.awaited === 'number';
  return findNumbers(reading.tokens)
    .filter((number) => number.digits.length <= 15 && (isAwaited || isQuantity(reading, number)))
    .map((number) => {
      // «три штуки»: a thousand each in a sum, three pieces anywhere else.
      const isPieces = number.to - number.from > 1 && pieces.test(reading.tokens[number.to - 1]?.norm ?? '');
      return {
        kind: 'number',
        ...reading.span(number.from, isPieces ? number.to - 1 : number.to),
        value: { number: isPieces ? number.value / 1000 : number.value },
      };
    });
}

/** Whether something is counted or measured: no part of a paper's number or of a name, no "one" for somebody. */
function isQuantity({ tokens }: Reading, { from, to, digits }: NumberSpan): boolean {
  if (digits.length > 9 || (digits.length > 1 && digits.startsWith('0'))) return false;
  if (isPartOfLongNumber(tokens, from, to) || isPartOfName(tokens, from, to)) return false;
  if (isCountOfTail(tokens, from) && isTailAt(tokens, to)) return false;
  if (
    /^(ave|avenue|street|floor)$/.test(tokens[to + 1]?.norm ?? '') &&
    /^(st|nd|rd|th)$/.test(tokens[to]?.norm ?? '')
  )
    return false;
  // «улица 8 марта»
  if (/^(ул|улиц[аеыу]|д|дом|кв|street)$/.test(tokens[from - 1]?.norm ?? '')) return false;
  // "a grand idea"
  if (tokens[to - 1]?.norm === 'grand' && tokens[from]?.norm === 'a') return false;
  if (to !== from + 1) return true;
  if (tokens[from]?.norm === 'штуку') return false;
  const before = tokens[from - 1]?.norm ?? '';
  if (isNoCount(tokens, from)) return false;
  // «ни одна не работает»
  if (before === 'ни' && tokens[from]?.kind === 'word') return false;
  return !(tokens[from]?.norm === 'one' && (beforePronoun.test(before) || isNounOf(tokens, from)));
}

/** "the debit card one", and nothing behind it. */
const isNounOf = (tokens: Reading['tokens'], at: number): boolean =>
  tokens[at - 1]?.kind === 'word' &&
  /^(a|an|the|my|your)$/.test(tokens[at - 3]?.norm ?? tokens[at - 2]?.norm ?? '') &&
  (tokens[at + 1]?.kind ?? 'sign') === 'sign';

/** "last four 5539", «последние четыре: пять пять три девять». */
function isTailAt(tokens: Reading['tokens'], at: number): boolean {
  const tail = /^(is|are|:|-|digits|цифры)$/.test(tokens[at]?.norm ?? '') ? at + 1 : at;
  return tokens[tail]?.kind === 'digits' || spokenRunAt(tokens, tail) !== undefined;
}

/** «одно и то же», «от одного к другому», "one more question", "from one to another": one says nothing of how many. */
function isNoCount(tokens: Reading['tokens'], at: number): boolean {
  const word = (away: number) => tokens[at + away]?.norm ?? '';
  if (/^од(ин|н[аоуи]|ного|ному|ной|ним|ном)$/.test(word(0))) {
    const isSame = word(1) === 'и' && /^(то|та|тот|те|того|той|ту|тем|том)$/.test(word(2));
    return isSame || (/^(к|на|с|за|у)$/.test(word(1)) && /^друг/.test(word(2)));
  }
  if (word(0) !== 'one') return false;
  return (
    /^(more|by|another)$/.test(word(1)) ||
    /^(not|each|every)$/.test(word(-1)) ||
    [1, 2].some((away) => word(away) === 'to' && /^(another|the)$/.test(word(away + 1)))
  );
}

/** "no one", "the wrong one". */
const beforePronoun = /^(no|any|every|some|this|that|which|the|other|another|new|old|wrong|right|only|last)$/;

const pieces = /^(штук[аиу]?|куск(а|ов))$/;
