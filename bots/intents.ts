import { none } from '../nlu/model.ts';
import type { ScriptSet } from './load.ts';
import type { Text } from './script.ts';

/** An intent by a name that people know. */
export interface NamedIntent {
  readonly id: string;
  readonly title: { readonly ru: string; readonly en: string };
}

const NONE = { ru: 'Не к банку', en: 'None of the bank’s business' };

/**
 * What a message can be about: what scripts answer, then what else the model tells apart, then none of it. Pure.
 * @param labels what the model tells apart
 */
export function nameIntents(scripts: ScriptSet, labels: readonly string[]): readonly NamedIntent[] {
  const named = new Map<string, NamedIntent>();
  for (const { title, when } of scripts.scripts.values()) {
    for (const id of when.intents) {
      const isAlone = when.intents.length === 1;
      named.set(id, { id, title: inBoth((locale) => titleOf(title, locale) + (isAlone ? '' : ` (${id})`)) });
    }
  }
  for (const id of labels) {
    if (id !== none && !named.has(id)) named.set(id, { id, title: inBoth(() => capital(readable(id))) });
  }
  return toldApart([...named.values(), { id: none, title: NONE }]);
}

/** Behind a title that another has too stands the id. */
function toldApart(intents: readonly NamedIntent[]): readonly NamedIntent[] {
  const alone = (locale: 'ru' | 'en', title: string) =>
    intents.filter((other) => other.title[locale] === title).length === 1;
  return intents.map(({ id, title }) => ({
    id,
    title: inBoth((locale) => (alone(locale, title[locale]) ? title[locale] : `${title[locale]} (${id})`)),
  }));
}

function inBoth(text: (locale: 'ru' | 'en') => string): NamedIntent['title'] {
  return { ru: text('ru'), en: text('en') };
}

function titleOf(title: Text, locale: 'ru' | 'en'): string {
  const wording = title[locale];
  return capital(typeof wording === 'string' ? wording : (wording[0] ?? ''));
}

/** An id with blanks for the signs that ids are joined by. */
function readable(id: string): string {
  return id.replaceAll(/[_-]+/g, ' ');
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
