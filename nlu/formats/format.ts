import type { Phrase } from '../train.ts';

/** `tsv`: text<TAB>intent; `rasa`: NLU training data of Rasa 3 in YAML; `dialogflow`: an agent of Dialogflow ES as a zip. */
export const formats = ['tsv', 'rasa', 'dialogflow'] as const;
export type Format = (typeof formats)[number];

/** A file that is larger is refused. */
export const maxFileBytes = 5_000_000;

/** What training data in any format comes to; out of scope has the label `none`. */
export type Imported = readonly ImportedPhrase[];

export interface ImportedPhrase extends Phrase {
  /** What the file calls its intent, where that can be no id and the label is another. */
  readonly named?: string;
}

/** An intent that has another name than in the file. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** The intents that got other names, each name of the file once, in the order of their first phrases. */
export function renamedIn(phrases: Imported): readonly Renamed[] {
  const renamed = new Map(
    phrases.flatMap(({ named, label }) => (named === undefined ? [] : [[named, label] as const])),
  );
  return [...renamed].map(([from, to]) => ({ from, to }));
}

/** A file of training data that cannot be used. `message` and `ru` name the file, the place and the fix. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly ru: string;
  /** @param place the file, and the line behind a colon where there is one */
  constructor(place: string, en: string, ru: string) {
    super(`${place}: ${en}`);
    this.ru = `${place}: ${ru}`;
  }
}

/** The phrases of each intent, in the order of their first ones. */
export function byIntent(phrases: Imported): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const { text, label } of phrases) {
    const known = texts.get(label);
    if (known) known.push(text);
    else texts.set(label, [text]);
  }
  return texts;
}

/**
 * The intent of a name of another product: an id of small letters, digits and `_`, with the name where it is another.
 * @throws FormatError where nothing that a script could call is left
 */
export function intentOf(name: string, place: string): Omit<ImportedPhrase, 'text'> {
  const named = name.trim();
  const label = named
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 64);
  if (label) return named === label ? { label } : { label, named };
  const shown = named.slice(0, 60);
  throw new FormatError(
    place,
    `the intent “${shown}” has no Latin letter; give it a name such as check_balance`,
    `в названии намерения «${shown}» нет латинских букв; назовите его, например, check_balance`,
  );
}
