import type { i18n } from 'i18next';
import type { Locale } from '../../gateway/model/contact.ts';

const KEY = 'okno.locale';

/** The language that this browser was last used in, else the first of ours that it prefers; Russian where none is. */
export function readLocale(storage: Storage, preferred: readonly string[] = navigator.languages): Locale {
  const wanted = [storage.getItem(KEY), ...preferred].map((language) => language?.slice(0, 2));
  return wanted.find((language): language is Locale => language === 'ru' || language === 'en') ?? 'ru';
}

/** Shows the pages in a language and remembers it in this browser. */
export function chooseLocale(texts: i18n, storage: Storage, locale: Locale): void {
  void texts.changeLanguage(locale);
  document.documentElement.lang = locale;
  try {
    storage.setItem(KEY, locale);
  } catch {
    // Not remembered where the storage is full; the choice holds for this page.
  }
}
