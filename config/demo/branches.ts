import type { Locale } from '../../gateway/model/contact.ts';

interface Branch {
  readonly city: string;
  /** How the city is called, in small letters. */
  readonly names: readonly string[];
  readonly address: Readonly<Record<Locale, string>>;
  readonly hours: Readonly<Record<Locale, string>>;
}

const weekdays = { ru: 'пн–пт 9:00–19:00', en: 'Mon–Fri 9:00–19:00' };
const everyDay = { ru: 'ежедневно 10:00–20:00', en: 'every day 10:00–20:00' };

/** Invented addresses. */
const branches: readonly Branch[] = [
  {
    city: 'moscow',
    names: ['москва', 'moscow'],
    address: { ru: 'ул. Оконная, 1', en: '1 Okonnaya St' },
    hours: everyDay,
  },
  {
    city: 'moscow',
    names: ['москва', 'moscow'],
    address: { ru: 'Стекольный пер., 14', en: '14 Stekolny Lane' },
    hours: weekdays,
  },
  {
    city: 'saint-petersburg',
    names: ['санкт-петербург', 'петербург', 'saint petersburg', 'st petersburg'],
    address: { ru: 'наб. Светлая, 27', en: '27 Svetlaya Embankment' },
    hours: everyDay,
  },
  {
    city: 'kazan',
    names: ['казань', 'kazan'],
    address: { ru: 'ул. Рамная, 8', en: '8 Ramnaya St' },
    hours: weekdays,
  },
  {
    city: 'london',
    names: ['лондон', 'london'],
    address: { ru: 'Casement Row, 3', en: '3 Casement Row' },
    hours: weekdays,
  },
];

/** The branches of a city, or all without one; in the client's language. */
export function branchesIn(city: string | undefined, locale: Locale): { address: string; hours: string }[] {
  const wanted = city?.trim().toLowerCase().replaceAll('ё', 'е');
  return branches
    .filter((branch) => wanted === undefined || branch.city === wanted || branch.names.includes(wanted))
    .map(({ address, hours }) => ({ address: address[locale], hours: hours[locale] }));
}
