import { hashText } from '../hash.ts';
import { foldsOf, type Phrase } from '../train.ts';
import { stemsOf } from './similar.ts';

/**
 * The fold 0..folds-1 of a text. It is told by its words alone: so the same text is in the same fold whatever else is among
 * the data, and texts of the same words, in any order and inflection, are never trained and asked in one go.
 */
export function foldOf(text: string, folds: number, seed: number): number {
  const words = stemsOf(text).sort().join(' ');
  return hashText(words === '' ? text.trim() : words, seed) % folds;
}

/**
 * A fold for each text, by `foldOf`. Of very few texts a fold may hold whole intents, so that fewer than two are left to
 * learn: then each intent is spread evenly instead.
 */
export function foldsByWords(texts: readonly Phrase[], folds: number, seed: number): Int32Array {
  const fold = Int32Array.from(texts, ({ text }) => foldOf(text, folds, seed));
  const canLearn = (held: number) =>
    new Set(texts.filter((_, i) => fold[i] !== held).map(({ label }) => label)).size > 1;
  if (Array.from({ length: folds }, (_, held) => held).every(canLearn)) return fold;
  const labels = [...new Set(texts.map(({ label }) => label))];
  const classes = Int32Array.from(texts, ({ label }) => labels.indexOf(label));
  return foldsOf(classes, folds, seed);
}
