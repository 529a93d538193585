/** Days as numbers from 1970-01-01, in no time zone: the arithmetic of dates without clocks. */

const dayMs = 86_400_000;

export type Day = number;

export const dayOf = (year: number, month: number, day: number): Day =>
  Date.UTC(year, month - 1, day) / dayMs;

/** "2026-03-18" as a day, or undefined when it is none. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match ? validDay(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** The day, or undefined where the calendar has none («31 февраля»). */
export function validDay(year: number, month: number, day: number): Day | undefined {
  if (month < 1 || month > 12 || day < 1 || year < 1900 || year > 2200) return undefined;
  return day <= lengthOfMonth(year, month) ? dayOf(year, month, day) : undefined;
}

export const lengthOfMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

export const formatDay = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10);

export const yearOf = (day: Day): number => new Date(day * dayMs).getUTCFullYear();
/** 1 to 12. */
export const monthOf = (day: Day): number => new Date(day * dayMs).getUTCMonth() + 1;
/** 0 is Monday. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7;

/** So many months later (or earlier, below 0); the last day of a shorter month stands for the days it has not. */
export function addMonths(day: Day, months: number): Day {
  const at = yearOf(day) * 12 + monthOf(day) - 1 + months;
  const [year, month] = [Math.floor(at / 12), (((at % 12) + 12) % 12) + 1];
  const dayOfMonth = day - dayOf(yearOf(day), monthOf(day), 1) + 1;
  return dayOf(year, month, Math.min(dayOfMonth, lengthOfMonth(year, month)));
}
