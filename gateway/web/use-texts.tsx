import type { i18n } from 'i18next';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Locale } from '../model/contact.ts';
import { type TextBundle, type Texts, textsOf } from './texts.ts';

interface Shown {
  readonly i18n: i18n;
  readonly locale: Locale;
  /** The texts of each bundle in this language, made once. */
  readonly made: Map<TextBundle, unknown>;
}

const ShownTexts = createContext<Shown | undefined>(undefined);

/** Shows the pages within it in the language of `i18n`, and again when that changes. */
export function TextsProvider({ i18n, children }: { readonly i18n: i18n; readonly children: ReactNode }) {
  const [language, setLanguage] = useState(i18n.language);
  useEffect(() => {
    i18n.on('languageChanged', setLanguage);
    return () => i18n.off('languageChanged', setLanguage);
  }, [i18n]);
  const shown = useMemo<Shown>(
    () => ({ i18n, locale: language === 'en' ? 'en' : 'ru', made: new Map() }),
    [i18n, language],
  );
  return <ShownTexts.Provider value={shown}>{children}</ShownTexts.Provider>;
}

/** The texts of a part, in the language that is shown; the same object until that changes. */
export function useTexts<Key extends string>(bundle: TextBundle<Key>): Texts<Key> {
  const { i18n, locale, made } = useShown();
  // What is made for a bundle has the keys of that bundle.
  const known = made.get(bundle) as Texts<Key> | undefined;
  if (known) return known;
  const texts = textsOf(i18n, bundle, locale);
  made.set(bundle, texts);
  return texts;
}

/** What holds the texts, for whoever changes the language. */
export function useI18n(): i18n {
  return useShown().i18n;
}

function useShown(): Shown {
  const shown = useContext(ShownTexts);
  if (!shown) throw new Error('texts are used outside of TextsProvider');
  return shown;
}
