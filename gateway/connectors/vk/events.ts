import type { Objects } from 'vk-io';
import { z } from 'zod';

/** The parts of https://dev.vk.com/ru/api/community-events/json-schema that we read; the rest passes through. */

const id = z.int().min(0);
/** Seconds since 1970, within what a date can hold. */
const seconds = z.int().min(0).max(8_640_000_000_000);

/** `event_id`: "If it passed twice or more - you should ignore it" (VKCOM/vk-api-schema, callback/objects.json). */
export const envelope = z.looseObject({
  type: z.string(),
  group_id: z.int(),
  event_id: z.string().regex(/^[\w-]{1,256}$/),
});

/** What stands in a message, also in one that was forwarded (https://dev.vk.com/ru/reference/objects/message). */
export const body = z.looseObject({
  text: z.string().nullish(),
  attachments: z.array(z.unknown()).max(100).nullish(),
  geo: z.unknown().optional(),
  fwd_messages: z.array(z.unknown()).max(500).nullish(),
});
export type VkBody = z.infer<typeof body>;

const message = body.extend({
  id: id.optional(),
  date: seconds,
  update_time: seconds.optional().catch(undefined),
  peer_id: z.int(),
  from_id: z.int(),
  // What `startLink` can carry; a source of visits that is named otherwise says nothing to us.
  ref: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .nullish()
    .catch(undefined),
  payload: z.string().max(4096).nullish().catch(undefined),
  reply_message: z.looseObject({ id: id.optional() }).nullish().catch(undefined),
});
export type VkMessage = z.infer<typeof message>;

export const event = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message_new'),
    object: z.looseObject({
      message,
      client_info: z.looseObject({ lang_id: z.int() }).optional().catch(undefined),
    }),
  }),
  z.looseObject({ type: z.literal('message_edit'), object: message }),
  z.looseObject({
    type: z.literal('message_event'),
    object: z.looseObject({
      user_id: z.int().positive(),
      peer_id: z.int(),
      event_id: z.string().regex(/^[\w-]{1,256}$/),
      payload: z.unknown().optional(),
    }),
  }),
  z.looseObject({
    type: z.literal('message_read'),
    object: z.looseObject({ from_id: z.int(), peer_id: z.int(), read_message_id: id }),
  }),
]);
export type VkEvent = z.infer<typeof event>;
export type VkEventOf<Type extends VkEvent['type']> = Extract<VkEvent, { type: Type }>['object'];

/**
 * Of a dialogue, and nothing that a client says: what we wrote ourselves, typing, reactions that VK only numbers, and
 * whether we may write, which VK itself enforces.
 */
const UNHEARD = [
  'message_reply',
  'message_typing_state',
  'message_reaction_event',
  'message_allow',
  'message_deny',
] as const satisfies readonly Objects.CallbackType[];

export function isUnheard(type: string): boolean {
  return UNHEARD.some((one) => one === type);
}

/** The name of an event that we do not read, for people. */
export function typeOf(raw: unknown): string {
  const type = z.looseObject({ type: z.string().regex(/^[a-z_]{1,40}$/) }).safeParse(raw).data;
  return type?.type ?? 'without-a-type';
}
