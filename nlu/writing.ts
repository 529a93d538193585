import { fold, isCyrillic } from './text.ts';
import type { Locale } from './types.ts';
import type { WordVectors } from './vectors.ts';

/** How a text is written, and how to read it. */
export type Writing = {
  readonly language: Locale;
  /** `layout`: typed on the wrong keyboard layout («ghbdtn»); `translit`: Russian in Latin letters ("perevod"). */
  readonly kind: 'plain' | 'layout' | 'translit';
  /** The text in the right layout; always as long as the original, so that offsets stay good. */
  readonly readable: string;
  /** Reads a folded word: Cyrillic for a transliterated one. */
  word(folded: string): string;
};

const latinKeys = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>';
const russianKeys = 'ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ';
const toRussian = new Map<string, string>();
const toLatin = new Map<string, string>();
for (let i = 0; i < latinKeys.length; i++) {
  toRussian.set(latinKeys[i] ?? '', russianKeys[i] ?? '');
  toLatin.set(russianKeys[i] ?? '', latinKeys[i] ?? '');
}
// ё is read as е everywhere: nobody means the backtick of its key.
toLatin.set('ё', 't').set('Ё', 'T');

/** How much of a text is looked at, in characters: enough to tell, and bounded. */
const sampleLength = 400;

/** «да», «нет», «ок», «ага», «угу», «ну» typed on the Latin layout: too short to be told by the share of known words. */
const shortAnswers = new Set(['lf', 'ytn', 'jr', 'fuf', 'eue', 'ye lf', 'lf lf']);

const same = (folded: string): string => folded;

/**
 * Tells the language and the writing of a text.
 * @param hint the conversation's locale, for texts that do not tell
 */
export function readWriting(text: string, vectors: WordVectors, hint: Locale = 'ru'): Writing {
  const sample = text.length > sampleLength ? text.slice(0, sampleLength) : text;
  let cyrillic = 0;
  let latin = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if (code >= 0x400 && code < 0x530) cyrillic++;
    else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) latin++;
  }
  const plain = (language: Locale): Writing => ({ language, kind: 'plain', readable: text, word: same });
  if (cyrillic + latin === 0) return plain(hint);
  if (cyrillic > 0 && latin > 0) return plain(cyrillic * 2 >= latin ? 'ru' : 'en');
  if (latin > 0) return readLatin(text, sample, vectors, hint);
  // «мск», «екб»: three letters are a short name more often than a word on the wrong layout.
  if (cyrillic > 3 && shareKnown(lettersOf(sample), vectors, 'ru') < 0.4) {
    if (shareKnown(lettersOf(mapKeys(sample, toLatin)), vectors, 'en') > 0.75)
      return { language: 'en', kind: 'layout', readable: mapKeys(text, toLatin), word: same };
  }
  return plain('ru');
}

