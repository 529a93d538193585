import type { Locale } from '../../gateway/model/contact.ts';

type AccountType = 'checking' | 'savings';
export type CardStatus = 'active' | 'blocked' | 'expired';

/** A client of the demo bank as it starts. Sums are decimal strings. */
interface Person {
  readonly customer: string;
  readonly name: string;
  readonly locale: Locale;
  readonly accounts: Readonly<Partial<Record<AccountType, string>>>;
  /** By the last four digits. */
  readonly cards: Readonly<Record<string, CardStatus>>;
}

/** Whom the demo's page signs in as. */
const DEMO_CLIENT: Person = {
  customer: 'demo-anna',
  name: 'Анна Соколова',
  locale: 'ru',
  accounts: { checking: '84350.20', savings: '412000.00' },
  cards: { '4321': 'active', '8765': 'expired' },
};

/** The bank's clients as it starts. All are invented. */
export const people: readonly Person[] = [
  DEMO_CLIENT,
  {
    customer: 'demo-igor',
    name: 'Игорь Лебедев',
    locale: 'ru',
    accounts: { checking: '12904.75', savings: '98500.00' },
    cards: { '1177': 'active', '3040': 'blocked' },
  },
  {
    customer: 'demo-marina',
    name: 'Марина Ковальчук',
    locale: 'ru',
    accounts: { checking: '236118.00', savings: '31400.90' },
    cards: { '5512': 'active' },
  },
  {
    customer: 'demo-rustam',
    name: 'Рустам Галиев',
    locale: 'ru',
    accounts: { checking: '8530.40', savings: '1250000.00' },
    cards: { '9026': 'active', '6634': 'active' },
  },
  {
    customer: 'demo-elena',
    name: 'Елена Константинопольская-Верещагина',
    locale: 'ru',
    accounts: { checking: '67012.33', savings: '25000.00' },
    cards: { '2258': 'active' },
  },
  {
    customer: 'demo-emma',
    name: 'Emma Clarke',
    locale: 'en',
    accounts: { checking: '4218.60', savings: '15300.00' },
    cards: { '4321': 'active', '7002': 'blocked' },
  },
  {
    customer: 'demo-james',
    name: 'James Okafor',
    locale: 'en',
    accounts: { checking: '2980.15', savings: '22750.00' },
    cards: { '3391': 'active' },
  },
  {
    customer: 'demo-priya',
    name: 'Priya Raman',
    locale: 'en',
    accounts: { checking: '12640.00', savings: '7105.50' },
    cards: { '8104': 'active', '5570': 'expired' },
  },
];

/** The demo bank tells every sum in the currency that goes with the channel's language, as common.yaml says. */
export const currencyOf = { ru: 'RUB', en: 'USD' } as const satisfies Record<Locale, string>;

/** A client whom the list does not have, such as one who confirmed a code: always the same for the same number. */
export function strangerOf(customer: string, locale: Locale): Person {
  let mixed = 7;
  for (const char of customer) mixed = (mixed * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  const scale = locale === 'ru' ? 20n : 1n;
  const sum = (base: bigint, range: number) => {
    const cents = (base + BigInt(mixed % range)) * scale;
    return `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
  };
  return {
    customer,
    name: locale === 'ru' ? 'Клиент демобанка' : 'Demo client',
    locale,
    accounts: { checking: sum(640_000n, 900_000), savings: sum(1_150_000n, 1_300_000) },
    cards: { '4321': 'active', '8765': 'expired' },
  };
}
