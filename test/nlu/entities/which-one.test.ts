import { describe, expect, it } from 'vitest';
import type { EntityKind } from '../../../nlu/types.ts';
import { found } from './found.ts';

type Case = readonly [text: string, found: readonly string[], awaited?: EntityKind];

const russian: readonly Case[] = [
  ['самсунг 23 не видит карту', []],
  ['на хуавей 9 не ставится приложение', []],
  ['после версии 7.4 все виснет', []],
  ['у меня винда 10', []],
  ['тариф «Старт 3.0» чем лучше', []],
  ['ошибка ERR-5003 при входе', []],
  ['айфон 15000 рублей стоит', ['money 15000 рублей=15000.00 RUB']],
  ['сняли 4.5 рубля', ['money 4.5 рубля=4.50 RUB']],
  [
    'договор страхования № ИП-20455 закончился',
    ['product страхования=insurance', 'contract_number ИП-20455=ИП-20455'],
  ],
  ['по договору вклада № 55/1207', ['product вклада=deposit', 'contract_number 55/1207=55/1207']],
  ['договор от 01.02.2024 № 123456', ['date 01.02.2024=2024-02-01', 'contract_number 123456=123456']],
  ['мой инн 500100732259 500 рублей', ['inn 500100732259=500100732259', 'money 500 рублей=500.00 RUB']],
  ['в заказе карты № 4411', ['card 4411=4411']],
  ['пасп 4511 223344', ['passport 4511 223344=4511223344']],
  ['премию обещали 25го', ['date 25го=2026-09-25']],
  ['переведу 20го', ['date 20го=2026-10-20']],
  ['2го ребенка записать', ['number 2=2']],
  ['заберу в четверг карту', ['date четверг=2026-10-15']],
  ['забрала в четверг карту', ['date четверг=2026-10-08']],
  ['ток зп пришла', []],
  ['потекла из порта вода', []],
  ['лечу в нью дели', ['city нью дели=Дели']],
  ['кредит на 7 лет', ['product кредит=loan', 'number 7=7']],
  ['ну текущий конечно', ['account_type текущий=checking'], 'account_type'],
  ['основной вопрос в другом', [], 'account_type'],
  ['заблокируйте эту, 7718', ['card 7718=7718']],
  ['заблокируйте 5000 рублей на счете', ['money 5000 рублей=5000.00 RUB']],
  ['звоните 0049 30 901820', ['phone 0049 30 901820=+4930901820']],
];

const english: readonly Case[] = [
  ['my galaxy 23 shows a blank page', []],
  ['since version 4.2 it crashes', []],
  ['what is code ERR-7719', []],
  ['over 15 yrs', ['number 15=15']],
  ['paid on the 12th because i was away', ['date the 12th=2026-10-12']],
  ['on the 12th floor', []],
  ['my cc is blocked', ['product cc=credit_card']],
  ['cc me on this', []],
  ['freeze it please, 7718', ['card 7718=7718']],
  ['phone is 0044 20 7946 0958', ['phone 0044 20 7946 0958=+442079460958']],
];

describe('what numbers are of', () => {
  it.for(russian)('«%s»: %j', ([text, expected, awaited]) =>
    expect(found('ru', text, awaited)).toEqual(expected),
  );
  it.for(english)('"%s": %j', ([text, expected, awaited]) =>
    expect(found('en', text, awaited)).toEqual(expected),
  );
});
