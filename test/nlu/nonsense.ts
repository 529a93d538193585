import { randomBy } from '../../nlu/hash.ts';

/** What people type without saying anything, by how it comes about. */
export const nonsenseKinds = ['letters', 'keys', 'syllables', 'one letter', 'signs'] as const;
export type NonsenseKind = (typeof nonsenseKinds)[number];

const rows = {
  ru: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
  en: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
} as const;
const vowels = { ru: 'аеиоуыэюя', en: 'aeiouy' } as const;
const signs = ['🙂', '👍', '😂😂', '🔥', '…', '???', '))', ':-)', '—', '***', '💳', '🤷‍♀️', '!', '%', '\\o/'];

type Locale = keyof typeof rows;

/** Makes `count` texts of a kind, half of them Russian, by seed. Some may be words by chance; hardly any is. */
export function makeNonsense(kind: NonsenseKind, count: number, seed: number): string[] {
  const random = randomBy(seed);
  const below = (n: number) => Math.floor(random() * n);
  const one = <One>(from: ArrayLike<One>): One => from[below(from.length)] as One;
  const words = (word: () => string) => Array.from({ length: 1 + below(3) }, word).join(' ');
  const letters = (locale: Locale) => rows[locale].join('');
  const make: Readonly<Record<NonsenseKind, (locale: Locale) => string>> = {
    letters: (locale) =>
      words(() => Array.from({ length: 3 + below(9) }, () => one(letters(locale))).join('')),
    keys: (locale) =>
      words(() => {
        const row = one(rows[locale]);
        const from = below(row.length - 3);
        return row.slice(from, from + 4 + below(8)).repeat(1 + below(2));
      }),
    syllables: (locale) =>
      words(() =>
        Array.from({ length: 2 + below(3) }, () => {
          const consonants = [...letters(locale)].filter((letter) => !vowels[locale].includes(letter));
          return one(consonants) + one(vowels[locale]);
        }).join(''),
      ),
    'one letter': (locale) => one(letters(locale)),
    signs: () => words(() => one(signs)),
  };
  return Array.from({ length: count }, (_, i) => make[kind](i % 2 === 0 ? 'ru' : 'en'));
}
