import fc from 'fast-check';
import smpp from 'smpp';
import { expect, it } from 'vitest';
import { decodeGsm, encodeGsm } from '../../../../gateway/connectors/sms/gsm.ts';
import { segmentsOf, splitSegments } from '../../../../gateway/connectors/sms/segments.ts';
import { readStopWord } from '../../../../gateway/connectors/sms/stop-words.ts';

const { gsmCoder } = smpp as unknown as {
  gsmCoder: { encode(text: string, table: number): Buffer; decode(octets: Buffer, table: number): string };
};

it.each([
  ['', 'gsm', 1, 160],
  ['a'.repeat(160), 'gsm', 1, 0],
  ['a'.repeat(161), 'gsm', 2, 145],
  ['a'.repeat(306), 'gsm', 2, 0],
  ['a'.repeat(307), 'gsm', 3, 152],
  ['€'.repeat(80), 'gsm', 1, 0],
  ['€'.repeat(81), 'gsm', 2, 143],
  ['я'.repeat(70), 'ucs2', 1, 0],
  ['я'.repeat(71), 'ucs2', 2, 63],
  ['я'.repeat(134), 'ucs2', 2, 0],
  ['я'.repeat(135), 'ucs2', 3, 66],
  ['Баланс: 1 500 ₽', 'ucs2', 1, 55],
  ['`', 'ucs2', 1, 69],
  ['👍'.repeat(35), 'ucs2', 1, 0],
] as const)('counts the segments of %j', (text, alphabet, count, left) => {
  expect(segmentsOf(text)).toEqual({ alphabet, count, left });
});

it('tears neither an escaped character nor a surrogate pair between two segments', () => {
  expect(splitSegments(`${'a'.repeat(152)}€${'a'.repeat(20)}`).texts).toEqual([
    'a'.repeat(152),
    `€${'a'.repeat(20)}`,
  ]);
  expect(splitSegments(`${'я'.repeat(66)}👍${'я'.repeat(9)}`).texts).toEqual([
    'я'.repeat(66),
    `👍${'я'.repeat(9)}`,
  ]);
});

it('splits every text so that its segments are the text and none is over its room', () => {
  const mixed = fc.string({
    unit: fc.constantFrom('a', '€', '{', 'я', '👍', ' ', '\n', 'é', '¿'),
    maxLength: 600,
  });
  fc.assert(
    fc.property(mixed, (text) => {
      const { alphabet, texts } = splitSegments(text);
      expect(texts.join('')).toBe(text);
      expect(texts).toHaveLength(segmentsOf(text).count);
      const most = texts.length > 1 ? { gsm: 153, ucs2: 67 } : { gsm: 160, ucs2: 70 };
      for (const segment of texts)
        expect(alphabet === 'gsm' ? encodeGsm(segment)?.length : segment.length).toBeLessThanOrEqual(
          most[alphabet],
        );
    }),
  );
});

it('speaks the default alphabet as the package smpp does, both ways', () => {
  const characters = [...Array(128).keys()].map((code) => decodeGsm(Uint8Array.of(code)));
  const text = `${characters.filter((one) => one !== ' ').join('')} ^{}\\[~]|€`;
  expect(Buffer.from(encodeGsm(text) ?? [])).toEqual(gsmCoder.encode(text, 0));
  expect(gsmCoder.decode(Buffer.from(encodeGsm(text) ?? []), 0)).toBe(text);
  expect(decodeGsm(encodeGsm(text) ?? new Uint8Array())).toBe(text);
});

it('has no code for what is not in the alphabet', () => {
  for (const text of ['я', '`', 'ê', '👍', '«']) expect(encodeGsm(text)).toBeUndefined();
});

it('reads octets that mean nothing', () => {
  expect(decodeGsm(Uint8Array.of(0x41, 0x1b))).toBe('A ');
  expect(decodeGsm(Uint8Array.of(0x1b, 0x41))).toBe(' A');
  expect(decodeGsm(Uint8Array.of(0xc1, 0xff))).toBe('Aà');
});

it.each([
  ['STOP', 'out'],
  [' стоп. ', 'out'],
  ['«СТОП»', 'out'],
  ['Отписаться!', 'out'],
  ['START', 'in'],
  ['старт', 'in'],
  ['стоп, подождите', undefined],
  ['stop card', undefined],
  ['отмена', undefined],
  ['cancel', undefined],
  ['', undefined],
] as const)('reads %j as %s', (text, said) => {
  expect(readStopWord(text)).toBe(said);
});
