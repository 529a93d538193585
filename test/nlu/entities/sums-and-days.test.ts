import { describe, expect, it } from 'vitest';
import type { EntityKind } from '../../../nlu/types.ts';
import { found } from './found.ts';

type Case = readonly [text: string, found: readonly string[], awaited?: EntityKind];

const sums: readonly Case[] = [
  ['пол-ляма', ['money пол-ляма=500000.00']],
  ['тысяч пять рублей', ['money тысяч пять рублей=5000.00 RUB']],
  ['тысячи три', ['money тысячи три=3000.00'], 'money'],
  ['миллион двести', ['money миллион двести=1200000.00']],
  ['2к500 а дошло 2к', ['money 2к500=2500.00', 'money 2к=2000.00']],
  ['15тр', ['money 15тр=15000.00 RUB']],
  ['1.5кк', ['money 1.5кк=1500000.00']],
  ['семь сот рублей', ['money семь сот рублей=700.00 RUB']],
  ['сто фунтов стерлингов', ['money сто фунтов стерлингов=100.00 GBP']],
  ['500 рэ', ['money 500 рэ=500.00 RUB']],
  ['по 10 штук в день', ['number 10=10']],
  ['верни пять штук', ['money пять штук=5000.00']],
  ['тысячи людей без денег', ['number тысячи=1000']],
  ['2 этаж', ['number 2=2']],
  ['стою 5й в очереди', ['number 5=5']],
  ['отправил 500 я', ['money 500=500.00']],
  ['хватит слать одно и то же', []],
];

const days: readonly Case[] = [
  ['на 1-ое сентября', ['date 1-ое сентября=2026-09-01']],
  ['давайте двадцатого ноября', ['date двадцатого ноября=2026-11-20'], 'date'],
  ['перевод от третьего октября когда придет', ['date третьего октября=2026-10-03']],
  ['до пятницы', ['date пятницы=2026-10-16']],
  ['сняли в пятницу', ['date пятницу=2026-10-09']],
  ['с 01.10 по 10.10', ['date с 01.10 по 10.10=2026-10-01 2026-10-10']],
  ['пару дней назад', ['date пару дней назад=2026-10-12']],
  ['тридцатого ноября прошлого года', ['date тридцатого ноября прошлого года=2025-11-30']],
  ['1-го числа', ['date 1-го числа=2026-10-01']],
  ['12.10 в 14:35', ['date 12.10=2026-10-12']],
  ['списали 5 и 6 октября', ['date 5=2026-10-05', 'date 6 октября=2026-10-06']],
  ['за весь 2025', ['date 2025=2025-01-01 2025-12-31']],
];

const english: readonly Case[] = [
  ['two and a half k', ['money two and a half k=2500.00']],
  ['99p', ['money 99p=0.99 GBP']],
  ['10 grand to viktor', ['money 10 grand=10000.00', 'person viktor=Viktor']],
  ['its a grand idea', []],
  ['a week from today', ['date a week from today=2026-10-21']],
  ['from jan to march', ['date from jan to march=2026-01-01 2026-03-31']],
  ['sep 3', ['date sep 3=2026-09-03'], 'date'],
  ['on the 3rd', ['date the 3rd=2026-10-03']],
  ['on the 5th floor', []],
  ['one more question', []],
];

describe('sums and days as they are written', () => {
  it.for([...sums, ...days])('«%s»: %j', ([text, expected, awaited]) =>
    expect(found('ru', text, awaited)).toEqual(expected),
  );
  it.for(english)('"%s": %j', ([text, expected, awaited]) =>
    expect(found('en', text, awaited)).toEqual(expected),
  );
});

describe('cards, accounts and papers', () => {
  it.for<Case>([
    ['карта на конце 4455 и 6677', ['card 4455=4455', 'card 6677=6677']],
    ['с 2271 на 9098 карту', ['card 2271=2271', 'card 9098=9098']],
    ['с текущего списали', ['account_type текущего=checking']],
    ['какой текущий курс', []],
    ['серию и номер 7511 № 446093', ['passport 7511 № 446093=7511446093']],
    ['почта dimon-ufa@inbox.ru', ['email dimon-ufa@inbox.ru=dimon-ufa@inbox.ru']],
  ])('«%s»: %j', ([text, expected]) => expect(found('ru', text)).toEqual(expected));
});
