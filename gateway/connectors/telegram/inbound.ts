import type { Locale } from '../../model/contact.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent, Sender } from '../inbound.ts';
import { contentOf } from './content.ts';
import {
  type TelegramCallbackQuery,
  type TelegramChat,
  type TelegramMessage,
  type TelegramReaction,
  type TelegramUpdate,
  type TelegramUser,
  update as updateSchema,
} from './updates.ts';

type Translated = { readonly inbound: Inbound } | { readonly quarantine: string };

/**
 * Translates updates. Pure, and never throws. Only private chats are clients: what comes from groups and channels, what
 * has an unknown type and what has another shape than documented goes to the quarantine whole.
 */
export function translateUpdates(updates: readonly unknown[]): Extract<Received, { authentic: true }> {
  const inbound: Inbound[] = [];
  const quarantine: { reason: string; raw: string }[] = [];
  for (const one of updates) {
    const translated = translateUpdate(one);
    if ('inbound' in translated) inbound.push(translated.inbound);
    else quarantine.push({ reason: translated.quarantine, raw: rawText(one) });
  }
  return authentic(inbound, quarantine);
}

function translateUpdate(raw: unknown): Translated {
  const parsed = updateSchema.safeParse(raw);
  if (!parsed.success) return { quarantine: 'not-an-update' };
  const { update_id, message, edited_message, message_reaction, callback_query } = parsed.data;
  const dedupeKey = String(update_id);
  if (message) {
    if (message.chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
    return { inbound: fromMessage(dedupeKey, message) };
  }
  if (edited_message) {
    if (edited_message.chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
    return fromEdit(dedupeKey, edited_message);
  }
  if (message_reaction) return fromReaction(dedupeKey, message_reaction);
  if (callback_query) return fromCallback(dedupeKey, callback_query);
  return { quarantine: `unknown-update ${typeOf(parsed.data)}` };
}

function fromMessage(dedupeKey: string, message: TelegramMessage): Inbound {
  const sender = senderOf(message.chat, message.from);
  const { text, date, media_group_id: album, reply_to_message: answered } = message;
  const start = text ? /^\/start(?:@\w+)?(?:\s+(?<payload>.+))?$/su.exec(text) : null;
  if (start) return { type: 'start', dedupeKey, sender, payload: start.groups?.payload };
  const { content, isKnown } = contentOf(message);
  return {
    type: 'message',
    dedupeKey,
    sender,
    content,
    ...(!isKnown && { raw: message }),
    sentAt: dateOf(date),
    ...named(message.chat, message.message_id),
    ...(album !== undefined && { album }),
    ...(answered && { replyTo: externalIdOf(message.chat, answered.message_id) }),
  };
}

function fromEdit(dedupeKey: string, message: TelegramMessage): Translated {
  const { externalId } = named(message.chat, message.message_id);
  if (externalId === undefined) return { quarantine: 'edit-of-nothing' };
  const sender = senderOf(message.chat, message.from);
  const { content, isKnown } = contentOf(message);
  const raw = isKnown ? {} : { raw: message };
  return { inbound: { type: 'edit', dedupeKey, sender, externalId, content, ...raw } };
}

/** Emoji of a person's own making have no character; they are shown as what they are. */
const OTHER_REACTIONS: Readonly<Record<string, string>> = { paid: '⭐', custom_emoji: '🔣' };

function fromReaction(
  dedupeKey: string,
  { chat, user, message_id, new_reaction }: TelegramReaction,
): Translated {
  if (chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
  const emoji = new_reaction.map((one) => one.emoji ?? OTHER_REACTIONS[one.type] ?? '❔');
  const externalId = externalIdOf(chat, message_id);
  return { inbound: { type: 'reaction', dedupeKey, sender: senderOf(chat, user), externalId, emoji } };
}

/** The id under which `send` knows a message, too: its number counts within the chat. */
function externalIdOf(chat: TelegramChat, messageId: number): string {
  return `${chat.id}:${messageId}`;
}

function named(chat: TelegramChat, messageId: number | undefined): { readonly externalId?: string } {
  return messageId === undefined ? {} : { externalId: externalIdOf(chat, messageId) };
}

function fromCallback(dedupeKey: string, query: TelegramCallbackQuery): Translated {
  const { id: acknowledgement, data, from, message } = query;
  if (!message) return { quarantine: 'callback-without-a-chat' };
  if (message.chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
  const sender = senderOf(message.chat, from);
  if (data === undefined) {
    const content: InboundContent[] = [{ kind: 'unsupported', what: 'callback_query' }];
    return { inbound: { type: 'message', dedupeKey, sender, acknowledgement, content, raw: query } };
  }
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  const text = buttons.find(({ callback_data }) => callback_data === data)?.text;
  const content: InboundContent[] = [{ kind: 'choice', id: data, ...(text !== undefined && { text }) }];
  return { inbound: { type: 'message', dedupeKey, sender, acknowledgement, content } };
}

function senderOf(chat: TelegramChat, from: TelegramUser | undefined): Sender {
  const name = [from?.first_name, from?.last_name].filter(Boolean).join(' ');
  const locale = localeOf(from?.language_code);
  return {
    externalUser: String(from?.id ?? chat.id),
    externalThread: String(chat.id),
    ...(name && { name }),
    ...(from?.username && { username: from.username }),
    ...(locale && { locale }),
  };
}

/** The language of the client's Telegram, an IETF tag, where it is one of ours. */
function localeOf(tag: string | undefined): Locale | undefined {
  const language = tag?.split('-')[0];
  return language === 'ru' || language === 'en' ? language : undefined;
}

function dateOf(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}

function typeOf(update: TelegramUpdate): string {
  const type = Object.keys(update).find((key) => key !== 'update_id') ?? '';
  return /^[a-z_]{1,40}$/.test(type) ? type : 'without-a-type';
}
