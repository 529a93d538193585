import { isCyrillic, type Token } from '../text.ts';
import { mayBegin, numeralOf } from './numerals.ts';

/** A number as it stands in the tokens: `from` and `to` are token indices, `to` exclusive. */
export type NumberSpan = {
  readonly value: number;
  readonly from: number;
  readonly to: number;
  /** Only digits, perhaps with separators: not a word, no «тыс.», no "k". */
  readonly plain: boolean;
  /** The digits as written, without separators, when the number is plain and whole. */
  readonly digits: string;
};

/** All numbers of a text, from left to right, none overlapping; in linear time. */
export function findNumbers(tokens: readonly Token[]): NumberSpan[] {
  const found: NumberSpan[] = [];
  for (let at = 0; at < tokens.length; ) {
    const number = numberAt(tokens, at);
    if (number) found.push(number);
    at = number ? number.to : at + 1;
  }
  return found;
}

/** The longest number that begins at a token, or undefined. */
export function numberAt(tokens: readonly Token[], at: number): NumberSpan | undefined {
  const first = tokens[at];
  if (!first || first.kind === 'sign') return undefined;
  const about = aboutAt(tokens, at);
  if (about) return about;
  let to = at;
  let plain = false;
  let digits = '';
  let total = 0;
  let current = 0;
  // Below which value the next addend must lie: «двадцать пять» is one number, «пять двадцать» are two.
  let below = Number.POSITIVE_INFINITY;
  if (first.kind === 'digits') {
    const read = readDigits(tokens, at);
    current = read.value;
    digits = read.digits;
    to = read.to;
    plain = true;
    below = 0;
  } else {
    const half = halfAt(tokens, at);
    if (half) {
      current = half.value;
      to = half.to;
      below = 0;
    } else {
      const numeral = numeralOf(first.norm);
      if (!numeral || (numeral.join === 'times' && !mayBegin(first.norm))) {
        if (!isArticle(first.norm)) return undefined;
        const next = tokens[at + 1];
        const after = next ? numeralOf(next.norm) : undefined;
        const isDozen = next?.norm === 'dozen';
        if (next?.kind !== 'word' || (!isDozen && (after?.join !== 'times' || next.norm.length < 4))) {
          return undefined;
        }
        current = isDozen ? 0 : 1;
        below = isDozen ? Number.POSITIVE_INFINITY : 1;
        to = at + 1;
      }
    }
  }
  while (to < tokens.length) {
    const token = tokens[to];
    if (!token) break;
    if (token.kind === 'sign' && token.norm === '-' && tokens[to + 1]?.kind === 'word' && !plain && to > at) {
      if (!numeralOf(tokens[to + 1]?.norm ?? '')) break;
      to++;
      continue;
    }
    if (token.kind === 'digits') {
      // «2 тысячи 500»: digits may go on only below a thousand that was said in words.
      if (to === at || plain || total === 0 || current !== 0 || token.norm.length > 3) break;
      current = Number(token.norm);
      below = 0;
      to++;
      continue;
    }
    if (token.kind !== 'word') break;
    if (token.norm === 'and' && to > at && !plain) {
      const half = tokens[to + 1]?.norm === 'a' && tokens[to + 2]?.norm === 'half';
      if (half && current > 0) {
        current += 0.5;
        to += 3;
        continue;
      }
      const next = numeralOf(tokens[to + 1]?.norm ?? '');
      if (next?.join !== 'add' || next.value >= below) break;
      to++;
      continue;
    }
    if (token.norm === 'с' && tokens[to + 1]?.norm.startsWith('половин') && current > 0) {
      current += 0.5;
      to += 2;
      continue;
    }
    const numeral = numeralOf(token.norm);
    if (!numeral) break;
    if (tokens[to - 1]?.norm === '.' && to > at) break;
    if (numeral.join === 'add') {
      // «пять ноль» are two digits.
      if (numeral.value >= below || (plain && to > at) || (numeral.value === 0 && to > at)) break;
      current += numeral.value;
      below = magnitude(numeral.value);
    } else if (numeral.value === 100) {
      if (current >= 100 || (current === 0 && to > at)) break;
      current = (current || 1) * 100;
      below = 100;
    } else {
      if (current === 0 && to > at && total > 0) break;
      // A second scale must be smaller than the first: «миллион тысяч» is not a sum that people say.
      if (total > 0 && numeral.value >= scaleOf(total)) break;
      if (token.norm.length <= 2 && !isScaleLetter(tokens, to)) break;
      total += (current || 1) * numeral.value;
      current = 0;
      below = numeral.value;
      plain = false;
    }
    to++;
  }
  if (to === at) return undefined;
  if (isShortMillion(tokens, to, total, current)) current *= 1000;
  const value = Math.round((total + current) * 1000) / 1000;
  return Number.isFinite(value) ? { value, from: at, to, plain, digits: plain ? digits : '' } : undefined;
}

