import type { CustomEntities } from './entities/custom.ts';

/** The languages that Okno speaks. */
export type Locale = 'ru' | 'en';

/** ISO 4217 codes of the currencies that people name in words or by a sign. */
export type Currency = 'RUB' | 'USD' | 'EUR' | 'GBP' | 'CNY' | 'TRY' | 'KZT' | 'BYN' | 'JPY' | 'CHF' | 'AED';

/** Where a value stands in the text: UTF-16 offsets, `end` exclusive, `text` the very characters between them. */
type Span = { readonly text: string; readonly start: number; readonly end: number };

/** A sum. `amount` is a decimal string with two places ("650.00"); no currency when none was said. */
export type MoneyEntity = Span & {
  readonly kind: 'money';
  readonly value: { readonly amount: string; readonly currency?: Currency };
};
export type NumberEntity = Span & { readonly kind: 'number'; readonly value: { readonly number: number } };
/** A card by its last four digits; of a full card number nothing else is kept in the value. */
export type CardEntity = Span & { readonly kind: 'card'; readonly value: { readonly tail: string } };
/** `side` says whose account it is where the words say so: money comes `from` it or goes `to` it. */
export type AccountTypeEntity = Span & {
  readonly kind: 'account_type';
  readonly value: 'checking' | 'savings';
  readonly side?: 'from' | 'to';
};
/** A person as to be shown: Russian names in the nominative where we know how («Маше» → «Маша»). */
export type PersonEntity = Span & { readonly kind: 'person'; readonly value: { readonly name: string } };
/** `maybe`: «наверное», "not sure"; an answer, but none to act on. */
export type YesNoEntity = Span & { readonly kind: 'yes_no'; readonly value: 'yes' | 'no' | 'maybe' };

/** Days as "2026-03-18", both ends included; a single day has the same twice. */
export type DateEntity = Span & {
  readonly kind: 'date';
  readonly value: { readonly from: string; readonly to: string };
};
/** E.164: "+79991234567". */
export type PhoneEntity = Span & { readonly kind: 'phone'; readonly value: { readonly phone: string } };
export type EmailEntity = Span & { readonly kind: 'email'; readonly value: { readonly email: string } };
/** Numbers of Russian papers and accounts, digits only, their check digits right where they have any. */
export type DocumentKind = 'inn' | 'snils' | 'passport' | 'bic' | 'account_number';
export type DocumentEntity = {
  readonly [Kind in DocumentKind]: Span & {
    readonly kind: Kind;
    readonly value: { readonly digits: string };
  };
}[DocumentKind];

/** Numbers that the bank itself gave: in capitals, without blanks («ПК445566», "CN-2024/117"). */
export type ReferenceKind = 'contract_number' | 'order_number';
export type ReferenceEntity = {
  readonly [Kind in ReferenceKind]: Span & {
    readonly kind: Kind;
    readonly value: { readonly number: string };
  };
}[ReferenceKind];
/** A city in the nominative, in the language that it was written in: «Санкт-Петербург» for «питере». */
export type CityEntity = Span & { readonly kind: 'city'; readonly value: { readonly name: string } };
/** What banks sell. Accounts are `account_type`. */
export type Product =
  | 'debit_card'
  | 'credit_card'
  | 'virtual_card'
  | 'loan'
  | 'car_loan'
  | 'mortgage'
  | 'refinancing'
  | 'deposit'
  | 'insurance'
  | 'brokerage_account';
export type ProductEntity = Span & { readonly kind: 'product'; readonly value: Product };
/** What an admin's own list or pattern found: its name, and the listed value or the characters as they stand. */
export type CustomEntity = Span & {
  readonly kind: 'custom';
  readonly value: { readonly entity: string; readonly value: string };
  /** By a list, not by a pattern: the admin wrote it, not only the client. */
  readonly listed?: true;
};

/** A value found in a text. */
export type Entity =
  | DateEntity
  | PhoneEntity
  | EmailEntity
  | DocumentEntity
  | ReferenceEntity
  | CityEntity
  | ProductEntity
  | CustomEntity
  | MoneyEntity
  | NumberEntity
  | CardEntity
  | AccountTypeEntity
  | PersonEntity
  | YesNoEntity;

export type EntityKind = Entity['kind'];

/**
 * What a text shows besides its wish. `angry`: with us; `threat`: against us (court, regulator, press, violence);
 * `fraud`: somebody steals from the client, or tries to; `third_party_harm`: somebody else is in danger, deceived or forced.
 */
export type Signal = 'angry' | 'threat' | 'fraud' | 'third_party_harm';

/** A signal and its calibrated probability. */
export type SignalHit = { readonly signal: Signal; readonly confidence: number };

/** An intent and its calibrated probability. */
export type Alternative = { readonly intent: string; readonly confidence: number };

/** What we make of a text. */
export type Understanding = {
  readonly text: string;
  readonly language: Locale;
  /** The best label, or `none` when nothing fits. */
  readonly intent: string;
  /** Calibrated 0..1, of the best label, in scope or not. */
  readonly confidence: number;
  /** The best labels, best first, in scope or not. */
  readonly alternatives: readonly Alternative[];
  readonly entities: readonly Entity[];
  /** The version id of the model that said so. */
  readonly model: string;
};

/** What the caller expects of a text. */
export type UnderstandOptions = {
  /** The kinds of entities to look for; all when not given. */
  readonly kinds?: readonly EntityKind[];
  /** The one kind that the last question asked for: it is read liberally, so that a bare «маше» is a person. */
  readonly awaited?: EntityKind;
  /** The locale of the conversation, for texts that do not tell ("500", "ok"). */
  readonly locale?: Locale;
  /** Today as "2026-03-18": dates like «вчера» are told only where it is given. */
  readonly today?: string;
  /** An admin's own lists and patterns, for the kind `custom`. */
  readonly custom?: CustomEntities;
};
