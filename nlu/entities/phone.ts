import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhoneEntity } from '../types.ts';
import { type DigitRun, digitRunAt } from './digit-runs.ts';
import type { Reading } from './reading.ts';

const context =
  /^(тел|телефон\p{L}*|номер\p{L}*|моб|мобильн\p{L}*|сотов\p{L}*|звон\p{L}*|позвон\p{L}*|перезвон\p{L}*|набер\p{L}*|phone|call|mobile|cell|number|tel|на)$/u;

/**
 * Phone numbers as E.164 (ITU-T E.164): Russian ones with +7, 8 or, where the words say so, without; others only with
 * their plus sign, in the length that their country gives them.
 */
export function findPhones(reading: Reading): PhoneEntity[] {
  const { tokens } = reading;
  const found: PhoneEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.kind !== 'digits') continue;
    const before = tokens[at - 1];
    const from = before && '+('.includes(before.norm) && before.end === tokens[at]?.start ? at - 1 : at;
    const hasPlus = tokens[from]?.norm === '+' || tokens[from - 1]?.norm === '+';
    const run = digitRunAt(tokens, at, '()-–.‑', 15);
    if (!run) continue;
    const phone = phoneOf(run, hasPlus, isExpected(reading, from));
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
  if (digits.length === 11 && /^[78][3489]/.test(digits)) return `+7${digits.slice(1)}`;
  if (digits.length === 10 && expected && /^9/.test(digits)) return `+7${digits}`;
  return undefined;
}

function isExpected(reading: Reading, at: number): boolean {
  if (reading.awaited === 'phone') return true;
  for (let back = 1; back <= 4; back++) if (context.test(reading.tokens[at - back]?.norm ?? '')) return true;
  return false;
}
