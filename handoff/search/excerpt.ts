import type { Span } from './words.ts';

/** Part of a text with what was found in it. */
export interface Excerpt {
  readonly text: string;
  /** Spans of `text`, in their order, none over another. */
  readonly marks: Span[];
}

const LENGTH = 200;
/** What stands before the first mark, in characters. */
const LEAD = 50;

/** The part of a text around the first of the spans; dots stand for what was left out. Pure. */
export function excerptOf(text: string, spans: readonly Span[]): Excerpt {
  const first = spans[0]?.start ?? 0;
  const blank = first > LEAD ? text.indexOf(' ', first - LEAD) : -1;
  // A text without blanks is cut at the mark itself.
  const from = first <= LEAD ? 0 : blank >= 0 && blank < first ? blank + 1 : first;
  const to = wholeEnd(text, from + LENGTH);
  const before = from > 0 ? '…' : '';
  const shift = before.length - from;
  return {
    text: `${before}${text.slice(from, to)}${to < text.length ? '…' : ''}`,
    marks: spans
      .filter(({ start, end }) => start >= from && end <= to)
      .map(({ start, end }) => ({ start: start + shift, end: end + shift })),
  };
}

/** No half of a surrogate pair at the end. */
function wholeEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}
