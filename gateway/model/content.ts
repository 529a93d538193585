import type { MediaId } from './ids.ts';

/** One part of a message; plain text only, no markup. What a network sends and we do not know is kept as `unsupported`. */
export type Content =
  | TextContent
  | ChoicesContent
  | ChoiceContent
  | CardContent
  | MediaContent
  | LocationContent
  | ContactContent
  | UnsupportedContent;

export interface TextContent {
  readonly kind: 'text';
  readonly text: string;
  /** The template that says it where the network takes no free words; `text` are its words, filled in. */
  readonly template?: TemplateUse;
}

/** A template that a network has approved, with what is filled in. */
export interface TemplateUse {
  readonly name: string;
  readonly language: string;
  readonly parameters: readonly string[];
}

/** What can be pressed under the text before it. */
export interface ChoicesContent {
  readonly kind: 'choices';
  readonly choices: readonly Choice[];
}

export type Choice = AnswerChoice | LinkChoice | RequestChoice;

interface Labelled {
  /** Unique within the message; at most 48 bytes of UTF-8, to fit the smallest callback of a network (Telegram: 64). */
  readonly id: string;
  readonly text: string;
}

/** A quick reply: pressed, its `id` comes back in a `choice`. What is stored without a kind is one. */
export interface AnswerChoice extends Labelled {
  readonly kind?: never;
}

/** Pressed, it opens an address, and nothing comes back. */
export interface LinkChoice extends Labelled {
  readonly kind: 'link';
  /** Absolute, https. */
  readonly url: string;
}

/** Pressed, the client hands over their phone number or where they are, which comes as content of that kind. */
export interface RequestChoice extends Labelled {
  readonly kind: 'contact' | 'location';
}

/** What a button can do beside answering. */
export type ButtonKind = (LinkChoice | RequestChoice)['kind'];

/** A quick reply that the contact pressed. `text` is the label as the contact saw it, where known. */
export interface ChoiceContent {
  readonly kind: 'choice';
  readonly id: string;
  readonly text?: string;
}

/** A title with what belongs to it: text, one image, one link, quick replies. */
export interface CardContent {
  readonly kind: 'card';
  readonly title: string;
  readonly text?: string;
  readonly image?: MediaRef;
  /** An absolute https address that the card leads to. */
  readonly url?: string;
  readonly choices?: readonly Choice[];
}

export const MEDIA_KINDS = ['image', 'file', 'audio', 'video', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** Bytes that are kept beside the log. Several parts of this kind in one message are an album. */
export interface MediaContent {
  readonly kind: MediaKind;
  readonly media: MediaRef;
  readonly caption?: string;
  /** The file's name as its sender gave it; never a path. */
  readonly name?: string;
  /** Of audio: recorded in the chat, to be heard rather than kept. */
  readonly voice?: true;
}

/** Where bytes are found: the media store knows whether they have come, and of which type they really are. */
export interface MediaRef {
  readonly id: MediaId;
  /** MIME type, as the sender or the network says. */
  readonly type?: string;
  /** Bytes, as the network says. */
  readonly size?: number;
}

export interface LocationContent {
  readonly kind: 'location';
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
  readonly title?: string;
  readonly address?: string;
}

/** A person's card. */
export interface ContactContent {
  readonly kind: 'contact';
  readonly name: string;
  /** As the network writes it. */
  readonly phone?: string;
  /** True where the network vouches that it is the sender's own number; it still proves no identity by itself. */
  readonly ownNumber?: boolean;
}

/** Something that the connector does not translate. `what` is the network's own word for it: `poll`. */
export interface UnsupportedContent {
  readonly kind: 'unsupported';
  readonly what: string;
}

export type ContentKind = Content['kind'];

export function isMedia<Part extends { readonly kind: string }>(
  part: Part,
): part is Extract<Part, { readonly kind: MediaKind }> {
  return MEDIA_KINDS.some((kind) => kind === part.kind);
}

/** Bytes in the store of files: SHA-256 in hexadecimal, and their true type and length. */
export interface KeptBytes {
  readonly hash: string;
  readonly type: string;
  readonly size: number;
}

/** What a file is by its MIME type, as its sender says. */
export function mediaKindOf(type: string): MediaKind {
  const kind = type.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

/** The media that a message refers to, in its order; a card's image too. */
export function mediaIn(content: readonly Content[]): readonly MediaRef[] {
  return content.flatMap((part) => {
    if (isMedia(part)) return [part.media];
    return part.kind === 'card' && part.image ? [part.image] : [];
  });
}

/** True of what may be said where free words may not: templates, with the buttons that they have, and nothing else. */
export function isByTemplate(content: readonly Content[]): boolean {
  const isTemplate = (part: Content) => part.kind === 'text' && part.template !== undefined;
  return content.some(isTemplate) && content.every((part) => isTemplate(part) || part.kind === 'choices');
}

/** The same words as free ones, which cost less and need no approval. */
export function inFreeWords(content: readonly Content[]): readonly Content[] {
  return content.map((part) => (part.kind === 'text' ? { kind: part.kind, text: part.text } : part));
}

/** The text of a message as people read it: parts joined by line breaks; a pressed choice reads as its label. */
export function readableText(content: readonly Content[]): string {
  return content.flatMap(readablePart).join('\n');
}

function readablePart(part: Content): readonly string[] {
  switch (part.kind) {
    case 'text':
      return [part.text];
    case 'choice':
      return [part.text ?? part.id];
    case 'card':
      return part.text === undefined ? [part.title] : [part.title, part.text];
    case 'location':
      return [part.title, part.address].filter((line) => line !== undefined);
    case 'contact':
      return [part.phone === undefined ? part.name : `${part.name}, ${part.phone}`];
    case 'choices':
    case 'unsupported':
      return [];
    default:
      return part.caption === undefined ? [] : [part.caption];
  }
}

/** Those that answer, in their order; only they have numbers where they are written as a list. */
export function answersIn(choices: readonly Choice[]): readonly AnswerChoice[] {
  return choices.filter((choice) => choice.kind === undefined);
}

/** All that can be pressed under a message, in its order. */
export function choicesIn(content: readonly Content[]): readonly Choice[] {
  return content.flatMap((part) =>
    part.kind === 'choices' || part.kind === 'card' ? (part.choices ?? []) : [],
  );
}
