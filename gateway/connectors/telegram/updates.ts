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
  from: user.optional(),
  chat,
  date: unixTime.optional(),
  edit_date: unixTime.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
});
export type TelegramMessage = z.infer<typeof message>;

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

export const update = z.looseObject({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: callbackQuery.optional(),
});
export type TelegramUpdate = z.infer<typeof update>;

export const numbered = z.looseObject({ update_id: z.int() });

/** What we ask for; Telegram keeps the rest from us (https://core.telegram.org/bots/api#getupdates). */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query'] as const;
