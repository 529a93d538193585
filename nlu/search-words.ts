/// <reference path="./natural-stemmers.d.ts" />
import stemmer from 'natural/lib/natural/stemmers/porter_stemmer.js';
import { keep } from './kept.ts';
import { stemRussian } from './stem.ts';
import { isCyrillic, type Token, tokenise } from './text.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** What one word of a query is found by: stems, all of the alphabets' letters and digits. */
export type SoughtWord = {
  /** As it was typed, as it was meant («ghbdtn» is «привет»), and its misspellings that are no words of their own. */
  readonly stems: readonly string[];
  /** One slip away from a word that nobody knows: for where none of `stems` stands anywhere. */
  readonly guesses: readonly string[];
  /** It may still be being typed: what begins with the first stem is meant too. */
  readonly isPrefix: boolean;
};

/** From `start` to before `end`, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number };

const maxQuery = 200;
const maxQueryWords = 6;
/** How much of a message is searched, in characters; its writing is told a piece at a time. */
const maxText = 20_000;
const pieceLength = 2_000;
const maxWord = 40;
const keptStems = 20_000;
const keptTexts = 2_000;
/** Longer texts hardly come again. */
const keptText = 300;
/** Shorter words have too many others one slip away, and longer ones are no words. */
const repaired = { least: 4, most: 16 };
const leastPrefix = 3;

const alphabets = { cyrillic: 'абвгдежзийклмнопрстуфхцчшщъыьэюя', latin: 'abcdefghijklmnopqrstuvwxyz' };

/** The stems of a message, each once: inflections are one, ё is е. Pure; takes linear time. */
export function wordsOfMessage(text: string): readonly string[] {
  return text.length > keptText ? stemsOfText(text) : texts.get(text);
}

function stemsOfText(text: string): readonly string[] {
  const found = new Set<string>();
  for (const { stem } of readStems(text)) found.add(stem);
  return [...found];
}

/** A bot says the same again and again, and clients ask the same. */
const texts = keep(keptTexts, stemsOfText);

/** The words of a query in its order, at most six. Pure. */
export function wordsOfQuery(query: string): readonly SoughtWord[] {
  const text = query.slice(0, maxQuery);
  const typed = tokenise(text).filter(isWord).slice(0, maxQueryWords);
  const writing = readWriting(text, shippedVectors());
  if (writing.kind === 'layout') {
    // Signs are letters on the other layout, so that the words of the two readings do not stand beside each other.
    const meant = tokenise(writing.readable).filter(isWord).slice(0, maxQueryWords);
    return meant.map(({ norm }, at) => soughtWord(norm, [norm], at === meant.length - 1));
  }
  return typed.map(({ norm }, at) =>
    soughtWord(writing.word(norm), [norm, writing.word(norm)], at === typed.length - 1),
  );
}

/** Where the words of a query stand in a text that was found by them. Pure. */
export function spansOf(text: string, sought: readonly SoughtWord[]): readonly Span[] {
  const stems = new Set(sought.flatMap(({ stems, guesses }) => [...stems, ...guesses]));
  const begins = sought.flatMap(({ stems: [first], isPrefix }) => (isPrefix && first ? [first] : []));
  return [...readStems(text)]
    .filter(({ stem }) => stems.has(stem) || begins.some((begin) => stem.startsWith(begin)))
    .map(({ start, end }) => ({ start, end }));
}

function soughtWord(word: string, readings: readonly string[], isLast: boolean): SoughtWord {
  const isKnown = knows(word);
  const slips = slipsOf(word);
  const own = [...readings.map(stemOf), ...(isKnown ? slips.filter((slip) => !knows(slip)).map(stemOf) : [])];
  const stems = [...new Set(own)];
  const guesses = isKnown ? [] : [...new Set(slips.map(stemOf))].filter((stem) => !stems.includes(stem));
  return { stems, guesses, isPrefix: isLast && (stems[0] ?? '').length >= leastPrefix };
}

function* readStems(text: string): Generator<Span & { readonly stem: string }> {
  for (const { start: from, end } of piecesOf(text)) {
    const writing = readWriting(text.slice(from, end), shippedVectors());
    for (const token of tokenise(writing.readable)) {
      if (!isWord(token)) continue;
      const span = { start: from + token.start, end: from + token.end };
      yield { ...span, stem: stemOf(writing.word(token.norm)) };
      // A Latin name among Russian in Latin letters is found as it stands too.
      if (writing.kind === 'translit') yield { ...span, stem: stemOf(token.norm) };
    }
  }
}

/** Cut at blanks where there are any, so that no word is cut. */
function* piecesOf(text: string): Generator<Span> {
  const last = Math.min(text.length, maxText);
  for (let start = 0; start < last; ) {
    const blank = text.lastIndexOf(' ', start + pieceLength);
    const end = start + pieceLength >= last ? last : blank > start ? blank : start + pieceLength;
    yield { start, end };
    start = end;
  }
}

const isWord = ({ kind }: Token): boolean => kind !== 'sign';

const stems = keep(keptStems, makeStem);

/** What is longer is no word of a language: it stands for itself, since stemmers take the square of a word's length. */
const stemOf = (word: string): string => (word.length > maxWord ? word.slice(0, maxWord) : stems.get(word));

function makeStem(word: string): string {
  if (isCyrillic(word)) return stemRussian(word);
  return /^[a-z]+$/.test(word) ? stemmer.stem(word) : word;
}

const knows = (word: string): boolean => shippedVectors().find(word) >= 0;

/** What a word becomes by a letter too many, too few or another one, or by two that change places. */
function slipsOf(word: string): readonly string[] {
  if (word.length < repaired.least || word.length > repaired.most || !/^(\p{sc=Cyrl}+|[a-z]+)$/u.test(word))
    return [];
  const letters = isCyrillic(word) ? alphabets.cyrillic : alphabets.latin;
  const slips = new Set<string>();
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    slips.add(before + after.slice(1));
    if (after.length > 1) slips.add(`${before}${after[1]}${after[0]}${after.slice(2)}`);
    for (const letter of letters) {
      slips.add(before + letter + after);
      if (after) slips.add(before + letter + after.slice(1));
    }
  }
  slips.delete(word);
  return [...slips];
}
