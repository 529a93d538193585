import type { Entity } from '../nlu/types.ts';

type Days = Extract<Entity, { kind: 'date' }>;

/** Which end of a period a slot takes. */
type Side = 'from' | 'to';

/** «с 1 октября», "since October 1": a period begins there, and where it ends was not said. */
const BEGINS = /(?:^|[^\p{L}])(?:с|со|начиная\s+с|from|since|after|starting(?:\s+on)?)\s*$/iu;
/** «по 15 октября», "until October 15". */
const ENDS = /(?:^|[^\p{L}])(?:по|до|to|till|until|through|up\s+to)\s*$/iu;

/** What a slot's day depends on beside the text. */
type Around = {
  /** The side of the open question, where it asks for a day: one day is then meant for that side alone. */
  readonly asked?: Side | undefined;
  /** The first day of the period, where it is known. */
  readonly begun?: string | undefined;
};

/**
 * The day that a slot gets of the days of a text, as "2026-10-01"; undefined where none was said. The first or the last one of
 * a period by `side`, else the last that was said.
 */
export function dayFor(
  side: Side | undefined,
  days: readonly Days[],
  text: string,
  { asked, begun }: Around = {},
): string | undefined {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return undefined;
  if (!side) return last.value.from;
  const before = text.slice(Math.max(0, first.start - 20), first.start);
  const ends = first === last && ENDS.test(before);
  if (side === 'from') {
    const isOneAsked = asked === 'to' && first === last && first.value.from === first.value.to;
    return ends || isOneAsked ? undefined : first.value.from;
  }
  if (first === last && BEGINS.test(before)) return undefined;
  return ends && begun && !/\d{4}/.test(last.text) ? firstBehind(begun, last.value.to) : last.value.to;
}

/** "Until October 15" is next year's for a deadline; a period ends on the first such day behind its beginning. */
function firstBehind(begun: string, day: string): string {
  const year = Number(begun.slice(0, 4));
  const sameYear = `${year}${day.slice(4)}`;
  return sameYear >= begun ? sameYear : `${year + 1}${day.slice(4)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that it is at a time in a zone, as "2026-10-01". */
export function dayAt(now: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  formats.set(timeZone, format);
  return format.format(now);
}

/** Whether this is the name of a time zone, such as `Europe/Moscow`. */
export function isTimeZone(name: string): boolean {
  try {
    dayAt(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}
