import { z } from 'zod';

/** The parts of https://core.telegram.org/bots/api#available-types that we read; the rest passes through. */

const user = z.looseObject({
  id: z.int(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});
export type TelegramUser = z.infer<typeof user>;

const chat = z.looseObject({ id: z.int(), type: z.string() });
export type TelegramChat = z.infer<typeof chat>;

/** Unix time in seconds, within what a date can hold. */
const unixTime = z.int().min(0).max(8_640_000_000_000);

const message = z.looseObject({
  message_id: z.int().optional(),
  media_group_id: z.string().optional().catch(undefined),
  reply_to_message: z.looseObject({ message_id: z.int() }).optional().catch(undefined),
  from: user.optional(),
  chat,
  date: unixTime.optional(),
  edit_date: unixTime.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
});
export type TelegramMessage = z.infer<typeof message>;

/** Whatever does not have the documented shape is left out, so that its message is kept as unsupported. */
const part = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const file = z.looseObject({
  file_id: z.string(),
  file_size: z.number().optional(),
  mime_type: z.string().optional(),
  file_name: z.string().optional(),
});
export type TelegramFile = z.infer<typeof file>;

const sticker = file.extend({
  emoji: z.string().optional(),
  is_animated: z.boolean().optional(),
  is_video: z.boolean().optional(),
});
const location = z.looseObject({ latitude: z.number(), longitude: z.number() });

/** What a message may hold; read from the message beside its payload, which is kept whole. */
export const holding = z.object({
  photo: part(z.array(file)),
  animation: part(file),
  document: part(file),
  audio: part(file),
  voice: part(file),
  video: part(file),
  video_note: part(file),
  sticker: part(sticker),
  location: part(location),
  venue: part(z.looseObject({ location, title: z.string(), address: z.string().optional() })),
  contact: part(
    z.looseObject({
      phone_number: z.string(),
      first_name: z.string(),
      last_name: z.string().optional(),
      user_id: z.int().optional(),
    }),
  ),
});
export type Holding = z.infer<typeof holding>;

const keyboard = z.looseObject({
  inline_keyboard: z.array(
    z.array(z.looseObject({ text: z.string(), callback_data: z.string().optional() })),
  ),
});

const callbackQuery = z.looseObject({
  id: z.string(),
  from: user,
  data: z.string().optional(),
  /** Absent for buttons of inline mode; without its content once it is too old. */
  message: z.looseObject({ chat, reply_markup: keyboard.optional().catch(undefined) }).optional(),
});
export type TelegramCallbackQuery = z.infer<typeof callbackQuery>;

/** https://core.telegram.org/bots/api#messagereactionupdated */
const reaction = z.looseObject({
  chat,
  message_id: z.int(),
  user: user.optional(),
  new_reaction: z.array(z.looseObject({ type: z.string(), emoji: z.string().optional() })),
});
export type TelegramReaction = z.infer<typeof reaction>;

export const update = z.looseObject({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  message_reaction: reaction.optional(),
  callback_query: callbackQuery.optional(),
});
export type TelegramUpdate = z.infer<typeof update>;

export const numbered = z.looseObject({ update_id: z.int() });

/**
 * What we ask for; Telegram keeps the rest from us, and reactions unless they are named here
 * (https://core.telegram.org/bots/api#update).
 */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'message_reaction'] as const;
