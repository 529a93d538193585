import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCustom } from '../../nlu/entities/custom.ts';
import { allKinds } from '../../nlu/entities/index.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const { understand } = createUnderstanding(shippedModel());

const custom = compileCustom({
  colour: { list: { red: ['красный', 'red'], blue: ['синий', 'blue'] } },
  claim: { pattern: '(a+)+b|CL-\\d{2,6}' },
});

describe('any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ maxLength: 300 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
      .map((codes) => String.fromCharCode(...codes)),
    fc
      .array(
        fc.constantFrom(
          'переведи',
          'маше',
          '500',
          ' ',
          ',',
          '.',
          'к',
          'тысяч',
          'с',
          'по',
          '1',
          'марта',
          '+7',
          '(',
          ')',
          '-',
          '*',
          '№',
          "'",
          's',
          'to',
          'send',
          'Ann',
          'card',
          '1234',
          'half',
          'a',
          'and',
          'пол',
          '@',
          'x.ru',
          '$',
          '\0',
          '\ud800',
          '\n',
          'last',
          'week',
          '2026',
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join(' ')),
  );

  it('is answered, with spans that are the text’s own characters', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...allKinds, undefined), (text, awaited) => {
        const answer = understand(text, { today: '2026-03-18', custom, ...(awaited && { awaited }) });
        expect(answer.text).toBe(text);
        expect(answer.confidence).toBeGreaterThanOrEqual(0);
        expect(answer.confidence).toBeLessThanOrEqual(1);
        for (const entity of answer.entities) {
          expect(text.slice(entity.start, entity.end)).toBe(entity.text);
          expect(entity.end).toBeGreaterThan(entity.start);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('gives the same answer again, whatever was asked in between', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const before = understand(text);
        understand(other);
        expect(understand(text)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  it('means the same in capitals, with ё, behind blanks, and with other punctuation at its end', () => {
    const phrases = shippedPhrases().phrases.map(({ text }) => text);
    expect(phrases.length).toBeGreaterThan(500);
    for (const text of phrases) {
      const { intent, confidence } = understand(text, { kinds: [] });
      const others = [
        text.toUpperCase(),
        text.replaceAll('е', 'ё'),
        `  ${text}`,
        `${text}…`,
        `${text} ?!)\n`,
      ];
      for (const other of others) {
        const again = understand(other, { kinds: [] });
        expect([other, again.intent, again.confidence]).toEqual([other, intent, confidence]);
      }
    }
  });

  it('tells intents from its first 2 000 characters, however long it is', () => {
    const start = 'хочу перевести деньги маше или заблокировать карту? '.repeat(60).slice(0, 2000);
    const { intent, alternatives } = understand(start, { kinds: [] });
    for (const rest of ['x'.repeat(100), 'где отделение '.repeat(7000), '\ud800'.repeat(90_000)]) {
      const longer = understand(start + rest, { kinds: [] });
      expect(longer.intent).toBe(intent);
      expect(longer.alternatives).toEqual(alternatives);
    }
  });

  it.each([
    ['letters', 'я'.repeat(100_000)],
    ['words', 'переведи маше '.repeat(7_000)],
    ['digits', '4'.repeat(100_000)],
    ['numbers', '500 '.repeat(25_000)],
    ['number words', 'двадцать пять тысяч '.repeat(5_000)],
    ['hundreds', 'сто '.repeat(25_000)],
    ['hyphens', '1-'.repeat(50_000)],
    ['stars', `${'*'.repeat(100_000)}1234`],
    ['mail', 'a@'.repeat(50_000)],
    ['dots', 'a.'.repeat(50_000)],
    ['mail without end', `${'a'.repeat(99_000)}@${'b.'.repeat(400)}`],
    ['apostrophes', "n't".repeat(33_000)],
    ['ands', 'five and '.repeat(11_000)],
    ['capitals', 'Ivan '.repeat(20_000)],
    ['combining marks', `e${'\u0301'.repeat(99_999)}`],
    ['from to', 'с 1 по '.repeat(14_000)],
    ['orders', 'заказ № 1234 '.repeat(7_000)],
    ['cities', 'в Ростов-на-Дону '.repeat(6_000)],
    ['phones', '+7 916 123 45 67 '.repeat(6_000)],
    ['accounts', 'бик 044525225 счет 40817810238120001122 '.repeat(2_500)],
    ['null bytes', '\0'.repeat(100_000)],
    ['lone surrogates', '\ud800'.repeat(100_000)],
  ])('100 kB of %s are answered', (_, text) => {
    // No assertion on the time: a reader that is not linear would run into the limit of the test.
    const startedAt = performance.now();
    expect(understand(text, { today: '2026-03-18', custom }).text).toBe(text);
    if (process.env.OKNO_SUITE_REPORT)
      console.log(`${text.slice(0, 8)} ${Math.round(performance.now() - startedAt)} ms`);
  });
});
