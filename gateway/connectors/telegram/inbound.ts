import type { Locale } from '../../model/contact.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Inbound, InboundContent, Received, Sender } from '../connector.ts';
import {
  type TelegramCallbackQuery,
  type TelegramChat,
  type TelegramMessage,
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
  const { update_id, message, edited_message, callback_query } = parsed.data;
  const dedupeKey = String(update_id);
  if (message) {
    if (message.chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
    return { inbound: fromMessage(dedupeKey, message) };
  }
  if (edited_message) {
    if (edited_message.chat.type !== 'private') return { quarantine: 'not-a-private-chat' };
    return { inbound: fromEdit(dedupeKey, edited_message) };
  }
  if (callback_query) return fromCallback(dedupeKey, callback_query);
  return { quarantine: `unknown-update ${typeOf(parsed.data)}` };
}

function fromMessage(dedupeKey: string, message: TelegramMessage): Inbound {
  const sender = senderOf(message.chat, message.from);
  const { text, caption, date } = message;
  if (text) {
    const start = /^\/start(?:@\w+)?(?:\s+(?<payload>.+))?$/su.exec(text);
    if (start) return { type: 'start', dedupeKey, sender, payload: start.groups?.payload };
    return { type: 'message', dedupeKey, sender, content: [{ kind: 'text', text }], sentAt: dateOf(date) };
  }
  const content: InboundContent[] = [{ kind: 'unsupported', what: kindOf(message) }];
  if (caption) content.push({ kind: 'text', text: caption });
  return { type: 'message', dedupeKey, sender, content, raw: message, sentAt: dateOf(date) };
}

/** An edit is kept where people see it; it does not change what was said before. */
function fromEdit(dedupeKey: string, message: TelegramMessage): Inbound {
  return {
    type: 'message',
    dedupeKey,
    sender: senderOf(message.chat, message.from),
    content: [{ kind: 'unsupported', what: 'edited_message' }],
    raw: message,
    sentAt: dateOf(message.edit_date),
  };
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

/** Telegram sends these beside a second kind, for old clients. */
const PREFERRED = ['animation', 'venue'];

/** Fields of https://core.telegram.org/bots/api#message that say nothing about the kind of content. */
const ENVELOPE = new Set([
  'message_id',
  'message_thread_id',
  'direct_messages_topic',
  'from',
  'sender_chat',
  'sender_boost_count',
  'sender_business_bot',
  'date',
  'business_connection_id',
  'chat',
  'forward_origin',
  'is_topic_message',
  'is_automatic_forward',
  'reply_to_message',
  'external_reply',
  'quote',
  'reply_to_story',
  'reply_to_checklist_task_id',
  'via_bot',
  'edit_date',
  'has_protected_content',
  'is_from_offline',
  'is_paid_post',
  'media_group_id',
  'author_signature',
  'paid_star_count',
  'text',
  'entities',
  'link_preview_options',
  'suggested_post_info',
  'effect_id',
  'caption',
  'caption_entities',
  'show_caption_above_media',
  'has_media_spoiler',
  'reply_markup',
]);

/** Telegram's own word for what a message holds, such as `photo`. */
function kindOf(message: TelegramMessage): string {
  const kinds = Object.keys(message).filter((key) => !ENVELOPE.has(key));
  return PREFERRED.find((kind) => kinds.includes(kind)) ?? kinds[0] ?? 'message';
}

function typeOf(update: TelegramUpdate): string {
  const type = Object.keys(update).find((key) => key !== 'update_id') ?? '';
  return /^[a-z_]{1,40}$/.test(type) ? type : 'without-a-type';
}
