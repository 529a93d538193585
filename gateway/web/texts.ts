import i18next, { type i18n } from 'i18next';
import type { Locale } from '../model/contact.ts';

/** The texts of one part of the pages. Plural forms end in `_one`, `_few`, `_many`, `_other` (Intl.PluralRules). */
export interface TextBundle<Key extends string = string> {
  readonly namespace: string;
  readonly ru: Readonly<Record<string, string>>;
  readonly en: Readonly<Record<string, string>>;
  /** Never set; carries the type of the keys. */
  readonly key?: Key;
}

type PluralSuffix = '_one' | '_few' | '_many' | '_other';
type Singular<Key> = Key extends `${string}${PluralSuffix}` ? never : Key;
type TextKey<Key> = Key extends `${infer Base}${PluralSuffix}` ? Base : Key;

/** Declares a part's texts. Russian says which keys there are; English must have each, save plural forms of its own. */
export function defineTexts<const Ru extends Readonly<Record<string, string>>>(
  namespace: string,
  ru: Ru,
  en: Readonly<Record<Singular<keyof Ru & string>, string>> & Readonly<Record<string, string>>,
): TextBundle<TextKey<keyof Ru & string>> {
  return { namespace, ru, en };
}

/** What holds every text of the pages and the language that is shown. */
export async function createTexts(locale: Locale, bundles: readonly TextBundle[]): Promise<i18n> {
  const texts = i18next.createInstance();
  await texts.init({
    lng: locale,
    fallbackLng: 'ru',
    supportedLngs: ['ru', 'en'],
    // Keys are flat: dots and colons in them are ordinary characters.
    keySeparator: false,
    nsSeparator: false,
    // React puts texts into text nodes; escaping here would show entities to people.
    interpolation: { escapeValue: false },
    showSupportNotice: false,
    resources: {
      ru: Object.fromEntries(bundles.map((bundle) => [bundle.namespace, bundle.ru])),
      en: Object.fromEntries(bundles.map((bundle) => [bundle.namespace, bundle.en])),
    },
  });
  return texts;
}

export type TextValues = Readonly<Record<string, string | number>>;

/** Texts of one part, in the language that is shown. */
export interface Texts<Key extends string> {
  readonly locale: Locale;
  /** The text; `count` in the values chooses the plural form. */
  t(key: Key, values?: TextValues): string;
  /** The text of a key made of data, such as `reason.` + a code; undefined where there is none. */
  find(key: string, values?: TextValues): string | undefined;
  /** The text in both languages, the shown one first: for finding a thing by either name. */
  both(key: Key): readonly string[];
}

/** The texts of a bundle, for functions that are handed them. */
export type TextsOf<Bundle> = Bundle extends TextBundle<infer Key extends string> ? Texts<Key> : never;

/** The texts of a part in a language. What takes no values is looked up once: rows and messages ask a lot. */
export function textsOf<Key extends string>(i18n: i18n, bundle: TextBundle<Key>, locale: Locale): Texts<Key> {
  const ns = bundle.namespace;
  const plain = new Map<string, string>();
  const t = (key: string, values?: TextValues, lng: Locale = locale) => i18n.t(key, { ...values, ns, lng });
  const shown = (key: string, values?: TextValues) => {
    if (values) return t(key, values);
    const known = plain.get(key) ?? t(key);
    plain.set(key, known);
    return known;
  };
  return {
    locale,
    t: shown,
    find: (key, values) => (i18n.exists(key, { ns, lng: locale }) ? shown(key, values) : undefined),
    both: (key) => [shown(key), t(key, undefined, locale === 'ru' ? 'en' : 'ru')],
  };
}
