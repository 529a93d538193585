import type { Update } from '@maxhub/max-bot-api/types';
import { z } from 'zod';

/** The parts of https://dev.max.ru/docs-api/objects/Update that we read; the rest passes through. */

/** Milliseconds since 1970 (https://dev.max.ru/docs-api, resources format), within what a date can hold. */
const timestamp = z.int().min(0).max(8_640_000_000_000_000);

const user = z.looseObject({
  user_id: z.int(),
  first_name: z.string().optional(),
  last_name: z.string().nullish(),
  username: z.string().nullish(),
});
export type MaxUser = z.infer<typeof user>;

/** `mid.` and hexadecimal digits, as in https://dev.max.ru/docs-api/methods/PUT/messages. */
const mid = z.string().regex(/^[\w.-]{1,256}$/);

/** https://dev.max.ru/docs-api/objects/Message: `MessageBody` and, with no id of its own to us, what was forwarded. */
const body = z.looseObject({
  mid,
  text: z.string().nullish(),
  attachments: z.array(z.unknown()).max(100).nullish(),
});
export type MaxBody = z.infer<typeof body>;

const recipient = z.looseObject({ chat_id: z.int(), chat_type: z.string() });

const message = z.looseObject({
  sender: user.nullish(),
  recipient,
  timestamp: timestamp.optional(),
  link: z.looseObject({ type: z.string(), message: body }).nullish().catch(undefined),
  body,
});
export type MaxMessage = z.infer<typeof message>;

const common = { timestamp, user_locale: z.string().max(35).nullish().catch(undefined) };

const callback = z.looseObject({
  callback_id: z.string().min(1).max(1024),
  payload: z.string().max(1024).optional(),
  user,
});

export const update = z.discriminatedUnion('update_type', [
  z.looseObject({ update_type: z.literal('message_created'), ...common, message }),
  z.looseObject({ update_type: z.literal('message_edited'), ...common, message }),
  z.looseObject({
    update_type: z.literal('message_removed'),
    ...common,
    message_id: mid,
    chat_id: z.int(),
    user_id: z.int(),
  }),
  z.looseObject({
    update_type: z.literal('message_callback'),
    ...common,
    callback,
    message: z.looseObject({ recipient, body: body.nullish().catch(undefined) }).nullish(),
  }),
  z.looseObject({
    update_type: z.literal('bot_started'),
    ...common,
    chat_id: z.int(),
    user,
    payload: z.string().max(1024).nullish(),
  }),
]);
export type MaxUpdate = z.infer<typeof update>;
export type MaxUpdateOf<Type extends MaxUpdate['update_type']> = Extract<MaxUpdate, { update_type: Type }>;

/** What we ask for (https://dev.max.ru/docs-api/methods/POST/subscriptions, `update_types`); the rest is kept from us. */
export const UPDATE_TYPES = [
  'message_created',
  'message_edited',
  'message_removed',
  'message_callback',
  'bot_started',
] as const satisfies readonly Update['update_type'][];

/** The name of an update that we do not read, for people. */
export function typeOf(raw: unknown): string {
  const type = z.looseObject({ update_type: z.string().regex(/^[a-z_]{1,40}$/) }).safeParse(raw).data;
  return type?.update_type ?? 'without-a-type';
}
