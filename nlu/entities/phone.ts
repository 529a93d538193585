import type { PhoneEntity } from '../types.ts';
import { digitRunAt } from './digit-runs.ts';
import type { Reading } from './reading.ts';

const context =
  /^(тел|телефон\p{L}*|номер\p{L}*|моб|мобильн\p{L}*|сотов\p{L}*|звон\p{L}*|позвон\p{L}*|перезвон\p{L}*|набер\p{L}*|phone|call|mobile|cell|number|tel|на)$/u;

/**
 * Phone numbers as E.164. Russian ones with +7, 8 or, where the words say so, without; others only with their plus sign.
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
    const phone = phoneOf(run.digits, hasPlus, isExpected(reading, from));
    if (phone) {
      const start = hasPlus && tokens[from]?.norm !== '+' ? from - 1 : from;
      found.push({ kind: 'phone', ...reading.span(start, run.to), value: { phone } });
      at = run.to - 1;
    }
  }
  return found;
}

function phoneOf(digits: string, hasPlus: boolean, expected: boolean): string | undefined {
  if (hasPlus) return digits.length >= 8 && digits.length <= 15 ? `+${digits}` : undefined;
  if (digits.length === 11 && /^[78][3489]/.test(digits)) return `+7${digits.slice(1)}`;
  if (digits.length === 10 && expected && /^9/.test(digits)) return `+7${digits}`;
  return undefined;
}

function isExpected(reading: Reading, at: number): boolean {
  if (reading.awaited === 'phone') return true;
  for (let back = 1; back <= 4; back++) if (context.test(reading.tokens[at - back]?.norm ?? '')) return true;
  return false;
}
