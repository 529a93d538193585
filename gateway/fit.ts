import type { Limits } from './connectors/capabilities.ts';
import type { FittedPart, OutgoingMedia } from './connectors/outgoing.ts';
import { splitSegments } from './connectors/sms/segments.ts';
import { buttonsOf, isLone, wordsOfChoices } from './fit-choices.ts';
import { type Block, type FitCapabilities, type FitContext, fitMedia } from './fit-media.ts';
import { mapLink } from './map-link.ts';
import {
  type CardContent,
  type Choice,
  type Content,
  choicesIn,
  isByTemplate,
  isMedia,
  readableText,
  type TemplateUse,
} from './model/content.ts';
import { isBlank, shorten, splitText } from './split-text.ts';

/** For messages without media. */
const NO_MEDIA: FitContext = { locale: 'ru', stored: () => undefined, link: () => '' };

/**
 * Makes a message fit a channel: what the channel cannot carry becomes readable text with links, albums and long texts
 * go out in parts, choices are buttons under the last one or else a list whose numbers `readTurn` understands.
 * Pure and deterministic, because a part is known by its number over all attempts.
 * No part is blank; a message that says nothing has no parts.
 */
export function fit(
  content: readonly Content[],
  capabilities: FitCapabilities,
  context: FitContext = NO_MEDIA,
): readonly FittedPart[] {
  const { limits } = capabilities;
  const blocks = content.flatMap((part) => blocksOf(part, capabilities, context));
  const isCard = blocks.some(({ kind }) => kind === 'card');
  // A template has its own.
  const choices = isCard || isByTemplate(content) ? [] : choicesIn(content);
  const buttons = buttonsOf(choices, capabilities);
  const hasWords = blocks.some((block) => block.kind === 'lines' && !block.lines.every(isBlank));
  // Buttons need a text to stand under, and what has no button is still shown.
  const isAlone = isLone(buttons, capabilities);
  const shown = hasWords || (isCaptioned(blocks) && !isAlone) ? buttons : [];
  const list = {
    kind: 'lines',
    lines: wordsOfChoices(choices, shown, capabilities, context.locale),
  } as const;
  const { maxTextOverLone = limits.maxText } = limits;
  const parts = partsOf(
    choices.length > 0 ? wordsLast([...blocks, list]) : blocks,
    isAlone ? { ...limits, maxText: maxTextOverLone } : limits,
  );
  if (limits.requestPer === 'segment') return parts.flatMap(inSegments);
  return withButtons(parts, buttons, limits.maxChoiceText);
}

/** How many requests these words take on a channel. */
export function requestsFor(content: readonly Content[], capabilities: FitCapabilities): number {
  return fit(content, capabilities).length;
}

/** A request for each segment, which says which one it is, so that the phone joins them. */
function inSegments(part: FittedPart, message: number): readonly FittedPart[] {
  if (part.kind !== 'text') return [part];
  const { alphabet, texts } = splitSegments(part.text);
  if (texts.length === 1) return [part];
  return texts.map((text, index) => ({
    kind: 'text',
    text,
    segment: { message, number: index + 1, of: texts.length, alphabet },
  }));
}

function blocksOf(part: Content, capabilities: FitCapabilities, context: FitContext): readonly Block[] {
  if (isMedia(part)) return fitMedia(part, capabilities, context);
  switch (part.kind) {
    case 'card':
      return fitCard(part, capabilities, context);
    case 'location':
      return isNative(part, capabilities) ? [part] : [lines(readableText([part]), mapLink(part))];
    case 'contact':
      return isNative(part, capabilities) ? [part] : [lines(readableText([part]))];
    case 'text':
      return [{ ...lines(part.text), ...(part.template && { template: part.template }) }];
    default:
      return [lines(readableText([part]))];
  }
}

function fitCard(card: CardContent, capabilities: FitCapabilities, context: FitContext): readonly Block[] {
  const { title, text, url, image, choices = [] } = card;
  const { limits } = capabilities;
  const words = lines(title, text);
  const isWhole =
    buttonsOf(choices, capabilities).length === choices.length &&
    splitText(linesText(words), limits.maxText, limits.unit).length === 1;
  if (isNative(card, capabilities) && isWhole) return [card];
  const picture = image ? fitMedia({ kind: 'image', media: image }, capabilities, context) : [];
  return [...picture, lines(title, text, url)];
}

