import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOfText, hideNumbers } from '../../config/whole-numbers.ts';
import { redact } from '../../gateway/connectors/redact.ts';

describe('a text is a bank secret', () => {
  test.each([
    'Номер вашего счёта: 40817810099910004312.',
    'Your account is 40817 810 0 9991 0004312',
    'депозит на счёте 42306810500000123456',
    'ссудный счёт 45507810200000001234',
    'брокерский счёт 30601810100000012345',
    'Карта 4111 1111 1111 1111 готова',
    'card 4111111111111111',
    'Карта 4276380012345679 500 рублей',
    'карта 4276380012345679 12/28',
    'карта 4276 3800 1234 5679 12/28 123',
    '4276380012345679\n5000',
    '2026 4276 3800 1234 5679',
    'карта 4276.3800.1234.5679',
    'карта 4276\u00ad3800\u00ad1234\u00ad5679',
    'карта 4276 \u200b3800 \u200b1234 \u20605679',
    'карта _4276380012345679_',
    'карта *4276 3800 1234 5679*',
    'https://bank.example/pay, карта 4276380012345679',
    'American Express 3782 822463 10005',
    'Мир 2200 0000 0000 0004',
    'БИК 044525225\n40817810099910004312\nк/с 30101810400000000225',
    '40817810099910004312 БИК 044525225',
    'р/с 40817810099910004312 БИК',
    'Счёт 1 40817810099910004312',
    '40817810099910004312 26.11.2026',
    '500\n40817810099910004312\n12',
    'счёт 40817.810.0.99910004312',
    'счёт 4081\u00ad7810\u00ad0999\u00ad1000\u00ad4312',
    'счёт 4081 7810 0999 1000 4312',
    'Договор № АБ-12345/26 подписан',
    'договор от 01.02.2024 № 123456',
    'договор вклада от 1 февраля 2024 г. № 77-1234',
    'Договор: 445566, Клиент: Иванов',
    'Договор № 150285, Москва',
    'Your contract number 445566 is closed',
    `${'Тарифы и условия. '.repeat(6_000)}Счёт 40817810099910004312.`,
    // The name of a number and the number are on two sides of where a long text is cut.
    `${'а'.repeat(1_996)} счёт 40817810099910004312 ${'б'.repeat(3_000)}`,
  ])('%.60s', (text) => {
    expect(classOfText(text)).toBe('bank-secret');
  });
});

describe('a text is personal', () => {
  test.each([
    'СНИЛС 112-233-445 95',
    'паспорт 4509 123456',
    'серия 45 09 номер 123456, паспорт верен',
    'ИНН 500100732259',
    'СНИЛС 112-233-445 95 500100732259',
    'ИНН 500100732259 770701001',
    'ИНН 500100732259\n1234',
    'СНИЛС 112\u200b-233-\u00ad445 95',
  ])('%s', (text) => {
    expect(classOfText(text)).toBe('personal');
  });

  test('and a bank secret beside it counts more', () => {
    expect(classOfText('паспорт 4509 123456, счёт 40817810099910004312')).toBe('bank-secret');
  });
});

describe('a text holds no whole number', () => {
  test.each([
    '',
    'На накопительном счёте 1 412 000,50 ₽.',
    'Карта •••• 4321 заблокирована',
    'карта 4321, карта *4321, card ending in 4321',
    '2200 24** **** 4321',
    'счёт …4312',
    'Позвоните нам: +7 495 100-20-30',
    'Чтобы продолжить, напишите там код: 123 456 789',
    'Выписка с 12.05.2026 по 18.11.2026, 14:30',
    // A correspondent account and one of the treasury: both are published.
    'к/с 30101810400000000225, БИК 044525225',
    'УФК, счёт 40102810545370000003',
    // What a fine is paid by, and a company's registration.
    'УИН 18810177230123456789',
    'ОГРН 1027700132195',
    'по договору 500 рублей, договор 2024 года, договор 123',
    'the contract is 365 days long',
    'https://bank.example/d/9f34111111111111111a?id=12345678901234567890123',
    'Заказ 7781234 у курьера',
    'https://bank.example/doc/2252810814880764',
    'bank.example/doc/2252810814880764',
    'Договор: 150285, Москва',
    'Договор: 150285, г. Москва, ул. Ленина, 5',
    '2200-2300 2400-2504',
    'id_4276380012345679_a',
  ])('%s', (text) => {
    expect(classOfText(text)).toBe('public');
  });
});

