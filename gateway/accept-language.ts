import type { Locale } from './model/contact.ts';

/** The language of ours that an Accept-Language header (RFC 9110, 12.5.4) prefers; Russian where it names none. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let best: { locale: Locale; weight: number } = { locale: 'ru', weight: 0 };
  // A header of any length may come in; nobody speaks more languages than this.
  for (const entry of (acceptLanguage ?? '').split(',', 20)) {
    const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const locale = ours(range);
    const weight = weightOf(parameters);
    if (locale && weight > best.weight) best = { locale, weight };
  }
  return best.locale;
}

function ours(range: string): Locale | undefined {
  const [language] = range.split('-');
  return language === 'ru' || language === 'en' ? language : undefined;
}

function weightOf(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  if (!quality) return 1;
  const weight = Number(quality.slice(2));
  return weight > 0 && weight <= 1 ? weight : 0;
}
