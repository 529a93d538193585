import { askInWords } from '../../fit-choices.ts';
import type { Locale } from '../../model/contact.ts';
import { answersIn, type Content, choicesIn, readableText } from '../../model/content.ts';

/**
 * A message as it is said aloud: no links, emoji or list marks; sums, dates, percents and card tails in words that a
 * speech synthesis reads right; choices as a sentence. Pure. Empty where nothing of it can be said.
 */
export function speechOf(content: readonly Content[], locale: Locale): string {
  const said = speakable(readableText(content), locale);
  const choices = choicesIn(content);
  const answers = answersIn(choices).map(({ text }) => QUOTED[locale](speakable(text, locale)));
  const list = new Intl.ListFormat(locale, { type: 'disjunction' }).format(answers);
  const requests = choices.flatMap((choice) =>
    choice.kind === 'contact' || choice.kind === 'location' ? [askInWords(choice, 'spoken', locale)] : [],
  );
  return [said, ...(answers.length > 0 ? [`${SAY[locale]} ${list}.`] : []), ...requests].join(' ').trim();
}

const SAY: Readonly<Record<Locale, string>> = { ru: 'Скажите', en: 'Say' };

const QUOTED: Readonly<Record<Locale, (text: string) => string>> = {
  ru: (text) => `«${text}»`,
  en: (text) => `“${text}”`,
};

/** A text without what the ear cannot take. */
export function speakable(text: string, locale: Locale): string {
  return text
    .replace(/\bhttps?:\/\/\S+|\bwww\.\S+/giu, '')
    .replace(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\u20e3/gu, '')
    .replace(/^[ \t]*(?:[-•*–—]|\d+[.)])[ \t]+/gmu, '')
    .replace(/(?:•{2,}|\*{2,})\s*(\d{4})/gu, (_, tail: string) => `${ENDING[locale]} ${apart(tail)}`)
    .replace(DATE, (whole, day: string, month: string, year: string) => date(whole, day, month, year, locale))
    .replace(GROUPED_CODE, (code) => code.split(' ').map(apart).join(', '))
    .replace(CODE, apart)
    .replace(SUM, (_, whole: string, cents: string | undefined, sign: string) =>
      sum(whole, cents, sign, locale),
    )
    .replace(/(\d)\s*%/gu, (_, digit: string) => `${digit} ${PERCENT[locale]}`)
    .replace(/№\s*/gu, `${NUMBER[locale]} `)
    .replace(/[ \t\u00a0\u202f]+/gu, ' ')
    .replace(/ ?\n\s*/gu, '\n')
    .replace(/ +(?=[.,!?;:])/gu, '')
    .trim();
}

const ENDING: Readonly<Record<Locale, string>> = { ru: 'с последними цифрами', en: 'ending in' };
const PERCENT: Readonly<Record<Locale, string>> = { ru: 'процентов', en: 'percent' };
const NUMBER: Readonly<Record<Locale, string>> = { ru: 'номер', en: 'number' };

function apart(digits: string): string {
  return [...digits].join(' ');
}

const DATE = /(?<!\d)(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4})(?!\d)/gu;

function date(whole: string, day: string, month: string, year: string, locale: Locale): string {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // 31.02.2026 is no date, whatever it is.
  if (at.getUTCDate() !== Number(day)) return whole;
  const parts = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, parts).format(at).replace(/ г\.$/u, ' года');
}

/** Whole part with spaces between thousands, decimal part, and the currency behind it. */
const SUM =
  /(?<![\d.,])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d{2}))?\s*(₽|руб(?:\.|лей|ля|ль)?|RUB|\$|USD|€|EUR)(?![\p{L}\d])/gu;

/** Codes and account numbers, digit by digit; sums, numbers with a decimal part and years stay whole. */
const CODE = /(?<![\d.,])\d{5,}(?![\d.,]*\d)(?!\s*(?:₽|руб|RUB|\$|USD|€|EUR))/gu;

/** The code of a move, with a breath between its groups. */
const GROUPED_CODE = /(?<![\d+.,]\s?)\d{3} \d{3} \d{3}(?!\s?\d|[.,]\d|\s*(?:₽|руб|RUB|\$|USD|€|EUR))/gu;

type Currency = 'rub' | 'usd' | 'eur';
/** One, two to four, five and more, as Russian counts. */
const NAMES: Readonly<
  Record<Currency, Readonly<Record<Locale, readonly [readonly string[], readonly string[]]>>>
> = {
  rub: {
    ru: [
      ['рубль', 'рубля', 'рублей'],
      ['копейка', 'копейки', 'копеек'],
    ],
    en: [
      ['ruble', 'rubles', 'rubles'],
      ['kopeck', 'kopecks', 'kopecks'],
    ],
  },
  usd: {
    ru: [
      ['доллар', 'доллара', 'долларов'],
      ['цент', 'цента', 'центов'],
    ],
    en: [
      ['dollar', 'dollars', 'dollars'],
      ['cent', 'cents', 'cents'],
    ],
  },
  eur: {
    ru: [
      ['евро', 'евро', 'евро'],
      ['цент', 'цента', 'центов'],
    ],
    en: [
      ['euro', 'euros', 'euros'],
      ['cent', 'cents', 'cents'],
    ],
  },
};

function currencyOf(sign: string): Currency {
  if (sign === '$' || sign === 'USD') return 'usd';
  return sign === '€' || sign === 'EUR' ? 'eur' : 'rub';
}

function sum(whole: string, cents: string | undefined, sign: string, locale: Locale): string {
  const [main, small] = NAMES[currencyOf(sign)][locale];
  const amount = whole.replace(/\D/gu, '');
  const rest = Number(cents ?? 0);
  const said = `${amount} ${named(Number(amount), main, locale)}`;
  return rest === 0 ? said : `${said} ${rest} ${named(rest, small, locale)}`;
}

/** https://unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules */
function named(count: number, [one = '', few = '', many = '']: readonly string[], locale: Locale): string {
  const rule = new Intl.PluralRules(locale).select(count);
  if (rule === 'one') return one;
  return rule === 'few' ? few : many;
}
