import { z } from 'zod';
import { buttonsOf, done, keyboard, type Method, number, refuse } from './telegram-answer.ts';
import { mediaMethods } from './telegram-media.ts';
import { revisionMethods } from './telegram-revisions.ts';

/** https://core.telegram.org/bots/api#getme */
const getMe: Method = () =>
  done({
    id: 110201543,
    is_bot: true,
    first_name: 'Fake bank',
    username: 'fake_bank_bot',
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  });

/** Parameters come as JSON or as text: "application/x-www-form-urlencoded", "application/json", URL query string. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.array(z.string()),
);
const flag = z.preprocess((value) => value === true || value === 'true' || value === 'True', z.boolean());

const pollParameters = z.object({
  offset: number.optional(),
  limit: number.optional(),
  timeout: number.optional(),
  allowed_updates: list.optional(),
});

/** https://core.telegram.org/bots/api#getupdates */
const getUpdates: Method = async (parameters, { updates }, gone) => {
  // "This method will not work if an outgoing webhook is set up."
  if (updates.webhook)
    return refuse(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  const { allowed_updates, ...request } = pollParameters.parse(parameters);
  updates.allow(allowed_updates);
  const batch = await updates.poll(request, gone);
  return batch
    ? done(batch)
    : refuse(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      );
};

const webhookParameters = z.object({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,256}$/)
    .optional(),
  max_connections: number.min(1).max(100).default(40),
  allowed_updates: list.optional(),
  drop_pending_updates: flag.optional(),
});

/**
 * https://core.telegram.org/bots/api#setwebhook, as a local Bot API server does it, which may "use an HTTP URL for the
 * webhook" (#using-a-local-bot-api-server).
 */
const setWebhook: Method = (parameters, { updates }) => {
  const parsed = webhookParameters.safeParse(parameters);
  if (!parsed.success) return refuse(400, 'Bad Request: bad webhook');
  const { url, secret_token, max_connections, allowed_updates, drop_pending_updates } = parsed.data;
  updates.allow(allowed_updates);
  if (drop_pending_updates) updates.drop();
  // "Use an empty string to remove webhook integration"
  updates.set(url === '' ? undefined : { url, secret: secret_token, maxConnections: max_connections });
  return done(true);
};

/** https://core.telegram.org/bots/api#deletewebhook */
const deleteWebhook: Method = (parameters, { updates }) => {
  if (flag.parse(parameters.drop_pending_updates)) updates.drop();
  updates.set(undefined);
  return done(true);
};

/** https://core.telegram.org/bots/api#getwebhookinfo */
const getWebhookInfo: Method = (_parameters, { updates }) => done(updates.info());

const sendParameters = z.object({
  chat_id: number,
  text: z.string().default(''),
  reply_markup: keyboard.optional(),
});

/** https://core.telegram.org/bots/api#sendmessage */
const sendMessage: Method = (parameters, { chats }) => {
  const parsed = sendParameters.safeParse(parameters);
  if (!parsed.success) return refuse(400, 'Bad Request: chat not found');
  const { chat_id, text, reply_markup } = parsed.data;
  const chat = chats.find(chat_id);
  // "bots can't initiate conversations with users", https://core.telegram.org/bots/faq
  if (!chat) return refuse(400, 'Bad Request: chat not found');
  if (chat.forbidden) return refuse(403, `Forbidden: ${chat.forbidden}`);
  // "Text of the message to be sent, 1-4096 characters after entities parsing"
  if (text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
  if ([...text].length > 4096) return refuse(400, 'Bad Request: message is too long');
  const buttons = buttonsOf(reply_markup);
  if (!buttons) return refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
  const { messageId } = chats.add(chat, { from: 'bot', text, buttons });
  return done({
    message_id: messageId,
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat.id, type: 'private', first_name: chat.firstName },
    text,
    ...(reply_markup && { reply_markup }),
  });
};

/** https://core.telegram.org/bots/api#sendchataction */
const sendChatAction: Method = (parameters, { chats }) => {
  const { chat_id, action } = z.object({ chat_id: number, action: z.string() }).parse(parameters);
  const chat = chats.find(chat_id);
  if (!chat) return refuse(400, 'Bad Request: chat not found');
  if (chat.forbidden) return refuse(403, `Forbidden: ${chat.forbidden}`);
  chat.actions.push(action);
  chats.changed();
  return done(true);
};

/** https://core.telegram.org/bots/api#answercallbackquery */
const answerCallbackQuery: Method = (parameters, { callbacks, answeredCallbacks, chats }) => {
  const { callback_query_id } = z.object({ callback_query_id: z.string() }).parse(parameters);
  if (!callbacks.delete(callback_query_id))
    return refuse(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
  answeredCallbacks.push(callback_query_id);
  chats.changed();
  return done(true);
};

/** "All methods in the Bot API are case-insensitive." */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    getMe,
    getUpdates,
    setWebhook,
    deleteWebhook,
    getWebhookInfo,
    sendMessage,
    sendChatAction,
    answerCallbackQuery,
    ...mediaMethods,
    ...revisionMethods,
  }).map(([name, method]) => [name.toLowerCase(), method]),
);
