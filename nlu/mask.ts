import { dataClassOf } from './entities/data-class.ts';
import type { Entity, EntityKind, Locale } from './types.ts';

/** The kinds that say who somebody is or what they have at the bank; a sum alone says neither. */
export const personalKinds = (Object.keys(dataClassOf) as EntityKind[]).filter(
  (kind) => dataClassOf[kind] !== 'public' && kind !== 'money',
);

const standIns = {
  ru: { person: 'Иван', email: 'name@example.com' },
  en: { person: 'John', email: 'name@example.com' },
} as const;

/** As many digits say who somebody is even where no kind knows them. */
const longNumber = /\d(?:[ -]?\d){4,}/g;

/**
 * Takes personal data out of a text: another name stands for every name, zeros for every digit. What is left is read by
 * the model as the text itself would be, since all first names are one word to it, and all numbers. Pure.
 * @param entities those of `personalKinds` found in the text, in any order
 */
export function maskPersonal(text: string, entities: readonly Entity[], locale: Locale): string {
  let masked = text;
  for (const { kind, start, end } of [...entities].sort((a, b) => b.start - a.start)) {
    if (!personalKinds.includes(kind)) continue;
    const standIn =
      kind === 'person' || kind === 'email'
        ? standIns[locale][kind]
        : masked.slice(start, end).replaceAll(/\p{Nd}/gu, '0');
    masked = masked.slice(0, start) + standIn + masked.slice(end);
  }
  return masked.replaceAll(longNumber, (digits) => digits.replaceAll(/\d/g, '0'));
}
