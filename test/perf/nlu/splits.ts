import { readFileSync } from 'node:fs';
import { randomBy } from '../../../nlu/hash.ts';
import { readPhrases, readTexts } from '../../../nlu/phrases.ts';
import { foldsOf, type Phrase } from '../../../nlu/train.ts';

/** Where the public sets lie; training data only, the test splits are not there. */
export const folder = '../shared/data/nlu';
export const load = (file: string): Phrase[] => readPhrases(readFileSync(`${folder}/${file}`, 'utf8'), file);
export const loadTexts = (file: string): string[] => readTexts(readFileSync(`${folder}/${file}`, 'utf8'));

export type Split = { readonly training: readonly Phrase[]; readonly test: readonly Phrase[] };

/** The first ten of each intent of Banking77 train, a quarter of the other lines tests. */
export function tenOfBanking(): Split {
  const training = load('banking77/train_10shot.tsv');
  const known = new Set(training.map(({ text }) => text));
  const rest = load('banking77/train.tsv').filter(({ text }) => !known.has(text));
  return { training, test: rest.filter((_, i) => i % 4 === 0) };
}

/** The first ten of each intent of CLINC150 train, a third of the validation split tests. */
export function tenOfClinc(): Split {
  return {
    training: load('clinc150/train_10shot.tsv'),
    test: load('clinc150/val.tsv').filter((_, i) => i % 3 === 0),
  };
}

/** The Russian lines by five folds. */
export const russianFolds = (): Split[] => foldsOfSet(load('banking77-ru/train.tsv'), 5);

/** Cuts a set into folds, each intent evenly; `used` of them test in turn. */
export function foldsOfSet(phrases: readonly Phrase[], folds: number, used = folds): Split[] {
  const labels = [...new Set(phrases.map(({ label }) => label))];
  const fold = foldsOf(
    Int32Array.from(phrases, ({ label }) => labels.indexOf(label)),
    folds,
    1,
  );
  return Array.from({ length: used }, (_, f) => ({
    training: phrases.filter((_, i) => fold[i] !== f),
    test: phrases.filter((_, i) => fold[i] === f),
  }));
}

/** The same tests by models that learn from a share of the lines, drawn by seed. */
export function shareOf(splits: readonly Split[], share: number): Split[] {
  const random = randomBy(1);
  return splits.map(({ training, test }) => ({ training: training.filter(() => random() < share), test }));
}

/** Spoils the texts of the test lines alone. */
export const spoil = (splits: readonly Split[], change: (text: string) => string): Split[] =>
  splits.map(({ training, test }) => ({
    training,
    test: test.map(({ text, label }) => ({ text: change(text), label })),
  }));

const alphabets = { ru: 'абвгдежзиклмнопрстуфхцчшщыьэюя', en: 'abcdefghijklmnopqrstuvwxyz' };

/** Makes `slips` slips in words of at least four letters: a letter lost, added, changed, or two changed places. */
export function slipper(slips: number, seed: number): (text: string) => string {
  const random = randomBy(seed);
  const below = (n: number) => Math.floor(random() * n);
  return (text) => {
    const words = text.split(' ');
    const long = [...words.keys()].filter((i) => (words[i] ?? '').length >= 4);
    for (let n = 0; n < slips && long.length > 0; n++) {
      const i = long[below(long.length)] ?? 0;
      const word = words[i] ?? '';
      const at = below(word.length - 1);
      const letters = /[а-яё]/i.test(word) ? alphabets.ru : alphabets.en;
      const letter = letters[below(letters.length)] ?? '';
      words[i] = [
        word.slice(0, at) + word.slice(at + 1),
        word.slice(0, at) + letter + word.slice(at),
        word.slice(0, at) + letter + word.slice(at + 1),
        word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
      ][below(4)] as string;
    }
    return words.join(' ');
  };
}

const russianKeys = 'йцукенгшщзхъфывапролджэячсмитьбюё';
const latinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";

/** As if typed with the Latin layout on: «привет» → "ghbdtn". */
export const wrongLayout = (text: string): string =>
  [...text.toLowerCase()].map((c) => latinKeys[russianKeys.indexOf(c)] ?? c).join('');

const latin: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...'абвгдезийклмнопрстуфхцыэё'].map((c, i) => [c, [...'abvgdezijklmnoprstufhcyee'][i] ?? c]),
  ),
  ж: 'zh',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ю: 'yu',
  я: 'ya',
  ь: '',
  ъ: '',
};

/** Russian in Latin letters as people write it: «перевод» → "perevod". */
export const inLatin = (text: string): string => [...text.toLowerCase()].map((c) => latin[c] ?? c).join('');
