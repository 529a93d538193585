import { z } from 'zod';
import type { MediaKind } from '../../model/content.ts';
import type { InboundContent } from '../inbound.ts';
import type { MaxBody } from './updates.ts';

/** The body of a message: its text and its attachments, an album being one message with several. `sender`: who sent it. */
export function contentOf(
  { text, attachments }: MaxBody,
  sender: number | undefined,
): readonly InboundContent[] {
  const parts = (attachments ?? []).flatMap((given) => readAttachment(given, sender));
  const [first, ...others] = parts;
  if (!text) return parts.length > 0 ? parts : [{ kind: 'unsupported', what: 'message' }];
  // MAX shows the text under the media, as their caption.
  if (first && 'source' in first) return [{ ...first, caption: text }, ...others];
  return [{ kind: 'text', text }, ...parts];
}

const attachmentType = z.looseObject({ type: z.string().min(1).max(64) });

function readAttachment(given: unknown, sender: number | undefined): readonly InboundContent[] {
  const type = attachmentType.safeParse(given).data?.type ?? 'attachment';
  const contact = type === 'contact' ? contactAttachment.safeParse(given).data : undefined;
  if (contact) return [personOf(contact.payload, sender)];
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  return reader?.safeParse(given).data ?? [{ kind: 'unsupported', what: type }];
}

/** The address of the bytes is what `download` gets; whether it is one of MAX is checked there. */
const address = z.url({ protocol: /^https?$/ }).max(4096);

function media(kind: MediaKind) {
  return z
    .looseObject({
      payload: z.looseObject({ url: address }),
      filename: z.string().optional(),
      size: z.int().min(0).optional(),
    })
    .transform(({ payload, filename: name, size }): readonly InboundContent[] => [
      {
        kind,
        source: payload.url,
        ...(name !== undefined && { name }),
        ...(size !== undefined && { size }),
      },
    ]);
}

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

/** How each type of attachment is read (https://dev.max.ru/docs-api/objects/Message, `attachments`). */
const READERS: Readonly<Record<string, z.ZodType<readonly InboundContent[]>>> = {
  image: media('image'),
  video: media('video'),
  audio: media('audio'),
  file: media('file'),
  sticker: media('sticker'),
  location: z
    .looseObject({ latitude, longitude })
    .transform(({ latitude, longitude }) => [{ kind: 'location' as const, latitude, longitude }]),
  // The preview of a link that the text has already, and buttons of ours that were forwarded.
  share: z
    .looseObject({ payload: z.looseObject({ url: address.nullish() }) })
    .transform(({ payload }) => (payload.url ? [] : [{ kind: 'unsupported' as const, what: 'share' }])),
  inline_keyboard: z.looseObject({}).transform(() => []),
};

const contactAttachment = z.looseObject({
  payload: z.looseObject({
    vcf_info: z.string().max(10_000).nullish(),
    max_info: z
      .looseObject({
        user_id: z.int().optional().catch(undefined),
        first_name: z.string(),
        last_name: z.string().nullish(),
      })
      .nullish(),
  }),
});

/**
 * `max_info` tells whose account it is, so whose the number is not. That it is the sender's own we do not say: how `hash`,
 * which would show it, is made is not documented (docs/max.md).
 */
function personOf(
  { vcf_info: card, max_info: info }: z.infer<typeof contactAttachment>['payload'],
  sender: number | undefined,
): InboundContent {
  const account = [info?.first_name, info?.last_name].filter(Boolean).join(' ');
  const phone = lineOf(card, 'TEL');
  const isAnothers = info?.user_id !== undefined && info.user_id !== sender;
  return {
    kind: 'contact',
    name: lineOf(card, 'FN') ?? account,
    ...(phone !== undefined && { phone }),
    ...(isAnothers && { ownNumber: false }),
  };
}

/** The first value of a property of a vCard (RFC 6350 §3.3). */
function lineOf(card: string | null | undefined, property: 'FN' | 'TEL'): string | undefined {
  const lines = card?.split(/\r\n|\n/) ?? [];
  const line = lines.find((one) => one.startsWith(`${property}:`) || one.startsWith(`${property};`));
  return line?.slice(line.indexOf(':') + 1).trim() || undefined;
}
