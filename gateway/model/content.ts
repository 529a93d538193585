/** One part of a message. What a network sends and we do not know is kept as `unsupported`. */
export type Content = TextContent | ChoicesContent | ChoiceContent | UnsupportedContent;

export interface TextContent {
  readonly kind: 'text';
  readonly text: string;
}

/** Quick replies offered with the text before it; `id` comes back in a `choice`. */
export interface ChoicesContent {
  readonly kind: 'choices';
  readonly choices: readonly Choice[];
}

export interface Choice {
  /** At most 48 bytes of UTF-8, so that it fits the smallest callback of a network (Telegram: 64 bytes). */
  readonly id: string;
  readonly text: string;
}

/** A quick reply that the contact pressed. `text` is the label as the contact saw it, where known. */
export interface ChoiceContent {
  readonly kind: 'choice';
  readonly id: string;
  readonly text?: string;
}

/** Something that the connector does not translate yet. `what` is the network's own word for it: `photo`. */
export interface UnsupportedContent {
  readonly kind: 'unsupported';
  readonly what: string;
}

export type ContentKind = Content['kind'];

/** The text of a message as people read it: parts joined by line breaks; a pressed choice reads as its label. */
export function readableText(content: readonly Content[]): string {
  const lines: string[] = [];
  for (const part of content) {
    if (part.kind === 'text') lines.push(part.text);
    else if (part.kind === 'choice') lines.push(part.text ?? part.id);
  }
  return lines.join('\n');
}
