import { expect, it } from 'vitest';
import { speakable, speechOf } from '../../../../gateway/connectors/voice/speech.ts';

it.each([
  ['На счёте 1 500,50 ₽.', 'На счёте 1500 рублей 50 копеек.'],
  ['Перевод 21 руб. отправлен', 'Перевод 21 рубль отправлен'],
  ['Спишем 2 000 000 ₽ и 3 €', 'Спишем 2000000 рублей и 3 евро'],
  ['Курс 92,15 ₽ за 1 $', 'Курс 92 рубля 15 копеек за 1 доллар'],
  ['Карта •••• 1234 заблокирована', 'Карта с последними цифрами 1 2 3 4 заблокирована'],
  ['Действует до 01.03.2026', 'Действует до 1 марта 2026 года'],
  ['Это не дата: 31.02.2026', 'Это не дата: 31.02.2026'],
  ['Ставка 12,5 % годовых', 'Ставка 12,5 процентов годовых'],
  ['Спишем 15000 ₽', 'Спишем 15000 рублей'],
  ['Код 482913', 'Код 4 8 2 9 1 3'],
  ['Этот код: 123 456 789. Он', 'Этот код: 1 2 3, 4 5 6, 7 8 9. Он'],
  ['Спишем 123 456 789 ₽', 'Спишем 123456789 рублей'],
  ['Заявка № 77', 'Заявка номер 77'],
  ['Подробнее: https://bank.example/cards?x=1 👍🏽', 'Подробнее:'],
  ['Нужны:\n- паспорт\n- карта', 'Нужны:\nпаспорт\nкарта'],
  ['👍', ''],
])('says %j in Russian as %j', (text, said) => {
  expect(speakable(text, 'ru')).toBe(said);
});

it.each([
  ['Your balance is 1 $', 'Your balance is 1 dollar'],
  ['You have 1 200.05 USD 🎉', 'You have 1200 dollars 5 cents'],
  ['Card **** 0042', 'Card ending in 0 0 4 2'],
  ['Due 05.11.2026, see www.bank.example', 'Due November 5, 2026, see'],
  ['5% off', '5 percent off'],
])('says %j in English as %j', (text, said) => {
  expect(speakable(text, 'en')).toBe(said);
});

it('says choices as a sentence', () => {
  const choices = ['Да', 'Нет', 'Оператор'].map((text, index) => ({ id: String(index), text }));
  const content = [
    { kind: 'text', text: 'Перевести 100 ₽?' },
    { kind: 'choices', choices },
  ] as const;
  expect(speechOf(content, 'ru')).toBe('Перевести 100 рублей? Скажите «Да», «Нет» или «Оператор».');
  expect(speechOf(content.slice(1), 'en')).toBe('Say “Да”, “Нет”, or “Оператор”.');
});
