import { readWords } from './features.ts';
import { stemRussian } from './stem.ts';
import { isCyrillic } from './text.ts';
import type { Phrase } from './train.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** A training phrase that is like a text. */
export type Neighbour = {
  readonly text: string;
  readonly intent: string;
  /** The cosine of their stems, the rare ones weighing more; 0..1. */
  readonly similarity: number;
};

const most = 5;

/**
 * Makes the function from a text to the training phrases that are most like it, the likest first: by stems, whatever the
 * layout or the letters that it is written in. Pure.
 */
export function createNearest(phrases: readonly Phrase[]): (text: string) => readonly Neighbour[] {
  const stems = phrases.map(({ text }) => stemsMeant(text));
  const places = new Map<string, number[]>();
  stems.forEach((set, place) => {
    for (const stem of set) {
      const known = places.get(stem);
      if (known) known.push(place);
      else places.set(stem, [place]);
    }
  });
  const squareOf = (stem: string) =>
    Math.log((1 + phrases.length) / (1 + (places.get(stem)?.length ?? 0))) ** 2;
  const lengths = stems.map((set) => lengthOf(set, squareOf));
  return (text) => {
    const asked = stemsMeant(text);
    const length = lengthOf(asked, squareOf);
    const shared = new Map<number, number>();
    for (const stem of asked) {
      const square = squareOf(stem);
      for (const place of places.get(stem) ?? []) shared.set(place, (shared.get(place) ?? 0) + square);
    }
    return [...shared]
      .map(([place, product]) => ({ place, similarity: product / (length * (lengths[place] ?? 0) || 1) }))
      .filter(({ similarity }) => similarity > 0)
      .sort((a, b) => b.similarity - a.similarity || a.place - b.place)
      .slice(0, most)
      .flatMap(({ place, similarity }) => {
        const phrase = phrases[place];
        return phrase
          ? [{ text: phrase.text, intent: phrase.label, similarity: Math.min(1, similarity) }]
          : [];
      });
  };
}

function lengthOf(stems: ReadonlySet<string>, squareOf: (stem: string) => number): number {
  let sum = 0;
  for (const stem of stems) sum += squareOf(stem);
  return Math.sqrt(sum);
}

function stemsMeant(text: string): ReadonlySet<string> {
  const words = readWords(readWriting(text, shippedVectors()));
  return new Set(words.map((word) => (isCyrillic(word) ? stemRussian(word) : word)));
}
