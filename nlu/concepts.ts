import { readFileSync } from 'node:fs';
import { dataFile } from './data-folder.ts';
import { stemRussian } from './stem.ts';
import { fold, isCyrillic } from './text.ts';

/** Banking concepts by the words that name them, in both languages: «карту» and "plastic" are both `card`. */
export type Concepts = {
  readonly names: readonly string[];
  /** The numbers of the concepts of a folded word; empty for most words. */
  of(word: string): readonly number[];
};

const none: readonly number[] = [];

/** Reads the list: name, English words, Russian words, separated by tabs; a line that begins with # is a comment. */
function readConcepts(text: string): Concepts {
  const names: string[] = [];
  const byWord = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    const [name, english, russian] = line.split('\t');
    if (!name || name.startsWith('#')) continue;
    const concept = names.push(name) - 1;
    const words = `${english ?? ''} ${russian ?? ''}`.split(' ').filter(Boolean).map(fold);
    for (const key of new Set(words.map((word) => (isCyrillic(word) ? stemRussian(word) : word)))) {
      const found = byWord.get(key);
      if (found) found.push(concept);
      else byWord.set(key, [concept]);
    }
  }
  return { names, of: (word) => byWord.get(isCyrillic(word) ? stemRussian(word) : word) ?? none };
}

let shipped: Concepts | undefined;

/** The list that Okno ships, read at the first call and kept. */
export function shippedConcepts(): Concepts {
  shipped ??= readConcepts(readFileSync(dataFile('vectors/concepts.tsv'), 'utf8'));
  return shipped;
}
