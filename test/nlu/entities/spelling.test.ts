import { describe, expect, it } from 'vitest';
import { meantCity, meantWord } from '../../../nlu/entities/spelling.ts';
import { shippedVectors } from '../../../nlu/vectors.ts';
import { found } from './found.ts';

const vectors = shippedVectors();
const isKnown = (word: string): boolean => vectors.find(word) >= 0;

describe('words with a slip', () => {
  it.each([
    ['питсот', 'пятьсот'],
    ['двацать', 'двадцать'],
    ['восемдесят', 'восемьдесят'],
    ['сентебря', 'сентября'],
    ['понедельнек', 'понедельник'],
    ['завтро', 'завтра'],
    ['доларов', 'долларов'],
    ['пожалуста', 'пожалуйста'],
    ['tommorow', 'tomorrow'],
    ['septmber', 'september'],
  ])('reads %s as %s', (word, meant) => expect(meantWord(word, isKnown)).toBe(meant));

  it.each(['половина', 'магазин', 'скинул', 'collar', 'пять', 'марине'])(
    'leaves %s as it is: a known word, a name, or too short',
    (word) => expect(meantWord(word, isKnown)).toBeUndefined(),
  );

  it('looks for a city where a place is named, or in a long word', () => {
    expect(meantCity('масква', false, isKnown)).toBeUndefined();
    expect(meantCity('mancester', true, isKnown)).toBe('manchester');
    expect(meantCity('челябенск', false, isKnown)).toBe('челябинск');
    expect(meantCity('обокрали', false, isKnown)).toBeUndefined();
  });

  it('keeps spans as they are written', () => {
    expect(found('ru', '25 сентебря отправила питсот рублей')).toEqual([
      'date 25 сентебря=2026-09-25',
      'money питсот рублей=500.00 RUB',
    ]);
    expect(found('ru', 'погасить ипатеку во владивостоке')).toEqual([
      'product ипатеку=mortgage',
      'city владивостоке=Владивосток',
    ]);
    expect(found('en', 'throw 30k from savngs 2moro')).toEqual([
      'money 30k=30000.00',
      'account_type savngs=savings',
      'date 2moro=2026-10-15',
    ]);
  });
});
