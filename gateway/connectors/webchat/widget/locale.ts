import type { Locale } from '../../../model/contact.ts';

/** The first of the wishes that we speak; Russian when it is none. A wish is a language tag such as `en-GB`. */
export function chooseLocale(wishes: readonly (string | null | undefined)[]): Locale {
  for (const wish of wishes) {
    const language = wish?.toLowerCase().split(/[-_]/)[0];
    if (language === 'ru' || language === 'en') return language;
  }
  return 'ru';
}
