import { describe, expect, it } from 'vitest';
import type { EntityKind } from '../../../nlu/types.ts';
import { found } from './found.ts';

type Case = readonly [text: string, found: readonly string[], awaited?: EntityKind];

const russian: readonly Case[] = [
  ['ноль семь двенадцать', ['card ноль семь двенадцать=0712'], 'card'],
  ['карта заканчивается на сорок два ноль три', ['card сорок два ноль три=4203']],
  ['на карту 15 20 рублей', ['number 15=15', 'money 20 рублей=20.00 RUB']],
  ['сорок пять тысяч двести десять рублей', ['money сорок пять тысяч двести десять рублей=45210.00 RUB']],
  [
    'девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь',
    ['phone девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь=+79161234567'],
    'phone',
  ],
  ['три пятьсот', ['money три пятьсот=3500.00'], 'money'],
  ['ну вроде бы 77123', ['order_number 77123=77123'], 'order_number'],
  ['а можно 500 рублей', ['money 500 рублей=500.00 RUB'], 'order_number'],
  ['7707083893 - инн', ['inn 7707083893=7707083893']],
  ['anna85 собака мейл точка ру. спасибо', ['email anna85 собака мейл точка ру=anna85@mail.ru']],
  ['у соседей собака лает', []],
  ['до завтрашнего дня', ['date завтрашнего дня=2026-10-15']],
  ['да вы что', []],
  ['да вы можете списать', ['yes_no да=yes'], 'yes_no'],
  ['верно ли это', []],
  ['нет слов', [], 'yes_no'],
  ['переведи другу', []],
  ['моему другу', ['person другу=Друг'], 'person'],
  ['5g не ловит', []],
];

const english: readonly Case[] = [
  ['my card ending in double four one two', ['card double four one two=4412']],
  ['last four is 9 1 2 2', ['card 9 1 2 2=9122']],
  ['oh oh oh oh', [], 'card'],
  ['one two three testing', []],
  ['(415) 555-0190', ['phone (415) 555-0190=+14155550190'], 'phone'],
  ['call me on 4155550190', ['phone 4155550190=+14155550190']],
  ['the transfer number 4155550190', []],
  ['my number is 1-415-555-0190', ['phone 1-415-555-0190=+14155550190']],
  ['call 916-123-45-67', ['phone 916-123-45-67=+79161234567']],
  ['call 115-555-0190', []],
  ['i think it was 20234', ['order_number 20234=20234'], 'order_number'],
  ['card #4410', ['card #4410=4410']],
  ['order #4410', ['order_number 4410=4410']],
  [
    'mail me at john dot smith at mail dot bank dot co dot uk please',
    ['email john dot smith at mail dot bank dot co dot uk=john.smith@mail.bank.co.uk'],
  ],
  ['look at gmail.com', []],
  ['i was charged 40 cents', ['money 40 cents=0.40 USD']],
  ['40 cents', ['money 40 cents=0.40'], 'money'],
  ['no clue', ['yes_no no clue=maybe'], 'yes_no'],
];

describe('what is dictated, written another way or said before its word', () => {
  it.for(russian)('in Russian: %s', ([text, expected, awaited]) => {
    expect(found('ru', text, awaited)).toEqual(expected);
  });

  it.for(english)('in English: %s', ([text, expected, awaited]) => {
    expect(found('en', text, awaited)).toEqual(expected);
  });
});
