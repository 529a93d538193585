import { z } from 'zod';
import type { MediaKind } from '../../model/content.ts';
import type { InboundContent } from '../inbound.ts';
import { body as bodySchema, type VkBody } from './events.ts';

/** Forwarded messages may be nested 45 deep (https://dev.vk.com/ru/reference/objects/message); deeper ones are named. */
const MAX_DEPTH = 5;

/** The body of a message: its text, its attachments, its place, and what was forwarded with it. */
export function contentOf(message: VkBody, depth = 0): readonly InboundContent[] {
  const text = message.text ? unescaped(message.text) : '';
  const own = [
    ...(message.attachments ?? []).flatMap((one) => readAttachment(one, text)),
    ...readPlace(message.geo),
  ];
  const parts = [...own, ...(message.fwd_messages ?? []).flatMap((one) => readForwarded(one, depth))];
  const [first, ...others] = parts;
  if (!text) return parts.length > 0 || depth > 0 ? parts : [{ kind: 'unsupported', what: 'message' }];
  // VK shows the text above its files, as their caption.
  if (first && 'source' in first && own.length > 0) return [{ ...first, caption: text }, ...others];
  return [{ kind: 'text', text }, ...parts];
}

function readForwarded(raw: unknown, depth: number): readonly InboundContent[] {
  const { data } = bodySchema.safeParse(raw);
  if (!data || depth === MAX_DEPTH) return [{ kind: 'unsupported', what: 'forwarded' }];
  return contentOf(data, depth + 1);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
  '<br>': '\n',
};

/** VK hands texts over as HTML writes them: seen, and not documented (docs/vk.md). */
function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp);|<br>/g, (found) => ENTITIES[found] ?? found);
}

const attachmentType = z.looseObject({ type: z.string().min(1).max(64) });

function readAttachment(given: unknown, text: string): readonly InboundContent[] {
  const type = attachmentType.safeParse(given).data?.type ?? 'attachment';
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  const read = reader?.safeParse(given).data ?? [{ kind: 'unsupported' as const, what: type }];
  // The preview of a link that the text has already.
  return read.filter((part) => part.kind !== 'text' || !text.includes(part.text));
}

/** The address of the bytes is what `download` gets; whether it is one of VK is checked there. */
const address = z.url({ protocol: /^https?$/ }).max(4096);
const images = z.array(z.looseObject({ url: address, width: z.int().min(0).catch(0) })).min(1);

function media(kind: MediaKind, source: string): readonly InboundContent[] {
  return [{ kind, source }];
}

function largest(sizes: z.infer<typeof images>): string {
  return sizes.reduce((best, one) => (one.width > best.width ? one : best)).url;
}

/** How each type of attachment is read (https://dev.vk.com/ru/reference/objects/attachments-message). */
const READERS: Readonly<Record<string, z.ZodType<readonly InboundContent[]>>> = {
  photo: z
    .looseObject({ photo: z.looseObject({ sizes: images }) })
    .transform(({ photo }) => media('image', largest(photo.sizes))),
  sticker: z
    .looseObject({ sticker: z.looseObject({ images }) })
    .transform(({ sticker }) => media('sticker', largest(sticker.images))),
  graffiti: z
    .looseObject({ graffiti: z.looseObject({ url: address }) })
    .transform(({ graffiti }) => media('image', graffiti.url)),
  doc: z
    .looseObject({
      doc: z.looseObject({ url: address, title: z.string().optional(), size: z.int().min(0).optional() }),
    })
    .transform(({ doc: { url, title: name, size } }): readonly InboundContent[] => [
      {
        kind: 'file',
        source: url,
        ...(name !== undefined && { name }),
        ...(size !== undefined && { size }),
      },
    ]),
  audio_message: z
    .looseObject({ audio_message: z.looseObject({ link_ogg: address }) })
    .transform(({ audio_message }): readonly InboundContent[] => [
      { kind: 'audio', source: audio_message.link_ogg, voice: true },
    ]),
  link: z
    .looseObject({ link: z.looseObject({ url: address }) })
    .transform(({ link }): readonly InboundContent[] => [{ kind: 'text', text: link.url }]),
};

const place = z.looseObject({
  coordinates: z.looseObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
  }),
});

function readPlace(given: unknown): readonly InboundContent[] {
  if (given === undefined || given === null) return [];
  const { data } = place.safeParse(given);
  if (!data) return [{ kind: 'unsupported', what: 'geo' }];
  const { latitude, longitude } = data.coordinates;
  return [{ kind: 'location', latitude, longitude }];
}
