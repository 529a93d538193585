import type { NumberEntity } from '../types.ts';
import { findNumbers } from './numbers.ts';
import type { Reading } from './reading.ts';

/** Numbers in digits and words: 12, «двадцать пять», "two and a half thousand". */
export function findNumberEntities(reading: Reading): NumberEntity[] {
  return findNumbers(reading.tokens)
    .filter((number) => number.digits.length <= 15)
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

const pieces = /^(штук[аиу]?|куск(а|ов))$/;
