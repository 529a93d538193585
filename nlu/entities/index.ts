import type { Entity, EntityKind } from '../types.ts';
import { findAccountTypes } from './account-type.ts';
import { findCards } from './card.ts';
import { findCities } from './city.ts';
import { findDates } from './date.ts';
import { findDocuments } from './document.ts';
import { findEmails } from './email.ts';
import { findMoney } from './money.ts';
import { findNumberEntities } from './number.ts';
import { findPersons } from './person.ts';
import { findPhones } from './phone.ts';
import { findProducts } from './product.ts';
import type { Reading } from './reading.ts';
import { findReferences } from './reference.ts';
import { findDictated } from './spoken-digits.ts';
import { findYesNo } from './yes-no.ts';

/** One line a kind; each reads a text in linear time and never throws. */
const finders = {
  money: findMoney,
  number: findNumberEntities,
  card: findCards,
  account_type: findAccountTypes,
  person: findPersons,
  yes_no: findYesNo,
  date: findDates,
  phone: findPhones,
  email: findEmails,
  inn: (reading) => findDocuments(reading, 'inn'),
  snils: (reading) => findDocuments(reading, 'snils'),
  passport: (reading) => findDocuments(reading, 'passport'),
  bic: (reading) => findDocuments(reading, 'bic'),
  account_number: (reading) => findDocuments(reading, 'account_number'),
  contract_number: (reading) => findReferences(reading, 'contract_number'),
  order_number: (reading) => findReferences(reading, 'order_number'),
  city: findCities,
  product: findProducts,
  custom: (reading) => reading.custom?.find(reading) ?? [],
} satisfies {
  readonly [Kind in EntityKind]: (reading: Reading) => readonly Extract<Entity, { kind: Kind }>[];
};

export const allKinds = Object.keys(finders) as readonly EntityKind[];

/** Kinds whose digits and words are not read as anything weaker, strongest first. */
const strong = [
  'email',
  'card',
  'account_number',
  'snils',
  'passport',
  'inn',
  'bic',
  'contract_number',
  'order_number',
  'phone',
  'date',
] as const;
const weak: ReadonlySet<EntityKind> = new Set(['money', 'number', 'person', 'yes_no', 'city']);

/**
 * The entities of the kinds asked for, in the order of the text. The digits of a card, a phone or a document are
 * nothing else, and a sum is no number too.
 */
export function findEntities(reading: Reading, kinds: readonly EntityKind[]): Entity[] {
  // Which characters are taken: a mark for each, so that many entities cost no more than the text is long.
  const taken = new Uint8Array(reading.text.length);
  const isFree = ({ start, end }: Entity) => !taken.subarray(start, end).includes(1);
  const dictated = findDictated(reading.tokens);
  const needsStrong =
    kinds.some((kind) => weak.has(kind)) &&
    (dictated.length > 0 || reading.tokens.some(({ kind, norm }) => kind === 'digits' || norm === '@'));
  const found: Entity[] = [];
  for (const kind of strong) {
    const isWanted = kinds.includes(kind);
    if (!isWanted && (!needsStrong || kind === reading.awaited)) continue;
    const free = (finders[kind](reading) as readonly Entity[]).filter(isFree);
    for (const entity of free) {
      taken.fill(1, entity.start, entity.end);
      if (isWanted) found.push(entity);
    }
  }
  // What is dictated counts nothing, whatever it is of.
  for (const run of dictated) {
    const { start, end } = reading.span(run.from, run.to);
    taken.fill(1, start, end);
  }
  for (const kind of kinds) {
    if ((strong as readonly EntityKind[]).includes(kind)) continue;
    const values: readonly Entity[] = finders[kind](reading);
    for (const entity of values) if (!weak.has(kind) || isFree(entity)) found.push(entity);
  }
  return withoutRivals(found, reading.awaited).sort((a, b) => a.start - b.start || b.end - a.end);
}

/** A sum is no number too; but where a number was asked for, one without a currency is the number and no sum. */
function withoutRivals(found: readonly Entity[], awaited: EntityKind | undefined): Entity[] {
  if (awaited === 'number') return found.filter((it) => it.kind !== 'money' || it.value.currency);
  const sums = found.filter(({ kind }) => kind === 'money');
  let next = 0;
  return found
    .toSorted((a, b) => a.start - b.start)
    .filter((entity) => {
      if (entity.kind !== 'number') return true;
      while ((sums[next]?.end ?? Number.POSITIVE_INFINITY) <= entity.start) next++;
      return (sums[next]?.start ?? Number.POSITIVE_INFINITY) >= entity.end;
    });
}
