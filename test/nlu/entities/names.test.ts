import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EntityKind, Locale } from '../../../nlu/types.ts';
import { found } from './found.ts';

const people = (locale: Locale, text: string, awaited?: EntityKind): string[] =>
  found(locale, text, awaited).filter((it) => it.startsWith('person '));

describe('names of people in Russian', () => {
  it.each([
    ['переведи Кузьмину Андрею 5000', 'Кузьмину Андрею=Кузьмин Андрей'],
    ['карту оформляли на Кузнецову Ольгу', 'Кузнецову Ольгу=Кузнецова Ольга'],
    ['для Петровой О. И.', 'Петровой О. И.=Петрова О. И.'],
    ['перевод от Иванова И.И. не пришел', 'Иванова И.И.=Иванов И.И.'],
    ['получатель А. В. Смирнов', 'А. В. Смирнов=А. В. Смирнов'],
    ['карта на мужа, Сидоренко Павла Петровича', 'Сидоренко Павла Петровича=Сидоренко Павел Петрович'],
    ['ахмедову рустаму не дошло', 'ахмедову рустаму=Ахмедов Рустам'],
    ['перешли алине бекмамбетовой', 'алине бекмамбетовой=Алина Бекмамбетова'],
    ['скинь наташке за кофе', 'наташке=Наташка'],
    ['дамиру скинул а он говорит пусто', 'дамиру=Дамир'],
    ['скинь тохиру 2000 рублей', 'тохиру=Тохир'],
    ['переведи анне-марии 100 евро', 'анне-марии=Анна-Мария'],
    ['позовите юлию', 'юлию=Юлия'],
    ['тёте Зине 2000', 'тёте Зине=Тетя Зина'],
    ['хочу перевести жене Ирине', 'Ирине=Ирина'],
    ['МОРОЗОВА ЕЛЕНА ПЕТРОВНА', 'МОРОЗОВА ЕЛЕНА ПЕТРОВНА=Морозова Елена Петровна'],
  ])('«%s»: %s', (text, name) => expect(people('ru', text)).toEqual([`person ${name}`]));

  it('tells a sum sent to two people, and no kinship in a story', () => {
    expect(people('ru', 'переведи Тане и Гале по 500')).toEqual(['person Тане=Таня', 'person Гале=Галя']);
    expect(people('ru', 'отправила брату питсот рублей и ушло дважды')).toEqual([]);
  });
});

describe('names of people in English', () => {
  it.each([
    ['send 20 to austin', ['person austin=Austin']],
    ['i moved to Austin', []],
    ["account holder: Mary-Ann O'Neil", ["person Mary-Ann O'Neil=Mary-Ann O'Neil"]],
    ['what is delivery speed to the United States?', []],
    ['i need to actuate my card', []],
    ["the recipient hasn't received it", []],
    ['i need a pto request', []],
    ['my card failed at the Notting Hill ATM', []],
    ['are there good restaurants in san antonio', []],
  ])('"%s"', (text, names) => expect(people('en', text)).toEqual(names));
});

/** 31 names and 3 sums were found in these lines before names were told by case and context, 0 and 1 since. */
it('takes hardly anything in ordinary bank chat for a name or a sum', () => {
  const lines = readFileSync(new URL('./nothing-ru.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const wrong = lines.flatMap((line) => found('ru', line)).filter((it) => /^(person|money) /.test(it));
  expect(lines.length).toBeGreaterThan(300);
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(2);
});
