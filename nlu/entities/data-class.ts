import type { Entity, EntityKind } from '../types.ts';
import { kinOf } from './person-words.ts';

/**
 * How much a value says of a person: `public` nothing; `personal` who they are (152-FZ, article 3); `bank-secret` what
 * they have at the bank (395-1, article 26). The words are those of a channel's data class.
 */
export type DataClass = 'public' | 'personal' | 'bank-secret';

/** What an admin's own pattern finds may be anything, so it is treated as personal. */
export const dataClassOf: Readonly<Record<EntityKind, DataClass>> = {
  yes_no: 'public',
  number: 'public',
  date: 'public',
  city: 'public',
  product: 'public',
  account_type: 'public',
  bic: 'public',
  person: 'personal',
  phone: 'personal',
  email: 'personal',
  inn: 'personal',
  snils: 'personal',
  passport: 'personal',
  custom: 'personal',
  money: 'bank-secret',
  card: 'bank-secret',
  account_number: 'bank-secret',
  contract_number: 'bank-secret',
  order_number: 'bank-secret',
};

/** Says something only beside whose it is: a text that names nobody may keep it. */
const onlyWithItsOwner: ReadonlySet<EntityKind> = new Set<EntityKind>(['money']);

/** The kinds of which a text that is kept without its client must keep nothing. */
export const maskedKinds = (Object.keys(dataClassOf) as EntityKind[]).filter(
  (kind) => dataClassOf[kind] !== 'public' && !onlyWithItsOwner.has(kind),
);

/**
 * Whether nothing of the value may be kept. What a list names stands in the bot's scripts and is nobody's; «брату» names
 * nobody either.
 */
export function isMasked(entity: Entity): boolean {
  if (entity.kind === 'custom' && entity.listed) return false;
  if (entity.kind === 'person' && kinOf(entity.text.toLowerCase().replaceAll('ё', 'е'))) return false;
  return maskedKinds.includes(entity.kind);
}