function isNative(
  part: CardContent | Extract<Block, { kind: 'location' | 'contact' }>,
  { content }: FitCapabilities,
) {
  return content[part.kind] === 'native';
}

function lines(...all: readonly (string | undefined)[]): Extract<Block, { kind: 'lines' }> {
  return { kind: 'lines', lines: all.filter((line) => line !== undefined) };
}

function linesText({ lines: all }: Extract<Block, { kind: 'lines' }>): string {
  return all.filter((line) => !isBlank(line)).join('\n');
}

/** What can be chosen from stands at the end, and the words that ask for it before it. */
function wordsLast(blocks: readonly Block[]): readonly Block[] {
  const isWords = ({ kind }: Block) => kind === 'lines';
  return [...blocks.filter((block) => !isWords(block)), ...blocks.filter(isWords)];
}

/** A single file with a caption can carry buttons itself. */
function isCaptioned(blocks: readonly Block[]): boolean {
  const [only, ...others] = blocks.filter((block) => block.kind !== 'lines' || block.lines.length > 0);
  return others.length === 0 && only?.kind === 'media' && only.media.caption !== undefined;
}

/** Requests: neighbouring lines are one text but for templates, neighbouring media of a sort one album. */
function partsOf(blocks: readonly Block[], limits: Limits): FittedPart[] {
  const parts: FittedPart[] = [];
  let words: string[] = [];
  let album: OutgoingMedia[] = [];
  const flush = () => {
    const whole = words.filter((line) => !isBlank(line)).join('\n');
    for (const text of splitText(whole, limits.maxText, limits.unit)) parts.push({ kind: 'text', text });
    if (album.length > 0) parts.push({ kind: 'media', media: album });
    words = [];
    album = [];
  };
  for (const block of blocks) {
    if (block.kind === 'lines' && block.template) {
      flush();
      parts.push(...byTemplate(linesText(block), block.template, limits));
      continue;
    }
    const goesOn =
      block.kind === 'lines'
        ? album.length === 0
        : block.kind === 'media' &&
          words.length === 0 &&
          joins(album, block.media, limits.media?.albumSize ?? 1);
    if (!goesOn) flush();
    if (block.kind === 'lines') words.push(...block.lines);
    else if (block.kind === 'media') album.push(block.media);
    else parts.push(block);
  }
  flush();
  return parts;
}

/** Where its words take several messages, no template says them. */
function byTemplate(words: string, template: TemplateUse, { maxText, unit }: Limits): readonly FittedPart[] {
  const texts = splitText(words, maxText, unit);
  return texts.map((text) => ({ kind: 'text', text, ...(texts.length === 1 && { template }) }));
}

/** Networks mix images with videos in one album, and nothing else. */
function joins(album: readonly OutgoingMedia[], next: OutgoingMedia, albumSize: number): boolean {
  const [first] = album;
  if (!first) return true;
  if (album.length >= albumSize || next.voice || first.voice || next.kind === 'sticker') return false;
  return sortOf(first) === sortOf(next);
}

function sortOf({ kind }: OutgoingMedia): string {
  return kind === 'video' ? 'image' : kind;
}

function withButtons(
  parts: readonly FittedPart[],
  buttons: readonly Choice[],
  maxChoiceText: number,
): readonly FittedPart[] {
  const shortened = (all: readonly Choice[]) =>
    all.map((choice) => ({ ...choice, text: shorten(choice.text, maxChoiceText) }));
  return parts.map((part, index) => {
    if (part.kind === 'card') return part.choices ? { ...part, choices: shortened(part.choices) } : part;
    const isLast = index === parts.length - 1 && buttons.length > 0;
    if (!isLast || (part.kind !== 'text' && part.kind !== 'media')) return part;
    return { ...part, choices: shortened(buttons) };
  });
}
