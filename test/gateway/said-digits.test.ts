import { expect, test } from 'vitest';
import { digitsSaid } from '../../gateway/said-digits.ts';

test.each([
  ['482 15', '48215'],
  ['123-456.789', '123456789'],
  ['Код четыре восемь пятнадцать', '4815'],
  ['мой код: сто двадцать три, четыреста пять, семьсот', '123405700'],
  ['ноль сорок пять', '045'],
  ['ноль ноль семь', '007'],
  ['два нуля пять', '005'],
  ['двадцать тридцать два', '2032'],
  ['двести одиннадцать три', '2113'],
  ['девяносто девять сто', '99100'],
  ['my code is four oh two', '402'],
  ['one hundred and twenty three forty five', '12345'],
  ['double five triple zero', '55000'],
  ["it's double 7 1", '771'],
  ['10 20', '1020'],
])('«%s» is %s', (said, digits) => {
  expect(digitsSaid(said)).toBe(digits);
});

test.each([
  '',
  'код',
  'переведи пятьсот',
  '500 рублей',
  '+7 917',
  'сто раз',
  'hundred',
  '1/2',
  'двойной пять',
])('«%s» says something else, or no digits', (said) => {
  expect(digitsSaid(said)).toBeUndefined();
});
