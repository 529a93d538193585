import { z } from 'zod';

/** Ids are printable ASCII, so that no text of a person hides in them. */
const id = z.string().regex(/^[\x21-\x7e]{1,200}$/);
const text = z.string();

const KNOWN_KINDS = ['text', 'choice', 'image', 'file', 'audio', 'video', 'sticker', 'location', 'contact'];

const content = z.union([
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text }),
    z.object({ kind: z.literal('choice'), id, text: text.exactOptional() }),
    z.object({
      kind: z.enum(['image', 'file', 'audio', 'video', 'sticker']),
      /** Where the bytes are: on the host that the hub posts to. */
      source: z.url({ protocol: /^https?$/ }).max(2_000),
      type: z.string().max(200).exactOptional(),
      size: z.int().min(0).exactOptional(),
      name: z.string().max(255).exactOptional(),
      caption: text.exactOptional(),
      voice: z.literal(true).exactOptional(),
    }),
    z.object({
      kind: z.literal('location'),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      title: text.exactOptional(),
      address: text.exactOptional(),
    }),
    z.object({ kind: z.literal('contact'), name: text, phone: z.string().max(64).exactOptional() }),
  ]),
  z
    .looseObject({ kind: z.string().regex(/^[\w.-]{1,64}$/) })
    .refine(({ kind }) => !KNOWN_KINDS.includes(kind), 'is not of the form of its kind')
    .transform(({ kind }) => ({ kind: 'unsupported' as const, what: kind })),
]);

const person = z.object({
  user: id,
  /** Where answers go; the user's own id unless told. */
  thread: id.exactOptional(),
  name: z.string().max(200).exactOptional(),
  locale: z.enum(['ru', 'en']).exactOptional(),
  /** The bank's number of the client, where the sender has signed them in. */
  customer: id.exactOptional(),
});
export type WebhookPerson = z.infer<typeof person>;

const parts = z.array(content).min(1).max(20);
const timestamp = z.iso.datetime({ offset: true }).exactOptional();

function event<Type extends string, Data extends z.ZodType>(type: Type, data: Data) {
  return z.object({ type: z.literal(type), timestamp, data });
}

/** What may be posted to the hub: the body of a request, as Standard Webhooks shapes payloads. */
export const webhookEvent = z.discriminatedUnion('type', [
  event('message.received', person.extend({ id, content: parts, replyTo: id.exactOptional() })),
  event('message.edited', person.extend({ id, content: parts })),
  event('message.deleted', person.extend({ id })),
  event('reaction.changed', person.extend({ id, emoji: z.array(z.string().min(1).max(32)).max(20) })),
  event('dialogue.started', person.extend({ payload: z.string().max(1_000).exactOptional() })),
  event(
    'delivery.updated',
    z.object({
      /** As the message brought it. */
      key: z.string().max(64),
      /** The id that the receiver gave the message, where it did. */
      id: id.exactOptional(),
      status: z.enum(['sent', 'delivered', 'read', 'failed']),
      reason: z
        .string()
        .regex(/^[\w.-]{1,64}$/)
        .exactOptional(),
    }),
  ),
  z.object({ type: z.literal('ping'), timestamp }),
]);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** Without a kind it is an answer, whose id comes back in a `choice`. */
const button = z.object({
  id: text,
  text,
  /** `link`: opens `url`. `contact`, `location`: the client hands that over, as content of that kind. */
  kind: z.enum(['link', 'contact', 'location']).exactOptional(),
  url: z.url({ protocol: /^https$/ }).exactOptional(),
});

export type OutgoingWebhookButton = z.infer<typeof button>;

const outgoingContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text }),
  z.object({ kind: z.literal('choices'), choices: z.array(button) }),
  z.object({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    title: text.exactOptional(),
    address: text.exactOptional(),
  }),
  z.object({
    kind: z.literal('contact'),
    name: text,
    phone: text.exactOptional(),
    ownNumber: z.boolean().exactOptional(),
  }),
]);
export type OutgoingWebhookContent = z.infer<typeof outgoingContent>;

const place = z.object({ thread: text });

/** What the hub posts to the channel's address. */
export const outgoingWebhookEvent = z.discriminatedUnion('type', [
  event(
    'message.sent',
    place.extend({ key: text, content: z.array(outgoingContent), replyTo: text.exactOptional() }),
  ),
  event('message.edited', place.extend({ id: text, content: z.array(outgoingContent) })),
  event('message.deleted', place.extend({ id: text })),
  event('reaction.changed', place.extend({ id: text, emoji: z.array(text) })),
  event('typing.started', place),
  z.object({ type: z.literal('ping'), timestamp }),
]);
export type OutgoingWebhookEvent = z.infer<typeof outgoingWebhookEvent>;

/** What the receiver may answer a message with. */
export const webhookAnswer = z.looseObject({ id: id.exactOptional() });
