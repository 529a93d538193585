import type { Token } from '../text.ts';
import type { CardEntity } from '../types.ts';
import { isPartOfLongNumber } from './digit-runs.ts';
import { currencyOf } from './money-words.ts';
import type { Reading } from './reading.ts';
import { isReferenceWord } from './reference.ts';
import { isCountOfTail, spokenRunAt } from './spoken-digits.ts';

const before =
  /^(карт\p{L}*|кард\p{L}*|пластик\p{L}*|cards?|visa|mastercard|мир|мира|виз[ауые]|мастеркард\p{L}{0,2}|мастеру?|maestro)$/u;
const links = new Set(
  'с на по у в и номер номером номера номеру конце оканчивается оканчивающаяся оканчивающуюся оканчивающейся заканчивается заканчивающаяся заканчивающуюся заканчивающейся кончается последние последними последних цифры цифрами цифр четыре 4 ending ends ended in with the last four digits are is number no num № # * x х : - – — . … • ( "'.split(
    ' ',
  ),
);

/** A card by four digits near a word for a card, by a mask («*1234»), or by its whole number; of that only the tail is told. */
export function findCards(reading: Reading): CardEntity[] {
  const { tokens } = reading;
  const found: CardEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const said = saidTail(reading, at);
    if (said) {
      found.push({ kind: 'card', ...reading.span(at, said.to), value: { tail: said.tail } });
      at = said.to - 1;
      continue;
    }
    if (tokens[at]?.kind !== 'digits') continue;
    // "+49 151 12345678" may pass the check of cards by chance.
    const whole = tokens[at - 1]?.norm === '+' ? undefined : wholeNumber(tokens, at);
    if (whole) {
      found.push({ kind: 'card', ...reading.span(at, whole.to), value: { tail: whole.digits.slice(-4) } });
      at = whole.to - 1;
      continue;
    }
    const digits = tokens[at]?.norm ?? '';
    if (!/^[0-9]{4}$/.test(digits) || isPartOfLongNumber(tokens, at, at + 1)) continue;
    const mask = maskBefore(tokens, at);
    if (
      mask < at ||
      isNamed(tokens, at) ||
      isNamedBehind(tokens, at) ||
      isToBlock(tokens, at) ||
      (reading.awaited === 'card' && isAlone(tokens, at))
    ) {
      found.push({ kind: 'card', ...reading.span(mask, at + 1), value: { tail: digits } });
    }
  }
  return found;
}

/** A tail in groups or in words, «4 5 1 2», "29 46", «пятьдесят один сорок семь», where it is asked for or named. */
function saidTail(reading: Reading, at: number): { tail: string; to: number } | undefined {
  const { tokens } = reading;
  const said = tokens[at]?.kind === 'digits' ? groupedTail(tokens, at) : spokenRunAt(tokens, at);
  if (said?.digits.length !== 4 || said.groups < 2) return undefined;
  const isMeant =
    reading.awaited === 'card' || isNamed(tokens, at) || isEnding.test(tokens[said.to]?.norm ?? '');
  const isSum = currencyOf(tokens[said.to]?.norm ?? '') !== undefined;
  return isMeant && !isSum ? { tail: said.digits, to: said.to } : undefined;
}

/** Four single digits or two pairs, a blank between them, and no digits before or behind. */
function groupedTail(
  tokens: readonly Token[],
  at: number,
): { digits: string; to: number; groups: number } | undefined {
  const length = tokens[at]?.norm.length === 1 ? 4 : 2;
  const groups = tokens.slice(at, at + length);
  const isEven = groups.every(
    ({ kind, norm, start }, i) =>
      kind === 'digits' && norm.length === 4 / length && (i === 0 || start === (groups[i - 1]?.end ?? 0) + 1),
  );
  const isApart =
    tokens[at + length]?.kind !== 'digits' &&
    (tokens[at - 1]?.kind !== 'digits' || isCountOfTail(tokens, at - 1));
  return isEven && isApart && groups.length === length
    ? { digits: groups.map(({ norm }) => norm).join(''), to: at + length, groups: length }
    : undefined;
}

const isEnding = /^(оканчива|заканчива)/;