/** English as it stands, or Russian on the wrong layout or in Latin letters: whichever has more known words. */
function readLatin(text: string, sample: string, vectors: WordVectors, hint: Locale): Writing {
  const layout: () => Writing = () => ({
    language: 'ru',
    kind: 'layout',
    readable: mapKeys(text, toRussian),
    word: same,
  });
  if (hint === 'ru' && text.length < 20 && shortAnswers.has(fold(text.trim()))) return layout();
  const asIs = shareKnown(lettersOf(sample), vectors, 'en');
  if (asIs > 0.75) return { language: 'en', kind: 'plain', readable: text, word: same };
  // "sep 3", "ok": where English is spoken, so few letters are no Russian.
  if (hint === 'en' && !saysMuch(sample))
    return { language: 'en', kind: 'plain', readable: text, word: same };
  const typed = shareKnown(lettersOf(mapKeys(sample, toRussian)), vectors, 'ru');
  const words = fold(sample).match(/[\p{L}']+/gu) ?? [];
  const spelt = shareKnown(
    words.map((word) => transliterate(word, vectors)),
    vectors,
    'ru',
  );
  if (typed > 0.6 && typed > asIs + 0.2 && typed >= spelt) return layout();
  if (spelt > 0.6 && spelt > asIs + 0.2) {
    return {
      language: 'ru',
      kind: 'translit',
      readable: text,
      word: (word) => transliterate(word, vectors),
    };
  }
  return { language: 'en', kind: 'plain', readable: text, word: same };
}

/** A word of six letters, or two words of three and more. */
const saysMuch = (text: string): boolean =>
  /[a-z]{6}/i.test(text) || (text.match(/[a-z']{3,}/gi)?.length ?? 0) > 1;

const lettersOf = (text: string): readonly string[] => fold(text).match(/\p{L}+/gu) ?? [];

/** The share of the letters that stand in words which the vectors know in a language; 0..1. */
function shareKnown(words: readonly string[], vectors: WordVectors, language: Locale): number {
  let known = 0;
  let all = 0;
  for (const word of words) {
    // One letter says little, and most are in the table.
    const weight = word.length - 1;
    all += weight;
    const row = vectors.find(word);
    if (row >= 0 && (language === 'ru' ? row >= vectors.english : row < vectors.english)) known += weight;
  }
  return all === 0 ? 0 : known / all;
}

function mapKeys(text: string, keys: ReadonlyMap<string, string>): string {
  let mapped = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    mapped += isTrailingMark(text, i) ? char : (keys.get(char) ?? char);
  }
  return mapped;
}

/** A comma or dot before a blank or the end is punctuation as often as б or ю: words seldom end in these. */
function isTrailingMark(text: string, at: number): boolean {
  const char = text[at];
  if (char !== ',' && char !== '.') return false;
  const next = text[at + 1];
  return next === undefined || next === ' ' || next === '\n';
}

const letters: readonly (readonly [string, string])[] = [
  ['shch', 'щ'],
  ['sch', 'щ'],
  ['sh', 'ш'],
  ['ch', 'ч'],
  ['zh', 'ж'],
  ['kh', 'х'],
  ['ts', 'ц'],
  ['yu', 'ю'],
  ['ju', 'ю'],
  ['ya', 'я'],
  ['ja', 'я'],
  ['yo', 'е'],
  ['jo', 'е'],
  ['ye', 'е'],
  ['je', 'е'],
];
const single: Readonly<Record<string, string>> = {
  a: 'а',
  b: 'б',
  c: 'ц',
  d: 'д',
  e: 'е',
  f: 'ф',
  g: 'г',
  h: 'х',
  i: 'и',
  j: 'й',
  k: 'к',
  l: 'л',
  m: 'м',
  n: 'н',
  o: 'о',
  p: 'п',
  q: 'к',
  r: 'р',
  s: 'с',
  t: 'т',
  u: 'у',
  v: 'в',
  w: 'в',
  x: 'х',
  y: 'ы',
  z: 'з',
  "'": 'ь',
};

/** A folded Latin word in Cyrillic: of the likely spellings the first that the vectors know, else the plainest. */
function transliterate(word: string, vectors: WordVectors): string {
  if (isCyrillic(word) || word.length > 40 || !/^[a-z']+$/.test(word)) return word;
  let plain = '';
  for (let at = 0; at < word.length; ) {
    const pair = letters.find(([latin]) => word.startsWith(latin, at));
    if (pair) {
      plain += pair[1];
      at += pair[0].length;
      continue;
    }
    const char = word[at] ?? '';
    const before = plain.at(-1) ?? '';
    plain += char === 'y' && 'аеиоуыэюя'.includes(before) && before !== '' ? 'й' : (single[char] ?? char);
    at++;
  }
  for (const spelling of spellings(plain)) if (vectors.find(spelling) >= vectors.english) return spelling;
  return plain;
}

/** What Latin letters leave out: soft signs, and й behind и. */
function* spellings(word: string): Generator<string> {
  yield word;
  if (word.endsWith('т')) yield `${word}ь`;
  yield word.replace(/л(?=[бвгджзкмнпрстфхцчшщ])/g, 'ль');
  yield word.replace(/ыы$/, 'ый').replace(/иы$/, 'ий').replace(/ии$/, 'ий');
  yield word.replace(/([рнтслд])(?=[бвгджзкмнпрстфхцчшщ])/g, '$1ь');
  if (word.startsWith('е')) yield `э${word.slice(1)}`;
  yield word.replace(/ы/g, 'и');
  yield word.replace(/([шчщжц])ы/g, '$1и').replace(/ь?$/, 'ь');
}