/** «миллион двести», «1 млн 200»: of thousands, without the word for them. */
const isShortMillion = (tokens: readonly Token[], to: number, total: number, current: number): boolean =>
  total >= 1e6 &&
  total % 1e6 === 0 &&
  current >= 100 &&
  current % 10 === 0 &&
  isCyrillic(tokens[to - 2]?.norm ?? '');

/** «тысяч пять», «лямов десять»: about so many; the numeral of one word or of digits stands behind the scale. */
function aboutAt(tokens: readonly Token[], at: number): NumberSpan | undefined {
  const word = tokens[at]?.norm ?? '';
  const next = tokens[at + 1];
  const isAbout =
    /^(тысяч|тыщ|миллионов|лямов|косарей)$/.test(word) ||
    (/^(тысячи|тыщи|миллиона)$/.test(word) && /^(две|два|три|четыре|[234])$/.test(next?.norm ?? ''));
  const scale = isAbout ? numeralOf(word) : undefined;
  if (!scale || !next) return undefined;
  const count =
    next.kind === 'digits' && next.norm.length <= 3
      ? Number(toAscii(next.norm))
      : numeralOf(next.norm)?.value;
  const isCount = count !== undefined && count > 0 && count < 1000 && numeralOf(next.norm)?.join !== 'times';
  return isCount ? { value: count * scale.value, from: at, to: at + 2, plain: false, digits: '' } : undefined;
}

/** A letter or two that make a name of one digit: "3d secure", "2fa", «1с», "5g". */
const nameLetters = /^(d|ds|fa|g|c|с)$/;

/** What stands before the digits of a model or a version: «айфон 13», "windows 11", «версия 5.1». */
const named =
  /^(айфон\p{L}{0,2}|iphone|айпад\p{L}{0,2}|ipad|android|андроид\p{L}{0,2}|windows|винд\p{L}{1,2}|виндовс\p{L}?|ios|айос|macos|galaxy|redmi|xiaomi|сяоми|samsung|самсунг\p{L}{0,2}|huawei|хуавей|honor|хонор|pixel|chrome|хром|firefox|safari|сафари|версия|версии|версию|версией|version|ver|v|build)$/u;

/**
 * «2-ндфл», "24/7", "2fa", "E-4017", «айфон 13», «Премиум 2.0»: digits that are joined to a word or to other digits, or name
 * a model or a version, count nothing. «2-х» is a number.
 */
export function isPartOfName(tokens: readonly Token[], from: number, to: number): boolean {
  if (isModel(tokens, from, to) || isCode(tokens, from)) return true;
  const isGlued = (at: number) => tokens[at]?.start === tokens[at - 1]?.end;
  if (tokens[from]?.norm.length === 1 && isGlued(to) && nameLetters.test(tokens[to]?.norm ?? '')) return true;
  const behind = tokens[to + 1];
  const mark = tokens[to]?.norm ?? '';
  if (tokens[to - 1]?.kind === 'digits' && behind && isGlued(to) && isGlued(to + 1)) {
    if ('-/:@'.includes(mark) && behind.kind === 'digits') return true;
    if (mark === '-' && behind.norm.length > 2 && isCyrillic(behind.norm)) return true;
  }
  const isAfterMark = '-/:@'.includes(tokens[from - 1]?.norm ?? ' ') && isGlued(from) && isGlued(from - 1);
  return tokens[from]?.kind === 'digits' && isAfterMark && tokens[from - 2]?.kind === 'digits';
}

/** Of three digits at most, or with a dot: "iphone 15000" is said of a price. Nobody writes a sum as "2.0". */
function isModel(tokens: readonly Token[], from: number, to: number): boolean {
  if (tokens[from]?.kind !== 'digits') return false;
  const length = tokens[from]?.norm.length ?? 0;
  const isVersion =
    to === from + 3 && length === 1 && tokens[from + 1]?.norm === '.' && tokens[from + 2]?.norm === '0';
  return isVersion || (length <= 3 && named.test(tokens[from - 1]?.norm ?? ''));
}

/** "E-4017", «ДК-104477»: a few letters with a hyphen before the digits. */
function isCode(tokens: readonly Token[], at: number): boolean {
  const [letters, hyphen, digits] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  if (digits?.kind !== 'digits' || hyphen?.norm !== '-' || letters?.kind !== 'word') return false;
  const isGlued = letters.end === hyphen.start && hyphen.end === digits.start;
  return isGlued && letters.norm.length <= 4 && !/^(на|по|до|за|от|с|в|to|at|for)$/.test(letters.norm);
}

const isArticle = (word: string) => word === 'a' || word === 'an';

