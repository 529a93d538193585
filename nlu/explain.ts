import type { LiveModel } from './live-model.ts';
import { tokenise } from './text.ts';

/** A word of a text and its part in the decision. */
export type DecidingWord = {
  readonly word: string;
  /** UTF-16 offsets in the text; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** How much confidence in the best intent the text loses without the word, -1..1; below 0 the word speaks against it. */
  readonly effect: number;
};

/** More words are not tried: each costs an answer of the model. */
const maxWords = 40;

/**
 * Which words decide the best intent of a text: each is left out once, and what that changes is what it does. Pure; true
 * for every feature of the model, since the model itself is asked. An intent that falls out of the alternatives counts
 * as lost wholly.
 * @returns the words in the order of the text; none where no intent is known
 */
export function explain(understand: LiveModel['understand'], text: string): readonly DecidingWord[] {
  const { alternatives } = understand(text, { kinds: [] });
  const [best] = alternatives;
  if (!best) return [];
  const words = tokenise(text).filter(({ kind }) => kind !== 'sign');
  return words.slice(0, maxWords).map(({ start, end }) => {
    const rest = `${text.slice(0, start)} ${text.slice(end)}`;
    const without = rest.trim() === '' ? [] : understand(rest, { kinds: [] }).alternatives;
    const left = without.find(({ intent }) => intent === best.intent)?.confidence ?? 0;
    return { word: text.slice(start, end), start, end, effect: best.confidence - left };
  });
}
