import { stemRussian } from '../stem.ts';
import { isCyrillic, tokenise } from '../text.ts';
import type { Reading } from './reading.ts';

/** A value and the phrases that mean it, in any of their forms. */
export type Listed<Value> = { readonly value: Value; readonly phrases: readonly string[] };

/** Listed phrases found in a text: token indices, `to` exclusive. */
export type ListHit<Value> = { readonly value: Value; readonly from: number; readonly to: number };

export type WordList<Value> = {
  /** The longest listed phrase that begins at a token. */
  at(reading: Reading, token: number): ListHit<Value> | undefined;
  /** All hits from left to right, none overlapping; in time linear in the text. */
  all(reading: Reading): ListHit<Value>[];
  /** The words of all phrases, folded. */
  readonly words: ReadonlySet<string>;
};

/** What all forms of a word share: «карты» and «карту», "loans" and "loan". */
export function stemOf(word: string): string {
  if (isCyrillic(word)) return stemRussian(word);
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

const vowelEnd = /[аеиоуыэюяьй]$/;

/** A word of a phrase: the stems of its forms, and the letters that all its forms begin with. */
type ListedWord = { readonly stems: ReadonlySet<string>; readonly start: string };

/**
 * One stem is not enough: the stemmer takes «ит» of «кредит» for a verb's ending, and «ов» of «Ростов» for a plural's,
 * but not in «кредита» and «Ростова». The letters keep «рост» from being Ростов.
 */
function listedWord(word: string): ListedWord {
  const stems = new Set([stemOf(word)]);
  if (!isCyrillic(word)) return { stems, start: stemOf(word) };
  const base = vowelEnd.test(word) ? word.slice(0, -1) : word;
  for (const ending of ['а', 'у', 'ы', 'ой', 'ого']) stems.add(stemRussian(base + ending));
  return { stems, start: base.slice(0, Math.max(3, base.length - 1)) };
}

const isForm = (reading: Reading, at: number, { stems, start }: ListedWord): boolean =>
  stems.has(reading.stem(at)) && (reading.tokens[at]?.norm.startsWith(start) ?? false);

/** Prepares a list. Phrases are found word by word by their stems, so their forms need not be listed. */
export function compileList<Value>(entries: readonly Listed<Value>[]): WordList<Value> {
  const all = new Set<string>();
  const byFirst = new Map<string, { readonly value: Value; readonly words: readonly ListedWord[] }[]>();
  for (const { value, phrases } of entries) {
    for (const phrase of phrases) {
      const norms = tokenise(phrase).map(({ norm }) => norm);
      for (const norm of norms) all.add(norm);
      const words = norms.map(listedWord);
      for (const first of words[0]?.stems ?? []) {
        const known = byFirst.get(first);
        if (known) known.push({ value, words });
        else byFirst.set(first, [{ value, words }]);
      }
    }
  }
  for (const phrases of byFirst.values()) phrases.sort((a, b) => b.words.length - a.words.length);

  const at = (reading: Reading, token: number): ListHit<Value> | undefined => {
    const phrase = byFirst
      .get(reading.stem(token))
      ?.find(({ words }) => words.every((word, i) => isForm(reading, token + i, word)));
    return phrase && { value: phrase.value, from: token, to: token + phrase.words.length };
  };
  return {
    at,
    words: all,
    all(reading) {
      const hits: ListHit<Value>[] = [];
      for (let token = 0; token < reading.tokens.length; token++) {
        const hit = at(reading, token);
        if (!hit) continue;
        hits.push(hit);
        token = hit.to - 1;
      }
      return hits;
    },
  };
}
