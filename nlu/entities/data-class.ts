import type { EntityKind } from '../types.ts';

/**
 * How much a value says of a person: `public` nothing; `personal` who they are (152-FZ, article 3); `bank-secret` what
 * they have at the bank (395-1, article 26). The words are those of a channel's data class.
 */
export type DataClass = 'public' | 'personal' | 'bank-secret';

/** An admin's own entities may hold anything, so they are treated as personal. */
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
