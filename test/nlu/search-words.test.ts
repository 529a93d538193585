import { describe, expect, it } from 'vitest';
import { type SoughtWord, spansOf, wordsOfMessage, wordsOfQuery } from '../../nlu/search-words.ts';

const stemsOf = (query: string) => wordsOfQuery(query).map(({ stems }) => stems[0]);
const finds = (query: string, message: string) => {
  const words = new Set(wordsOfMessage(message));
  return wordsOfQuery(query).every(({ stems, guesses, isPrefix }: SoughtWord) => {
    const begin = stems[0] ?? '';
    const isThere = [...stems, ...guesses].some((stem) => words.has(stem));
    return isThere || (isPrefix && [...words].some((word) => word.startsWith(begin)));
  });
};

describe('words of searching', () => {
  it('are the same in every inflection, in Russian and English', () => {
    expect(new Set(['перевод', 'переводы', 'переводом', 'Переводами'].flatMap(stemsOf)).size).toBe(1);
    expect(new Set(['transfer', 'transfers', 'transferred', 'Transferring'].flatMap(stemsOf)).size).toBe(1);
    expect(stemsOf('счёт')).toEqual(stemsOf('СЧЕТ'));
    expect(finds('счета', 'Переведите на мой счёт, пожалуйста')).toBe(true);
    expect(finds('cities', 'in which city')).toBe(true);
  });

  it('take no stem of what is longer than any word', () => {
    const stemmed: string[] = [];
    for (const letter of ['x', 'щ']) stemmed.push(...wordsOfMessage(letter.repeat(20_000)));
    expect(stemmed).toEqual(['x'.repeat(40), 'щ'.repeat(40)]);
    expect(finds('x'.repeat(200), 'x'.repeat(3_000))).toBe(true);
  });

  it('forgive one slip, in the query and in the message', () => {
    expect(finds('перевд карте', 'на карту не пришёл перевод')).toBe(true);
    expect(finds('перевод', 'где мой превод')).toBe(true);
    expect(finds('transfer', 'my tranfser is lost')).toBe(true);
    expect(finds('tranfser', 'my transfers are lost')).toBe(true);
    expect(finds('12345', 'заявка 12346')).toBe(false);
  });

  it('do not take one word for another that is a letter away', () => {
    expect(finds('карта', 'где моя парта')).toBe(false);
    expect(finds('bank', 'a tank of fuel')).toBe(false);
  });

  it('are read as they were meant: on the wrong layout and in Latin letters', () => {
    expect(finds('gthtdjl', 'где мой перевод')).toBe(true);
    expect(finds('перевод', 'ult vjq gthtdjl')).toBe(true);
    expect(finds('perevod', 'где мой перевод')).toBe(true);
    expect(finds('visa', 'карта Visa не работает')).toBe(true);
  });

  it('take the last one for the beginning of a word', () => {
    expect(finds('заблок', 'карта заблокирована')).toBe(true);
    expect(finds('заблок карта', 'карта заблокирована')).toBe(false);
    expect(finds('за', 'карта заблокирована')).toBe(false);
  });

  it('know where they stand, whatever the writing', () => {
    const marked = (query: string, text: string) =>
      spansOf(text, wordsOfQuery(query)).map(({ start, end }) => text.slice(start, end));
    expect(marked('перевод', 'Переводы: где мой перевод? И второй превод')).toEqual([
      'Переводы',
      'перевод',
      'превод',
    ]);
    expect(marked('перевод', 'ult vjq gthtdjl')).toEqual(['gthtdjl']);
    expect(marked('карта', `${'карта, '.repeat(600)}`)).toHaveLength(600);
    expect(marked('нету', 'текст')).toEqual([]);
  });

  it('are few and bounded, whatever comes', () => {
    expect(wordsOfQuery('а '.repeat(500)).length).toBeLessThanOrEqual(6);
    expect(wordsOfQuery('!?.. —')).toEqual([]);
    expect(wordsOfMessage('слово'.repeat(10_000)).every((word) => word.length <= 40)).toBe(true);
    expect(wordsOfMessage(`${'a '.repeat(15_000)}последнее`)).not.toContain('последн');
    for (const odd of ['\u0000', '\ud800', '', "'\\", 'ﬁле', '👨‍👩‍👧 emoji']) {
      expect(() => [wordsOfMessage(odd), wordsOfQuery(odd), spansOf(odd, wordsOfQuery(odd))]).not.toThrow();
    }
  });
});
