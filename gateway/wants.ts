import type { Locale } from './model/contact.ts';

/** For `refine`: what a rule of our own wants, in both languages, such as “one line without tabs”. */
export function wants(texts: Readonly<Record<Locale, string>>) {
  return { error: texts.en, params: { ...texts } };
}