/** 13 to 19 digits in a row or in groups, that pass the Luhn check (ISO/IEC 7812-1). */
function wholeNumber(tokens: readonly Token[], at: number): { digits: string; to: number } | undefined {
  let digits = '';
  let to = at;
  for (let i = at; i < tokens.length && digits.length <= 19; i++) {
    const token = tokens[i];
    if (!token) break;
    if (token.kind === 'digits' && /^[0-9]+$/.test(token.norm)) {
      if (i > at && tokens[i - 1]?.kind === 'digits' && token.start - (tokens[i - 1]?.end ?? 0) > 2) break;
      digits += token.norm;
      to = i + 1;
    } else if (!(token.kind === 'sign' && token.norm === '-')) break;
  }
  return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits) ? { digits, to } : undefined;
}

/** The check of card numbers: double every second digit from the right, sum of the digits divisible by ten. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function maskBefore(tokens: readonly Token[], at: number): number {
  let from = at;
  const behind = tokens[at - 1];
  const isApart = /^(\*|[xх]{2,})$/.test(behind?.norm ?? '') && tokens[at]?.start === (behind?.end ?? 0) + 1;
  if (isApart) from--;
  while (from > 0 && at - from < 16) {
    const token = tokens[from - 1];
    if (!token || token.end !== tokens[from]?.start || !/^([*•·#]|[xх]+)$/.test(token.norm)) break;
    from--;
  }
  // "contract #8820", and "#8820-B" of whatever.
  const isReference = tokens[from]?.norm === '#' && from === at - 1 && isReferenceAt(tokens, at);
  return isReference ? at : from;
}

function isReferenceAt(tokens: readonly Token[], at: number): boolean {
  const behind = tokens[at + 1];
  const isLonger =
    behind?.start === tokens[at]?.end &&
    /^[-/]$/.test(behind?.norm ?? '') &&
    tokens[at + 2]?.start === behind?.end;
  return (
    isLonger || isReferenceWord(tokens[at - 2]?.norm ?? '') || isReferenceWord(tokens[at - 3]?.norm ?? '')
  );
}

function isNamed(tokens: readonly Token[], at: number): boolean {
  for (let back = 1; back <= 8; back++) {
    const word = tokens[at - back]?.norm;
    if (word === undefined) return false;
    if (before.test(word)) return true;
    if (/^(оканчива|заканчива|последни|концовк|ending|ends)/.test(word) || (word === 'digits' && back <= 2))
      return true;
    if (isCountOfTail(tokens, at - back)) return true;
    // «4455 и 6677»
    const isListed = /^(и|and|,)$/.test(word) && /^[0-9]{4}$/.test(tokens[at - back - 1]?.norm ?? '');
    if (isListed) back++;
    else if (!links.has(word)) return false;
  }
  return false;
}

/** «на 9098 карту», «с 2271 на 9098 карту». */
function isNamedBehind(tokens: readonly Token[], at: number): boolean {
  if (!/^(с|со|на|по)$/.test(tokens[at - 1]?.norm ?? '')) return false;
  if (/^карт[ауые]$/.test(tokens[at + 1]?.norm ?? '')) return true;
  return (
    tokens[at + 1]?.norm === 'на' &&
    tokens[at + 2]?.norm.length === 4 &&
    /^карт[ауые]$/.test(tokens[at + 3]?.norm ?? '')
  );
}

/** «заблокируй ее, 4321», "freeze 4321 please": a card is what one blocks. */
function isToBlock(tokens: readonly Token[], at: number): boolean {
  if (currencyOf(tokens[at + 1]?.norm ?? '') !== undefined) return false;
  let from = at - 1;
  while (from > at - 5 && betweenBlocked.test(tokens[from]?.norm ?? '')) from--;
  return blocking.test(tokens[from]?.norm ?? '');
}
const blocking =
  /^(заблокируй(те)?|заблокировать|заблочь(те)?|заблочить|заморозь(те)?|заморозить|блокни(те)?|block|freeze|lock)$/;
const betweenBlocked = /^(ее|эту|мою|пожалуйста|плиз|срочно|it|this|one|my|the|please|pls|asap|[,:–-])$/;

/** Nothing but the digits and small words. */
const isAlone = (tokens: readonly Token[], at: number): boolean =>
  tokens.length <= 12 && tokens.every((token, i) => i === at || token.kind !== 'digits');
