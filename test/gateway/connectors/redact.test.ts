import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../gateway/connectors/redact.ts';

// Card numbers are the test numbers that payment systems publish, and others made to pass the check.
describe('card numbers', () => {
  it.each([
    ['4111111111111111', '•••• 1111'],
    ['4111 1111 1111 1111', '•••• 1111'],
    ['4111-1111-1111-1111', '•••• 1111'],
    ['4111\u00a01111\u00a01111\u00a01111', '•••• 1111'],
    ['5555 5555 5555 4444.', '•••• 4444.'],
    ['2200 0000 0000 0004', '•••• 0004'],
    ['378282246310005', '•••• 0005'],
    ['3782 822463 10005', '•••• 0005'],
    ['30569309025904', '•••• 5904'],
    ['4222222222222', '•••• 2222'],
    ['6200 0000 0000 0000 000', '•••• 0000'],
    ['1234567812345670', '•••• 5670'],
    ['Мой номер:4111111111111111, заблокируйте', 'Мой номер:•••• 1111, заблокируйте'],
    ['с 4111 1111 1111 1111 на 5555 5555 5555 4444', 'с •••• 1111 на •••• 4444'],
    ['4111 1111 1111 1111 5555 5555 5555 4444', '•••• 1111 •••• 4444'],
    ['+7 916 123-45-67 4111 1111 1111 1111', '+7 916 123-45-67 •••• 1111'],
    ['4111 1111 1111 1111 12/28 123', '•••• 1111 12/28 •••'],
    ['4111 1111 1111 1111 500', '•••• 1111 500'],
    ['4111.1111.1111.1111', '•••• 1111'],
    ['4111\u00ad1111\u200b1111\u00ad1111', '•••• 1111'],
    ['4111 1111-1111 1111', '•••• 1111'],
    ['•••• 4111111111111111', '•••• •••• 1111'],
    // With the year before it another four groups pass the check.
    ['2023 4276 3800 1234 5679', '2023 •••• 5679'],
  ])('hides the number in "%s"', (said, kept) => {
    expect(redact(said)).toBe(kept);
  });

  it.each([
    '4111111111111112',
    '89161234567',
    '+7 916 123-45-67',
    '+420 777 123 456 789',
    'переведи 1 500 000 рублей',
    '1 000 000 000 000 000',
    '123456',
    'код 482913',
    '5000.50',
    '40817810099910004312',
    'с 12.10.2026 по 31.12.2026',
    '5000 89161234567',
    '1000\n2000\n3000\n4000',
    'карта *4276',
    '7707083893 770701001',
  ])('leaves "%s"', (said) => {
    expect(redact(said)).toBe(said);
  });

  it('hides any number that passes the check, however it is spaced, and keeps its last four digits', () => {
    const card = fc
      .tuple(fc.constantFrom('2', '3', '4', '5', '6'), fc.stringMatching(/^\d{14}$/))
      .map(([first, rest]) => withCheckDigit(first + rest));
    fc.assert(
      fc.property(card, fc.constantFrom('', ' ', '-', '\u00a0', ' - '), (number, separator) => {
        const written = (number.match(/.{4}/g) ?? []).join(separator);
        expect(redact(`вот ${written}, да`)).toBe(`вот •••• ${number.slice(-4)}, да`);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('4111 1111 1111 1111', 'cvv', 'пин', '123', '-', ' ', 'это'), {
          maxLength: 12,
        }),
        (words) => {
          const once = redact(words.join(' '));
          expect(redact(once)).toBe(once);
        },
      ),
    );
  });
});

describe('codes', () => {
  it.each([
    ['CVV 123', 'CVV •••'],
    ['cvc2: 1234', 'cvc2: •••'],
    ['cvv123', 'cvv•••'],
    ['my PIN is 4321', 'my PIN is •••'],
    ['Pin code: 4321', 'Pin code: •••'],
    ['пин-код 4321', 'пин-код •••'],
    ['Мой ПИН 0000', 'Мой ПИН •••'],
    ['с пином 1 2 3 4', 'с пином •••'],
    ['код безопасности — 777', 'код безопасности — •••'],
    ['1234 это мой пин', '••• это мой пин'],
    ['123 - cvv', '••• - cvv'],
    ['123 cvv', '••• cvv'],
    ['карта 4276 cvv 123', 'карта 4276 cvv •••'],
  ])('hides the code in "%s"', (said, kept) => {
    expect(redact(said)).toBe(kept);
  });

  it.each([
    'забыл пин от карты 4276',
    'по карте 4276 пин не подходит',
    'пингвин 1234',
    'спин 1234',
    'shopping 1234',
    'пин забыл, переведи 5000',
    '482913',
  ])('leaves "%s"', (said) => {
    expect(redact(said)).toBe(said);
  });
});

function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const number = `${digits}${check}`;
    const sum = [...number].reverse().reduce((total, character, place) => {
      const weighed = Number(character) * (place % 2 === 0 ? 1 : 2);
      return total + (weighed > 9 ? weighed - 9 : weighed);
    }, 0);
    if (sum % 10 === 0) return number;
  }
  throw new Error('a check digit always exists');
}
