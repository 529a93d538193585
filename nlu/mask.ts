import { isMasked } from './entities/data-class.ts';
import type { Entity, Locale } from './types.ts';

const standIns = {
  ru: { person: 'Иван', email: 'name@example.com' },
  en: { person: 'John', email: 'name@example.com' },
} as const;

/** As many digits say who somebody is even where no kind knows them. */
const longNumber = /\d(?:[ -]?\d){4,}/g;

/**
 * Takes personal data out of a text, by the data class of each value: another name stands for every name, zeros for every
 * digit. What is left is read by the model as the text itself would be, since all first names are one word to it, and all
 * numbers. What an admin's own pattern found loses its letters too. Pure.
 * @param entities those of `maskedKinds` found in the text, in any order
 */
export function maskPersonal(text: string, entities: readonly Entity[], locale: Locale): string {
  let masked = text;
  for (const entity of [...entities].sort((a, b) => b.start - a.start)) {
    if (!isMasked(entity)) continue;
    masked = masked.slice(0, entity.start) + standInOf(entity, locale) + masked.slice(entity.end);
  }
  return masked.replaceAll(longNumber, (digits) => digits.replaceAll(/\d/g, '0'));
}

function standInOf({ kind, text }: Entity, locale: Locale): string {
  if (kind === 'person' || kind === 'email') return standIns[locale][kind];
  const unnumbered = text.replaceAll(/\p{Nd}/gu, '0');
  return kind === 'custom' ? unnumbered.replaceAll(/\p{L}/gu, 'x') : unnumbered;
}
