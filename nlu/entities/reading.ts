import { type Token, tokenise } from '../text.ts';
import type { EntityKind, Locale } from '../types.ts';
import type { Writing } from '../writing.ts';
import { isPlaceWord } from './city.ts';
import type { CustomEntities } from './custom.ts';
import { stemOf } from './lists.ts';
import { meantCity, meantWord } from './spelling.ts';

/** A text prepared once for all kinds of entities. */
export type Reading = {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly language: Locale;
  readonly awaited: EntityKind | undefined;
  /** "2026-03-18", or undefined. */
  readonly today: string | undefined;
  /** Whether a word of a language is known at all: what is not may be a name. */
  isKnown(word: string): boolean;
  /** What all forms of a token's word share; '' behind the end. */
  stem(at: number): string;
  /** An admin's own lists and patterns. */
  readonly custom: CustomEntities | undefined;
  /** Text and offsets of the tokens from..to (exclusive). */
  span(from: number, to: number): { text: string; start: number; end: number };
};

/** Prepares a text for the finders. */
export function read(
  text: string,
  writing: Writing,
  isKnown: (word: string) => boolean,
  options: ReadOptions = {},
): Reading {
  const raw = tokenise(writing.readable);
  const isSpelt = writing.kind === 'translit';
  const tokens = raw.map((token, at) => {
    if (token.kind !== 'word') return token;
    const norm = isSpelt ? writing.word(token.norm) : token.norm;
    // A capital within a sentence is a name's.
    const isName = token.start > 0 && /^\p{Lu}\p{Ll}/u.test(text.slice(token.start, token.start + 2));
    const word = isName ? undefined : meantWord(norm, isKnown);
    const before = raw[at - 1]?.norm ?? '';
    const isPlace =
      options.awaited === 'city' || isPlaceWord(before) || /^(san|los|new|saint|st)$/.test(before);
    const city = word === undefined && meantCity(norm, isPlace, isKnown);
    const meant = word ?? (city || norm);
    return meant === token.norm ? token : { ...token, norm: meant };
  });
  return over(text, tokens, writing.language, isKnown, options);
}

/** Prepares a text whose words are taken as they stand, such as what the bank says. */
export function readAsWritten(text: string): Reading {
  return over(text, tokenise(text), 'ru', () => true, {});
}

type ReadOptions = {
  readonly awaited?: EntityKind;
  readonly today?: string;
  readonly custom?: CustomEntities;
};

function over(
  text: string,
  tokens: readonly Token[],
  language: Locale,
  isKnown: (word: string) => boolean,
  options: ReadOptions,
): Reading {
  const stems: string[] = [];
  return {
    text,
    tokens,
    language,
    awaited: options.awaited,
    today: options.today,
    isKnown,
    custom: options.custom,
    stem(at) {
      const token = tokens[at];
      if (!token) return '';
      stems[at] ??= stemOf(token.norm);
      return stems[at];
    },
    span(from, to) {
      const start = tokens[from]?.start ?? 0;
      const end = tokens[to - 1]?.end ?? start;
      return { text: text.slice(start, end), start, end };
    },
  };
}
