import type { Locale } from '../model/contact.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** `14:05`, in both languages. */
export function clockTime(at: string, locale: Locale): string {
  return format(at, locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Everything about an instant, for a title: `23 ноября 2026 г., 14:05:33`. */
export function fullTime(at: string, locale: Locale): string {
  return format(at, locale, { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' });
}

/** The name of a day: `Сегодня`, `Вчера`, `12 ноября`, `12 ноября 2025 г.`; `now` is milliseconds. */
export function dayTitle(at: string, now: number, locale: Locale): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, locale, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** From when to when, as short as it can be said: `15 ноября, 01:10–01:30`. */
export function periodText(from: string, to: string | undefined, locale: Locale): string {
  const options = {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  if (to === undefined) return format(from, locale, options);
  return formatterOf(locale, options).formatRange(new Date(from), new Date(to));
}

/** The shortest that still says when: a time today, `вчера`, a day this year, else a date. */
export function shortTime(at: string, now: number, locale: Locale): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at, locale);
  if (days === 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  if (sameYear) return format(at, locale, { day: 'numeric', month: 'short' });
  return format(at, locale, { day: '2-digit', month: '2-digit', year: 'numeric' });
}

/** The local calendar day of an instant, as a key: two instants of one day have the same. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** A length of time in its largest unit or two: `меньше минуты` is undefined, then `5 мин`, `1 ч 20 мин`, `3 дн.`. */
export function durationText(ms: number, locale: Locale): string | undefined {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return undefined;
  if (minutes < 60) return unit(minutes, 'minute', locale);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return unit(Math.floor(hours / 24), 'day', locale);
  const rest = minutes % 60;
  return rest === 0 || hours >= 10
    ? unit(hours, 'hour', locale)
    : `${unit(hours, 'hour', locale)} ${unit(rest, 'minute', locale)}`;
}

/** A whole number with its thousands apart. */
export function numberText(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale).format(value);
}

function unit(value: number, name: 'minute' | 'hour' | 'day', locale: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}

const SIZES = ['byte', 'kilobyte', 'megabyte'] as const;

/** The size of a file: `12 kB`, `1,5 МБ`. */
export function sizeText(bytes: number, locale: Locale): string {
  const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1_000 ** step;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: SIZES[step],
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

/** Whole calendar days from an instant to `now`, in local time; negative for what lies ahead. */
function daysBetween(at: string, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(Date.parse(at))) / DAY_MS);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function format(at: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return formatterOf(locale, options).format(new Date(at));
}

function formatterOf(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'ru-RU', options);
    formatters.set(key, formatter);
  }
  return formatter;
}
