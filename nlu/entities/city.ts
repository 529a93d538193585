import { readFileSync } from 'node:fs';
import { dataFile } from '../data-folder.ts';
import { fold, isCyrillic } from '../text.ts';
import type { CityEntity } from '../types.ts';
import { compileList, type Listed, type ListHit, type WordList } from './lists.ts';
import { isPlainlyName } from './names.ts';
import type { Reading } from './reading.ts';

type City = {
  readonly ru: string;
  readonly en: string;
  /** Also a name, or another word: told only behind a word for a place. */
  readonly isDoubtful: boolean;
  /** Never inflected: what only shares its stem is another word («ток» is not «Токио»). */
  readonly isFixed: boolean;
};

/** Whether a place is named behind a folded word. */
export const isPlaceWord = (word: string): boolean =>
  /^(в|во|из|до|под|около|г|гор|город\p{L}{0,2}|in|from|near|to|at|city)$/u.test(word);

/** Cities in any case, by their short names too («питер», «спб»). */
export function findCities(reading: Reading): CityEntity[] {
  return shippedCities()
    .all(reading)
    .filter((hit) => isMeant(reading, hit))
    .map(({ value, from, to }) => ({
      kind: 'city',
      ...reading.span(from, to),
      value: { name: isCyrillic(reading.span(from, to).text.toLowerCase()) ? value.ru : value.en },
    }));
}

/** Whether a city begins at a token. */
export function isCityAt(reading: Reading, at: number): boolean {
  const hit = shippedCities().at(reading, at);
  return hit !== undefined && isMeant(reading, hit);
}

/** Where a city that begins at a token ends, exclusive. */
export const cityEnd = (reading: Reading, at: number): number | undefined =>
  shippedCities().at(reading, at)?.to;

function isMeant(reading: Reading, { value, from, to }: ListHit<City>): boolean {
  const word = reading.tokens[from]?.norm ?? '';
  // «уф» has the stem of «Уфа».
  if (to === from + 1 && word.length < 3) return false;
  const last = reading.tokens[to - 1]?.norm ?? '';
  if (value.isFixed && isCyrillic(last) && !fold(value.ru).endsWith(last)) return false;
  if (reading.awaited === 'city') return true;
  return isPlace(reading, from) ? !isSentTo(reading, from) : !value.isDoubtful && !isPlainlyName(word);
}

/** "send 20 to austin" is sent to a person, "flying to austin" leads to a place. */
function isSentTo({ tokens }: Reading, at: number): boolean {
  if (tokens[at - 1]?.norm !== 'to' || !isPlainlyName(tokens[at]?.norm ?? '')) return false;
  for (let back = 2; back <= 7; back++)
    if (
      /^(send|sent|pay|paid|payment|transfer|transferred|wire|give|gave|move|zelle|venmo)$/.test(
        tokens[at - back]?.norm ?? '',
      )
    )
      return true;
  return false;
}

function isPlace(reading: Reading, at: number): boolean {
  const before = reading.tokens[at - 1];
  const word = before?.norm === '.' ? reading.tokens[at - 2]?.norm : before?.norm;
  return isPlaceWord(word ?? '');
}

let shipped: WordList<City> | undefined;

/** The cities that Okno ships, read at the first call and kept. */
function shippedCities(): WordList<City> {
  shipped ??= compileList(
    readFileSync(dataFile('cities.tsv'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map(readCity),
  );
  return shipped;
}

function readCity(line: string): Listed<City> {
  const [ru = '', en = '', also = ''] = line.split('\t');
  const [marks = ''] = /^[~=]*/.exec(ru) ?? [];
  const name = ru.slice(marks.length);
  return {
    value: { ru: name, en, isDoubtful: marks.includes('~'), isFixed: marks.includes('=') },
    phrases: [name, en, ...also.split(',')].map((phrase) => phrase.trim()).filter(Boolean),
  };
}

/** The words of cities' names, for spelling. */
export const cityWords = (): Iterable<string> => shippedCities().words;