/** «к», "k", «т», "m" count only right behind their digits or one blank after, and not before another letter. */
function isScaleLetter(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (!token || !before) return false;
  if (token.norm.length === 2) return true;
  if (token.norm === 'k' && before.norm === 'half') return true;
  if (token.start === before.end) return before.kind === 'digits';
  // «перевод 5 к Маше» is no thousand: apart from its digits the letter must end the phrase.
  const next = tokens[at + 1];
  return before.kind === 'digits' && (next?.kind !== 'word' || token.norm === 'т') && token.norm !== 'm';
}

const magnitude = (value: number): number => (value < 10 ? 1 : value < 20 ? 1 : value < 100 ? 10 : 100);
const scaleOf = (total: number): number => (total >= 1e9 ? 1e9 : total >= 1e6 ? 1e6 : 1000);

/** "half a million", «полтысячи», «пол миллиона», «пара тысяч», "a couple of hundred". */
function halfAt(tokens: readonly Token[], at: number): { value: number; to: number } | undefined {
  const word = tokens[at]?.norm ?? '';
  const next = tokens[at + 1]?.norm ?? '';
  const scale = (name: string) => {
    const numeral = numeralOf(name);
    return numeral?.join === 'times' && name.length > 2 ? numeral.value : 0;
  };
  if (/^quarters?$/.test(next) && tokens[at + 2]?.norm === 'of') {
    const quarters = isArticle(word) ? 1 : (numeralOf(word)?.value ?? 0);
    const of = isArticle(tokens[at + 3]?.norm ?? '') ? at + 4 : at + 3;
    if (quarters > 0 && quarters < 4 && scale(tokens[of]?.norm ?? '')) return { value: quarters / 4, to: of };
  }
  if (word === 'half' && isArticle(next) && scale(tokens[at + 2]?.norm ?? ''))
    return { value: 0.5, to: at + 2 };
  if ((word === 'пол' || word === 'half') && scale(next)) return { value: 0.5, to: at + 1 };
  if (word === 'пол' && next === '-' && scale(tokens[at + 2]?.norm ?? '')) return { value: 0.5, to: at + 2 };
  if (word.startsWith('пол') && scale(word.slice(3)))
    return { value: 0.5 * scale(word.slice(3)), to: at + 1 };
  if ((word === 'пара' || word === 'пару') && scale(next)) return { value: 2, to: at + 1 };
  if (word === 'a' && next === 'couple') {
    const of = tokens[at + 2]?.norm === 'of' ? 3 : 2;
    if (scale(tokens[at + of]?.norm ?? '')) return { value: 2, to: at + of };
  }
  return undefined;
}

/** Digits with separators of thousands and a decimal part: "2 500,50", "1,320", "24,991.25", "1.000.000". */
function readDigits(tokens: readonly Token[], at: number): { value: number; digits: string; to: number } {
  let whole = toAscii(tokens[at]?.norm ?? '');
  let to = at + 1;
  const touches = (i: number) => tokens[i]?.start === tokens[i - 1]?.end;
  const isGroup = (i: number) => tokens[i]?.kind === 'digits' && tokens[i]?.norm.length === 3;
  // Thousands: groups of exactly three digits behind one and the same separator.
  let separator: string | undefined;
  while (whole.length <= 15 && whole !== '0' && (separator !== undefined || whole.length <= 3)) {
    const mark = tokens[to];
    const spaced = isGroup(to) && tokens[to]?.start === (tokens[to - 1]?.end ?? 0) + 1;
    const marked =
      mark?.kind === 'sign' && ",.'".includes(mark.norm) && touches(to) && touches(to + 1) && isGroup(to + 1);
    const now = spaced ? ' ' : marked ? mark.norm : undefined;
    if (now === undefined || (separator !== undefined && now !== separator)) break;
    whole += toAscii(tokens[spaced ? to : to + 1]?.norm ?? '');
    to += spaced ? 1 : 2;
    separator = now;
  }
  let value = Number(whole.slice(0, 18));
  const mark = tokens[to];
  const part = tokens[to + 1];
  const isDecimal =
    mark?.kind === 'sign' &&
    (mark.norm === ',' || mark.norm === '.') &&
    mark.norm !== separator &&
    touches(to) &&
    touches(to + 1) &&
    part?.kind === 'digits' &&
    part.norm.length <= 2 &&
    !(tokens[to + 2]?.norm === mark.norm && tokens[to + 3]?.kind === 'digits' && touches(to + 3));
  if (isDecimal) {
    value += Number(toAscii(part.norm)) / 10 ** part.norm.length;
    return { value, digits: '', to: to + 2 };
  }
  return { value, digits: whole, to };
}

/** Decimal digits of any script as ASCII. */
function toAscii(digits: string): string {
  return digits.replace(/[^0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // Unicode puts the ten digits of each script side by side, beginning with zero.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String(code - zero);
  });
}
