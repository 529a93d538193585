import type { Capabilities } from './connectors/capabilities.ts';
import type { OutgoingMedia } from './connectors/outgoing.ts';
import type { Locale } from './model/contact.ts';
import type {
  CardContent,
  Content,
  MediaContent,
  MediaKind,
  MediaRef,
  TemplateUse,
} from './model/content.ts';
import { sizeOf } from './split-text.ts';

export type FitCapabilities = Pick<Capabilities, 'content' | 'limits' | 'choicesAs' | 'buttons'>;

/** What a message is fitted with besides the channel. */
export interface FitContext {
  readonly locale: Locale;
  /** The true type and size of stored media; undefined where they did not come or were refused. */
  readonly stored: (media: MediaRef) => { readonly type: string; readonly size: number } | undefined;
  /** An address under which the contact may fetch stored media. */
  readonly link: (media: MediaRef) => string;
}

/** What stands in a message one after another, before the limits of one request are looked at. */
export type Block =
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly template?: TemplateUse }
  | { readonly kind: 'media'; readonly media: OutgoingMedia }
  | CardContent
  | Extract<Content, { kind: 'location' | 'contact' }>;

const WORDS: Readonly<Record<Locale, Readonly<Record<MediaKind, string>>>> = {
  ru: { image: 'Изображение', file: 'Файл', audio: 'Аудио', video: 'Видео', sticker: 'Стикер' },
  en: { image: 'Image', file: 'File', audio: 'Audio', video: 'Video', sticker: 'Sticker' },
};

/**
 * A file as the channel takes it: as what it is, else as a plain file, else as a line of text with a link to it.
 * What is not stored is named, so that the contact may ask for it.
 */
export function fitMedia(
  part: MediaContent,
  capabilities: FitCapabilities,
  context: FitContext,
): readonly Block[] {
  const stored = context.stored(part.media);
  if (!stored) return [asText(part, context.locale)];
  const kinds: readonly MediaKind[] = part.kind === 'sticker' ? [part.kind] : [part.kind, 'file'];
  const kind = kinds.find((each) => takes(each, stored, capabilities));
  if (!kind) return [asText(part, context.locale, context.link(part.media))];

  const { caption, voice: _, ...rest } = part;
  const voice = kind === 'audio' && part.voice ? { voice: part.voice } : {};
  const media = { ...rest, ...voice, kind, media: { id: part.media.id, ...stored } };
  const { limits } = capabilities;
  if (caption === undefined) return [{ kind: 'media', media }];
  if (kind !== 'sticker' && sizeOf(caption, limits.unit) <= (limits.media?.maxCaption ?? 0))
    return [{ kind: 'media', media: { ...media, caption } }];
  return [
    { kind: 'media', media },
    { kind: 'lines', lines: [caption] },
  ];
}

function takes(
  kind: MediaKind,
  { type, size }: { readonly type: string; readonly size: number },
  { content, limits }: FitCapabilities,
): boolean {
  if (content[kind] !== 'native') return false;
  const types = limits.media?.types?.[kind];
  return size <= (limits.media?.maxBytes[kind] ?? 0) && (!types || types.includes(type));
}

function asText({ kind, caption, name }: MediaContent, locale: Locale, link?: string): Block {
  const what = name ? `${WORDS[locale][kind]} ${name}` : WORDS[locale][kind];
  return { kind: 'lines', lines: [...(caption ? [caption] : []), link ? `${what}: ${link}` : what] };
}
