import type { Limits } from './connectors/capabilities.ts';
import { prefixInSegments, segmentsOf } from './connectors/sms/segments.ts';

/**
 * A text in parts of at most `max` units each, cut at the last paragraph that fits, else line, sentence, word; a word
 * or an address is broken only where it is itself too long, and then between grapheme clusters (a single cluster
 * longer than `max`: between characters). White space at a cut goes; everything else stays, in order.
 */
export function splitText(text: string, max: number, unit: Limits['unit']): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (isLonger(rest, max, unit)) {
    const cut = cutOf(rest, prefixEnd(rest, max, unit));
    parts.push(rest.slice(0, cut));
    rest = withoutLeadingSpace(rest.slice(cut));
  }
  parts.push(rest);
  return parts.filter((part) => !isBlank(part));
}

function isLonger(text: string, max: number, unit: Limits['unit']): boolean {
  // No text has fewer bytes than UTF-16 units.
  return (unit !== 'segments' && text.length > max) || sizeOf(text, unit) > max;
}

/** The size of a text as the network counts it. */
export function sizeOf(text: string, unit: Limits['unit']): number {
  if (unit === 'segments') return segmentsOf(text).count;
  return unit === 'bytes' ? Buffer.byteLength(text, 'utf8') : text.length;
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** A label of at most `max` characters; a longer one ends with an ellipsis and is cut between grapheme clusters. */
export function shorten(label: string, max: number): string {
  if (label.length <= max) return label;
  const end = graphemes.segment(label).containing(Math.max(0, max - 1))?.index ?? 0;
  return `${label.slice(0, end).trimEnd()}…`;
}

// A no-break space is a part of the word around it: "1 000 ₽".
const SPACE = '[^\\S\\u00a0\\u202f]';
/** Where a text may be cut, best first; each matches from the end of the part before the cut. */
const BREAKS = [
  new RegExp(`\\r?\\n${SPACE}*\\n`, 'g'),
  /(?:\r?\n)+/g,
  new RegExp(`(?<=[.!?…]["'»”’)\\]]{0,3})${SPACE}+`, 'g'),
  new RegExp(`${SPACE}+`, 'g'),
];
const WORD = /[\S\u00a0\u202f]*/y;

const graphemes = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/** The best place for a cut in the first `end` characters. A break in their first third would waste a part. */
function cutOf(text: string, end: number): number {
  const window = text.slice(0, end + 2);
  const clusters = graphemes.segment(window);
  const isBoundary = (at: number): boolean => clusters.containing(at)?.index === at;
  const head = window.slice(0, end + 1);
  let early: number | undefined;
  for (const pattern of BREAKS) {
    const found = [...head.matchAll(pattern)].map(({ index }) => index);
    const best = found.findLast((at) => at <= end && at > 0 && isBoundary(at));
    if (best !== undefined && best >= end / 3) return best;
    early = best;
  }
  // It wastes most of a part, but the word after it, such as an address, stays whole.
  if (early !== undefined && wordAfter(text, early) <= end) return early;
  return clusters.containing(end)?.index || end;
}

/** How long the word is that follows the white space at `at`. */
function wordAfter(text: string, at: number): number {
  WORD.lastIndex = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
  return WORD.exec(text)?.[0].length ?? 0;
}

/** Without the white space that a cut left at the start; a space that carries a combining mark is not one. */
function withoutLeadingSpace(text: string): string {
  const spaces = /^\s*/.exec(text)?.[0].length ?? 0;
  if (spaces === 0) return text;
  const around = graphemes.segment(text.slice(spaces - 1, spaces + 2));
  const isWhole = spaces === text.length || around.containing(1)?.index === 1;
  return text.slice(isWhole ? spaces : spaces - 1);
}

/** The longest prefix of at most `max` units, in UTF-16 units, whole characters only and at least one. */
function prefixEnd(text: string, max: number, unit: Limits['unit']): number {
  if (unit === 'segments') return prefixInSegments(text, max);
  let end = 0;
  let size = 0;
  for (const character of text) {
    size += sizeOf(character, unit);
    if (size > max && end > 0) break;
    end += character.length;
    if (size >= max) break;
  }
  return end;
}
