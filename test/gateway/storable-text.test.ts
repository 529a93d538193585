import { expect, test } from 'vitest';
import { isStorable } from '../../gateway/storable-text.ts';

test('keeps every well-formed text', () => {
  for (const text of ['', 'привет', '🏦', 'a\tb\r\n', '‮rtl', '\u0001']) expect(isStorable(text)).toBe(true);
});

test('refuses the null character and half a surrogate pair', () => {
  for (const text of ['a\u0000b', '\ud83c', 'x\udfe6', '\udfe6\ud83c']) expect(isStorable(text)).toBe(false);
});
