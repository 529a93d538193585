import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDigitPieces, type DigitPieces } from '../../../../gateway/connectors/voice/digit-pieces.ts';

let whole: [string, string][];
let pieces: DigitPieces;

beforeEach(() => {
  vi.useFakeTimers();
  whole = [];
  pieces = createDigitPieces((text, key) => whole.push([text, key]));
});
afterEach(() => {
  vi.useRealTimers();
});

test('a number that was asked for comes on once it is whole, under the key of its first piece', () => {
  pieces.expect(9);
  expect(pieces.takes('код сто двадцать три', 'a')).toBe(true);
  expect(pieces.takes('четыре пять шесть', 'b')).toBe(true);
  expect(whole).toEqual([]);
  expect(pieces.takes('789', 'c')).toBe(true);
  expect(whole).toEqual([['123 456 789', 'a']]);
  vi.runAllTimers();
  expect(whole).toHaveLength(1);
});

test('a piece that is repeated counts once', () => {
  pieces.expect(6);
  pieces.takes('один два три', 'a');
  pieces.takes('один два три', 'a');
  pieces.takes('четыре пять шесть', 'b');
  expect(whole).toEqual([['123 456', 'a']]);
});

test('what stays a piece comes on by itself, and what is no number before what follows it', () => {
  pieces.expect(9);
  pieces.takes('12', 'a');
  vi.runAllTimers();
  expect(whole).toEqual([['12', 'a']]);
  pieces.takes('34', 'b');
  expect(pieces.takes('ой, подождите', 'c')).toBe(false);
  expect(whole).toEqual([
    ['12', 'a'],
    ['34', 'b'],
  ]);
});

test('nothing is kept back where no number was asked for', () => {
  expect(pieces.takes('пятьсот', 'a')).toBe(false);
  pieces.expect(9);
  pieces.expect(undefined);
  expect(pieces.takes('пятьсот', 'b')).toBe(false);
  vi.runAllTimers();
  expect(whole).toEqual([]);
});
