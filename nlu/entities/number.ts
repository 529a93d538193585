import type { NumberEntity } from '../types.ts';
import { findNumbers } from './numbers.ts';
import type { Reading } from './reading.ts';

/** Numbers in digits and words: 12, «двадцать пять», "two and a half thousand". */
export function findNumberEntities(reading: Reading): NumberEntity[] {
  return findNumbers(reading.tokens)
    .filter((number) => number.digits.length <= 15)
    .map((number) => ({
      kind: 'number',
      ...reading.span(number.from, number.to),
      value: { number: number.value },
    }));
}
