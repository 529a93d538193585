import type { Locale } from '../gateway/model/contact.ts';
import type { Slot, Text } from './script.ts';

/** Values that a text may name, and how they are shown. */
interface Values {
  readonly locale: Locale;
  /** Chooses between wordings. */
  readonly seed: number;
  readonly currency: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Slot>>;
  /** Results of calls by the action's name, and words of the moment such as `closed`. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** `{amount}`, `{account_type.from}`, `{check_balance.balance|money}`. */
const PLACE = /\{([a-z][\w.-]*)(?:\|([a-z]+))?\}/gi;

/** The names that a wording uses, without their filters. */
export function namesIn(wording: string): string[] {
  return [...wording.matchAll(PLACE)].map((match) => match[1] ?? '');
}

/** The text in the dialogue's language, its places filled; an unknown value is shown as nothing. */
export function render(text: Text, values: Values): string {
  const written = text[values.locale];
  const wordings = typeof written === 'string' ? [written] : written;
  const wording = wordings[values.seed % wordings.length] ?? '';
  return wording
    .replace(PLACE, (_, path: string, filter?: string) => shown(path, filter, values))
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

function shown(path: string, filter: string | undefined, values: Values): string {
  const [head = '', form] = path.split('.');
  const definition = values.definitions[head];
  const value = values.slots[head];
  if (definition) {
    if (value === undefined) return '';
    return filter === 'tail' ? showTail(value) : showSlot(definition, value, values, form);
  }
  const found = lookUp(path, values.others);
  if (filter === 'tail') return showTail(String(found ?? ''));
  if (filter === 'money') {
    const currency = lookUp(path.replace(/\.[^.]*$/, '.currency'), values.others);
    return showMoney(
      String(found ?? ''),
      typeof currency === 'string' ? currency : values.currency,
      values.locale,
    );
  }
  if (filter === 'number') return showNumber(String(found ?? ''), values.locale);
  if (filter === 'lines' && Array.isArray(found)) return found.map(showLine).join('\n');
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** A slot's value as people read it; `form` is one of its value's forms, such as `from`. */
export function showSlot(
  definition: Slot,
  value: string,
  values: Pick<Values, 'locale' | 'currency'>,
  form?: string,
) {
  const known = definition.values?.[value];
  const wording = (form && known?.forms[form]) || known?.title;
  if (wording) return one(wording, values.locale);
  if (definition.kind === 'money') return showMoney(value, values.currency, values.locale);
  if (definition.kind === 'card') return showTail(value);
  if (definition.kind === 'date') return showDay(value, values.locale);
  return value;
}

/** `"40817810099910004312"` → `•• 4312`: enough for its owner, and nothing for anybody else. */
function showTail(number: string): string {
  const tail = number.replace(/\s/g, '').slice(-4);
  return tail === '' ? '' : `•• ${tail}`;
}

/** `"5000.00"`, RUB, ru → `5 000 ₽`; exact for any length. What is no decimal is shown as it is. */
function showMoney(amount: string, currency: string, locale: Locale): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  return formatOf(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  }).format(amount as `${number}`);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs more than a whole turn, so each is made once. */
function formatOf(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** `"91.85"`, ru → `91,85`. What is no decimal is shown as it is. */
function showNumber(number: string, locale: Locale): string {
  if (!/^-?\d+(\.\d+)?$/.test(number)) return number;
  const digits = Math.min((number.split('.')[1] ?? '').length, 20);
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return formatOf(locale, style).format(number as `${number}`);
}

const dayFormats = {
  ru: new Intl.DateTimeFormat('ru', { dateStyle: 'short', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }),
};

/** `"2026-10-01"` → `01.10.2026`, `Oct 1, 2026`. What is no day is shown as it is. */
function showDay(day: string, locale: Locale): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? dayFormats[locale].format(new Date(day)) : day;
}

/** The value at a path of names: `check_balance.code`. */
export function lookUp(path: string, from: unknown): unknown {
  let at = from;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  return at;
}

function showLine(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  return Object.values(item)
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(', ');
}

function one(text: Text, locale: Locale): string {
  const written = text[locale];
  return typeof written === 'string' ? written : (written[0] ?? '');
}
