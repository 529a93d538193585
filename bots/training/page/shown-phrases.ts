import type { z } from 'zod';
import type { phraseList } from '../api.ts';

export type PhraseList = z.infer<typeof phraseList>;
/** An intent, `none` for what is out of scope, null for what is left out of training. */
export type Place = string | null;

/** A phrase as it counts now. */
export interface ShownPhrase {
  readonly text: string;
  readonly place: Place;
  readonly locale: 'ru' | 'en';
  /** The intent that it ships with; undefined where an admin added it. */
  readonly shipped?: string;
  /** Whether an admin decided about it. */
  readonly isDecided: boolean;
}

/** An intent and how many phrases it has. */
export interface ShownPlace {
  readonly place: Place;
  readonly phrases: number;
}

/** The phrases as the next training takes them, the decided ones first, the last decided first of all. Pure. */
export function showPhrases({ shipped, decisions }: PhraseList): readonly ShownPhrase[] {
  const shippedAs = new Map(shipped.map(({ text, intent }) => [text, intent]));
  const decided = new Set(decisions.map(({ text }) => text));
  return [
    ...[...decisions]
      .sort((a, b) => b.decidedAt.localeCompare(a.decidedAt))
      .map(({ text, intent }): ShownPhrase => {
        const known = shippedAs.get(text);
        return {
          text,
          place: intent,
          locale: localeOf(text),
          isDecided: true,
          ...(known !== undefined && { shipped: known }),
        };
      }),
    ...shipped
      .filter(({ text }) => !decided.has(text))
      .map(
        ({ text, intent }): ShownPhrase => ({
          text,
          place: intent,
          locale: localeOf(text),
          shipped: intent,
          isDecided: false,
        }),
      ),
  ];
}

/** Every intent with its phrases counted, by the alphabet of their names; what is out of scope or left out comes last. */
export function placesOf(
  phrases: readonly ShownPhrase[],
  nameOf: (place: Place) => string,
): readonly ShownPlace[] {
  const counts = new Map<Place, number>([
    ['none', 0],
    [null, 0],
  ]);
  for (const { place } of phrases) counts.set(place, (counts.get(place) ?? 0) + 1);
  const rank = (place: Place) => (place === null ? 2 : place === 'none' ? 1 : 0);
  return [...counts]
    .map(([place, number]) => ({ place, phrases: number }))
    .sort((a, b) => rank(a.place) - rank(b.place) || nameOf(a.place).localeCompare(nameOf(b.place)));
}

/** What takes a phrase away: what ships is left out, what an admin added is forgotten. */
export function removalOf({ text, shipped }: ShownPhrase): Change {
  return shipped === undefined ? { text, to: 'as-shipped' } : { text, to: null };
}

/** A change of one phrase: where it goes, or back to how it ships (nowhere, where it does not ship). */
export interface Change {
  readonly text: string;
  readonly to: Place | 'as-shipped';
}

/** The change that undoes a change, by the phrases as they were before it. Pure. */
export function inverseOf({ text }: Change, before: readonly ShownPhrase[]): Change {
  const was = before.find((phrase) => phrase.text === text);
  return { text, to: was?.isDecided ? was.place : 'as-shipped' };
}

function localeOf(text: string): 'ru' | 'en' {
  return /\p{Script=Cyrillic}/u.test(text) ? 'ru' : 'en';
}
