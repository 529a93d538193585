import { describe, expect, test } from 'vitest';
import { classOfText, hideNumbers } from '../../nlu/class-of-text.ts';

describe('a text is a bank secret', () => {
  test.each([
    'Номер вашего счёта: 40817810099910004312.',
    'Your account is 40817 810 0 9991 0004312',
    'депозит на счёте 42306810500000123456',
    'ссудный счёт 45507810200000001234',
    'брокерский счёт 30601810100000012345',
    'Карта 4111 1111 1111 1111 готова',
    'card 4111111111111111',
    'Договор № АБ-12345/26 подписан',
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