describe('what may not be shown', () => {
  test('keeps its last digits, and what may be shown stays', () => {
    const text = 'Счёт 40817 810 0 9991 0004312, карта 4111-1111-1111-1111, СНИЛС 112-233-445 95, 500 ₽';
    expect(hideNumbers(text, 'personal')).toBe(
      'Счёт •••• 4312, карта •••• 1111, СНИЛС 112-233-445 95, 500 ₽',
    );
    expect(hideNumbers(text, 'public')).toBe('Счёт •••• 4312, карта •••• 1111, СНИЛС •••• 4595, 500 ₽');
    expect(hideNumbers(text, 'bank-secret')).toBe(text);
  });

  test('is found once where the pieces of a long text overlap', () => {
    const before = `${'слово '.repeat(300)}счёт `;
    const after = ` ${'и ещё '.repeat(300)}`;
    expect(hideNumbers(`${before}40817810099910004312${after}`, 'personal')).toBe(
      `${before}•••• 4312${after}`,
    );
  });
});

describe('a card', () => {
  const card = fc
    .tuple(
      fc.constantFrom('2200', '2202', '2221', '2720', '4276', '5106', '5536', '6390', '6250'),
      fc.stringMatching(/^\d{11}$/),
    )
    .map(([first, rest]) => withCheckDigit(first + rest));
  const apart = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u2011', '\u00ad', '\u200b', ' - ');
  const before = fc.constantFrom(
    '',
    'карта ',
    'Карта: ',
    '№',
    '_',
    '«',
    '1 ',
    '500 ',
    '12/28 ',
    '26.11.2026 ',
  );
  const behind = fc.constantFrom(
    '',
    ' 500 рублей',
    ' 12/28',
    ' 26.11.2026',
    '\n5000',
    ' 123',
    '_',
    '».',
    '; 7',
  );

  test('is found whatever stands beside it, and hidden both in what goes out and in what comes in', () => {
    fc.assert(
      fc.property(card, apart, before, behind, (digits, separator, left, right) => {
        const text = left + (digits.match(/.{4}/g) ?? []).join(separator) + right;
        expect(classOfText(text)).toBe('bank-secret');
        const isShown = (shown: string) => /\d{4}/.test(shown) && shown.includes(digits.slice(0, 12));
        expect(isShown(hideNumbers(text, 'personal').replaceAll(/\D/g, ''))).toBe(false);
        expect(isShown(redact(text).replaceAll(/\D/g, ''))).toBe(false);
      }),
    );
  });
});

describe('harmless texts', () => {
  const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9]\\d{${length - 1}}$`));
  const sum = fc.integer({ min: 1, max: 99 }).chain((of) => fc.constantFrom(of * 100, of * 1000));
  const spaced = sum.map((of) => String(of).replaceAll(/\B(?=(?:\d{3})+$)/g, ' '));
  const phone = digits(9).chain((rest) =>
    fc.constantFrom(
      `89${rest}`,
      `+79${rest}`,
      `8 9${rest.slice(0, 2)} ${rest.slice(2, 5)}-${rest.slice(5, 7)}-${rest.slice(7)}`,
      `8-9${rest.slice(0, 2)}-${rest.slice(2, 5)}-${rest.slice(5)}`,
    ),
  );
  const day = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const lists = (part: fc.Arbitrary<string | number>, count: number, by: string) =>
    fc.array(part, { minLength: count, maxLength: count }).map((parts) => parts.join(by));

  // The most of them that may be refused, in parts of a thousand: what was measured, and a little more.
  test.each([
    ['four sums, one below the other', lists(sum, 4, '\n'), 0],
    ['four sums in a line', lists(sum, 4, ' '), 0.5],
    ['four sums with blanks', lists(spaced, 4, ' '), 0],
    ['two phones, one below the other', lists(phone, 2, '\n'), 0],
    ['two phones in a line', lists(phone, 2, ' '), 0],
    ['two days', lists(day, 2, ' '), 0],
    [
      'two days in Russian',
      lists(
        day.map((on) => on.split('-').reverse().join('.')),
        2,
        ' ',
      ),
      0,
    ],
    ['the number of an operation', digits(16).map((id) => `Операция ${id} выполнена`), 40],
    ['a number of twelve digits and a sum', fc.tuple(digits(12), sum).map((both) => both.join(' ')), 0],
    ['a sum, a phone and a day', fc.tuple(sum, phone, day).map((all) => all.join(' ')), 0],
  ] as const)('%s', (_name, texts, most) => {
    const sample = fc.sample(texts, { numRuns: 5_000, seed: 49 });
    const refused = sample.filter((text) => classOfText(text) !== 'public');
    expect((refused.length / sample.length) * 1000).toBeLessThanOrEqual(most);
  });
});

function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const sum = [...`${digits}${check}`].reverse().reduce((total, character, place) => {
      const weighed = Number(character) * (place % 2 === 0 ? 1 : 2);
      return total + (weighed > 9 ? weighed - 9 : weighed);
    }, 0);
    if (sum % 10 === 0) return `${digits}${check}`;
  }
  throw new Error('a check digit always exists');
}
