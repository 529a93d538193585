import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhoneEntity } from '../types.ts';
import { type DigitRun, digitRunAt } from './digit-runs.ts';
import type { Reading } from './reading.ts';
import { spokenRunAt } from './spoken-digits.ts';

const context =
  /^(тел|телефон\p{L}*|номер\p{L}*|моб|мобильн\p{L}*|сотов\p{L}*|звон\p{L}*|позвон\p{L}*|перезвон\p{L}*|набер\p{L}*|phone|call|mobile|cell|number|tel|на)$/u;

/**
 * Phone numbers as E.164 (ITU-T E.164): Russian ones with +7, 8 or, where the words say so, without; in English those of
 * the North American plan as they are written there, "(212) 555-0143"; others only with their plus sign or 00 for it
 * (ITU-T E.123), in the length that their country gives them. In words too where the words before say that it is a phone.
 */
export function findPhones(reading: Reading): PhoneEntity[] {
  const { tokens } = reading;
  const found: PhoneEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const said = saidPhone(reading, at);
    if (said) {
      found.push({ kind: 'phone', ...reading.span(at, said.to), value: { phone: said.number } });
      at = said.to - 1;
      continue;
    }
    if (tokens[at]?.kind !== 'digits') continue;
    const before = tokens[at - 1];
    const from = before && '+('.includes(before.norm) && before.end === tokens[at]?.start ? at - 1 : at;
    const hasPlus = tokens[from]?.norm === '+' || tokens[from - 1]?.norm === '+';
    const run = digitRunAt(tokens, at, '()-–.‑', 15);
    if (!run) continue;
    const isExpectedHere = isExpected(reading, from);
    const isEnglish = reading.language === 'en' && !hasPlus;
    const american = isEnglish ? americanOf(reading, run, isPhoneSaid(reading, from)) : undefined;
    const phone = american ?? phoneOf(run, hasPlus, isExpectedHere);
    if (phone) {
      const start = hasPlus && tokens[from]?.norm !== '+' ? from - 1 : from;
      found.push({ kind: 'phone', ...reading.span(start, phone.to), value: { phone: phone.number } });
      at = phone.to - 1;
    }
  }
  return found;
}

/** The number, and behind which token it ends: a sum may follow («на 89161234567 1500»). */
function phoneOf(
  run: DigitRun,
  hasPlus: boolean,
  expected: boolean,
): { number: string; to: number } | undefined {
  const whole = numberOf(run.digits, hasPlus, expected);
  if (whole) return { number: whole, to: run.to };
  const [first = ''] = run.groups;
  const alone = first.length >= 10 ? numberOf(first, hasPlus, expected) : undefined;
  return alone ? { number: alone, to: run.from + 1 } : undefined;
}

function numberOf(digits: string, hasPlus: boolean, expected: boolean): string | undefined {
  if (hasPlus) {
    const parsed = digits.length >= 7 ? parsePhoneNumberFromString(`+${digits}`) : undefined;
    return parsed?.isPossible() ? parsed.number : undefined;
  }
  if (/^00[1-9]/.test(digits)) {
    const parsed = parsePhoneNumberFromString(`+${digits.slice(2)}`);
    return parsed?.isValid() ? parsed.number : undefined;
  }
  if (digits.length === 11 && /^[78][3489]/.test(digits)) return `+7${digits.slice(1)}`;
  if (digits.length === 10 && expected && /^9/.test(digits)) return `+7${digits}`;
  return undefined;
}

/** The longest number of the plan that begins the run: "212-555-0143", "1 (212) 555-0143", "212.555.0143". */
function americanOf(
  reading: Reading,
  { groups, from, to }: DigitRun,
  expected: boolean,
): { number: string; to: number } | undefined {
  const body = groups[0] === '1' ? groups.slice(1) : groups;
  const digits = body.slice(0, 3).join('');
  const isWritten =
    body
      .slice(0, 3)
      .map(({ length }) => length)
      .join() === '3,3,4';
  if (!isWritten) {
    // Ten digits in a row that begin with 9 are a Russian mobile phone as well.
    const isBare = expected && body.length === 1 && !digits.startsWith('9');
    const number = isBare ? northAmerican(digits) : undefined;
    return number === undefined ? undefined : { number, to };
  }
  const end = groupEnd(reading, from, groups.length - body.length + 3);
  const isMarked = /[().–‑-]/.test(reading.span(from, end).text);
  const number = isMarked || expected ? northAmerican(digits) : undefined;
  return number === undefined ? undefined : { number, to: end };
}

/** Stricter than `isExpected`: "the number 4155550190" may be of anything, "my number" is a phone's. */
function isPhoneSaid(reading: Reading, at: number): boolean {
  if (reading.awaited === 'phone') return true;
  const word = (back: number) => reading.tokens[at - back]?.norm ?? '';
  for (let back = 1; back <= 4; back++) {
    if (/^(phone|call|mobile|cell|tel|text|dial|ring|reach)$/.test(word(back))) return true;
    if (word(back) === 'number' && /^(my|his|her|their|our|your|new|s)$/.test(word(back + 1))) return true;
  }
  return false;
}

/** Behind the so-manyth group of digits. */
function groupEnd({ tokens }: Reading, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; at++) if (tokens[at]?.kind === 'digits') left--;
  return at;
}

/** Neither the area nor the exchange begins with 0 or 1 (North American Numbering Plan, NXX-NXX-XXXX). */
function northAmerican(digits: string): string | undefined {
  if (!/^[2-9]\d\d[2-9]\d{6}$/.test(digits)) return undefined;
  const parsed = parsePhoneNumberFromString(`+1${digits}`);
  return parsed?.isPossible() ? parsed.number : undefined;
}

/** «восемь девятьсот двадцать …», "five oh three …", where a phone is expected. */
function saidPhone(reading: Reading, at: number): { number: string; to: number } | undefined {
  const run = spokenRunAt(reading.tokens, at);
  if (!run || run.digits.length < 10 || run.digits.length > 11) return undefined;
  // Eleven digits that begin like a Russian mobile number are one, whatever stands before them.
  const isPlain = /^[78]9\d{9}$/.test(run.digits);
  if (!isPlain && !isExpected(reading, at)) return undefined;
  const isAmerican = reading.language === 'en' && !/^[78]9|^9/.test(run.digits);
  const number = isAmerican ? northAmerican(run.digits.replace(/^1/, '')) : numberOf(run.digits, false, true);
  return number === undefined ? undefined : { number, to: run.to };
}

function isExpected(reading: Reading, at: number): boolean {
  if (reading.awaited === 'phone') return true;
  for (let back = 1; back <= 4; back++) if (context.test(reading.tokens[at - back]?.norm ?? '')) return true;
  return false;
}
