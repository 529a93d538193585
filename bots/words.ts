/// <reference path="../nlu/natural-stemmers.d.ts" />
import english from 'natural/lib/natural/stemmers/porter_stemmer.js';
import russian from 'natural/lib/natural/stemmers/porter_stemmer_ru.js';
import type { Words } from './script.ts';

/** Finding listed words in a text: whole words, in any case; `перевод*` takes any ending; ё is е. */

/** One message is asked for the words of every script. */
let last: { readonly text: string; readonly words: readonly string[] } = { text: '', words: [] };

/** Lower case, е for ё, words and numbers only. */
export function wordsOfText(text: string): readonly string[] {
  if (text !== last.text) last = { text, words: readWords(text) };
  return last.words;
}

function readWords(text: string): readonly string[] {
  return (
    text
      .slice(0, 2_000)
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('ё', 'е')
      .match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[$€£¥₽]/gu) ?? []
  );
}

function isWord(pattern: string, word: string): boolean {
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : word === pattern;
}

function standsAt(phrase: readonly string[], text: readonly string[], at: number): boolean {
  return phrase.every((pattern, offset) => {
    const word = text[at + offset];
    return word !== undefined && isWord(pattern, word);
  });
}

const prepared = new WeakMap<Words, readonly string[][]>();

/** The listed phrases word by word, long ones first. */
function phrasesOf(words: Words): readonly string[][] {
  const known = prepared.get(words);
  if (known) return known;
  const phrases = [...words.ru, ...words.en]
    .map((phrase) => phrase.toLowerCase().replaceAll('ё', 'е').split(/\s+/).filter(Boolean))
    .sort((a, b) => b.length - a.length);
  prepared.set(words, phrases);
  return phrases;
}

/** True where one of the words or phrases, of either language, stands in the text. */
export function saysOneOf(words: Words, text: string): boolean {
  const said = wordsOfText(text);
  return phrasesOf(words).some((phrase) => said.some((_, at) => standsAt(phrase, said, at)));
}

/** True where the text has words, and all of them are listed. */
export function saysOnly(words: Words, text: string): boolean {
  const said = wordsOfText(text);
  const phrases = phrasesOf(words);
  let at = 0;
  while (at < said.length) {
    const start = at;
    const phrase = phrases.find((candidate) => standsAt(candidate, said, start));
    if (!phrase) return false;
    at += phrase.length;
  }
  return said.length > 0;
}

/** True where the text names the title in any form: «сумму», «сумма» for «Сумма перевода». */
export function namesTitle(title: string, text: string): boolean {
  const stems = wordsOfText(title)
    .filter((word) => word.length > 3)
    .map(stem);
  // The stemmers leave some forms of one word apart (кредит, кредита), so a word that begins with the stem counts too.
  return wordsOfText(text).some((word) =>
    stems.some((it) => stem(word) === it || (it.length > 3 && word.startsWith(it))),
  );
}

function stem(word: string): string {
  return (/\p{Script=Cyrillic}/u.test(word) ? russian : english).stem(word);
}
