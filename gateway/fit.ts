import type { Capabilities } from './connectors/capabilities.ts';
import { type Choice, type Content, readableText } from './model/content.ts';

/** One request's worth of a message: the text, and under the last one its buttons. */
interface FittedPart {
  readonly text: string;
  readonly choices?: readonly Choice[];
}

type Limits = Capabilities['limits'];

/**
 * Makes a message fit a channel: long text in parts, choices as buttons where the channel has them and else as a
 * numbered list. Pure and deterministic, because a part is known by its number over all attempts.
 * No part is blank; a message that says nothing has no parts.
 */
export function fit(
  content: readonly Content[],
  capabilities: Pick<Capabilities, 'content' | 'limits'>,
): readonly FittedPart[] {
  const { limits } = capabilities;
  const choices = content.flatMap((part) => (part.kind === 'choices' ? part.choices : []));
  const buttons = capabilities.content.choices === 'native' ? choices.slice(0, limits.maxChoices) : [];
  const said = readableText(content);
  // Buttons need a text to stand under, and what has no button is still shown.
  const listed = isBlank(said) ? 0 : buttons.length;
  const list = choices.slice(listed).map(({ text }, index) => `${listed + index + 1}. ${text}`);
  const whole = [said, ...list].filter((line) => !isBlank(line)).join('\n');

  const texts = splitText(whole, limits.maxText, limits.unit);
  return texts.map((text, index) =>
    index === texts.length - 1 && buttons.length > 0
      ? { text, choices: buttons.map((choice) => ({ ...choice, text: shorten(choice.text, limits) })) }
      : { text },
  );
}

/**
 * A text in parts of at most `max` units each, cut at the last paragraph that fits, else line, sentence, word, and
 * inside a word only between grapheme clusters (a single cluster longer than `max`: between characters).
 * White space at a cut goes; everything else stays, in order.
 */
export function splitText(text: string, max: number, unit: Limits['unit']): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  // No text has fewer bytes than UTF-16 units.
  while (rest.length > max || sizeOf(rest, unit) > max) {
    const cut = cutOf(rest, prefixEnd(rest, max, unit));
    parts.push(rest.slice(0, cut));
    rest = withoutLeadingSpace(rest.slice(cut));
  }
  parts.push(rest);
  return parts.filter((part) => !isBlank(part));
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

const graphemes = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/** The best place for a cut in the first `end` characters. A break in their first third would waste a part. */
function cutOf(text: string, end: number): number {
  const window = text.slice(0, end + 2);
  const clusters = graphemes.segment(window);
  const isBoundary = (at: number): boolean => clusters.containing(at)?.index === at;
  const head = window.slice(0, end + 1);
  for (const pattern of BREAKS) {
    const found = [...head.matchAll(pattern)].map(({ index }) => index);
    const best = found.findLast((at) => at <= end && at >= end / 3 && at > 0 && isBoundary(at));
    if (best !== undefined) return best;
  }
  return clusters.containing(end)?.index || end;
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

function sizeOf(text: string, unit: Limits['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text, 'utf8') : text.length;
}

function shorten(label: string, { maxChoiceText }: Limits): string {
  if (label.length <= maxChoiceText) return label;
  const clusters = graphemes.segment(label);
  const end = clusters.containing(Math.max(0, maxChoiceText - 1))?.index ?? 0;
  return `${label.slice(0, end).trimEnd()}…`;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
