import { z } from 'zod';
import type { MediaKind } from '../../model/content.ts';
import type { InboundContent } from '../inbound.ts';

const mediaId = z.string().regex(/^[\w-]{1,128}$/);

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/image and its neighbours. */
const media = z.looseObject({
  id: mediaId,
  mime_type: z.string().max(255).optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});

function ofMedia(kind: MediaKind, given: z.infer<typeof media>): readonly InboundContent[] {
  const { id, mime_type: type, caption, filename: name, voice } = given;
  return [
    {
      kind,
      source: id,
      ...(type !== undefined && { type }),
      ...(caption !== undefined && { caption }),
      ...(name !== undefined && { name }),
      ...(voice && { voice }),
    },
  ];
}

const reply = z.looseObject({ id: z.string().min(1).max(256), title: z.string() });

function ofChoice({ id, title: text }: z.infer<typeof reply>): readonly InboundContent[] {
  return [{ kind: 'choice', id, text }];
}

const location = z.looseObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
});

const person = z.looseObject({
  name: z.looseObject({ formatted_name: z.string() }),
  phones: z.array(z.looseObject({ phone: z.string().optional() })).optional(),
});

/**
 * How each type of message is read
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages).
 */
const READERS: Readonly<Record<string, z.ZodType<readonly InboundContent[]>>> = {
  text: z
    .looseObject({ text: z.looseObject({ body: z.string() }) })
    .transform(({ text }): readonly InboundContent[] => [{ kind: 'text', text: text.body }]),
  image: z.looseObject({ image: media }).transform(({ image }) => ofMedia('image', image)),
  video: z.looseObject({ video: media }).transform(({ video }) => ofMedia('video', video)),
  audio: z.looseObject({ audio: media }).transform(({ audio }) => ofMedia('audio', audio)),
  document: z.looseObject({ document: media }).transform(({ document }) => ofMedia('file', document)),
  sticker: z.looseObject({ sticker: media }).transform(({ sticker }) => ofMedia('sticker', sticker)),
  location: z.looseObject({ location }).transform(({ location: at }): readonly InboundContent[] => [
    {
      kind: 'location',
      latitude: at.latitude,
      longitude: at.longitude,
      ...(at.name !== undefined && { title: at.name }),
      ...(at.address !== undefined && { address: at.address }),
    },
  ]),
  contacts: z.looseObject({ contacts: z.array(person).min(1).max(100) }).transform(({ contacts }) =>
    contacts.map(({ name, phones }): InboundContent => {
      const phone = phones?.[0]?.phone;
      return { kind: 'contact', name: name.formatted_name, ...(phone !== undefined && { phone }) };
    }),
  ),
  /** A quick reply of a template. */
  button: z
    .looseObject({ button: z.looseObject({ payload: z.string().min(1).max(256), text: z.string() }) })
    .transform(({ button }) => ofChoice({ id: button.payload, title: button.text })),
  interactive: z
    .looseObject({
      interactive: z.looseObject({
        type: z.string(),
        button_reply: reply.optional(),
        list_reply: reply.optional(),
      }),
    })
    .transform(({ interactive }): readonly InboundContent[] => {
      const chosen = interactive.button_reply ?? interactive.list_reply;
      return chosen ? ofChoice(chosen) : [{ kind: 'unsupported', what: interactive.type.slice(0, 64) }];
    }),
};

/** The content of a message by its type; undefined where a known type has another form than Meta writes. */
export function readContent(type: string, message: unknown): readonly InboundContent[] | undefined {
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  return reader ? reader.safeParse(message).data : [{ kind: 'unsupported', what: type }];
}
