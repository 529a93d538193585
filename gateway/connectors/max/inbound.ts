import { z } from 'zod';
import type { Locale } from '../../model/contact.ts';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent, Sender } from '../inbound.ts';
import { type TimeWindow, untimely } from '../time-window.ts';
import { contentOf } from './content.ts';
import {
  type MaxBody,
  type MaxMessage,
  type MaxUpdateOf,
  type MaxUser,
  typeOf,
  update as updateSchema,
} from './updates.ts';

type Authentic = Extract<Received, { authentic: true }>;
type Translated = Inbound | { readonly quarantine: string };

/** Translates the body of a webhook, one update (https://dev.max.ru/docs-api/methods/POST/subscriptions). */
export function translateText(text: string, window?: TimeWindow): Authentic {
  const parsed = parseJson(text);
  if (parsed === undefined) return authentic([], [{ reason: 'not-json', raw: text }]);
  return translateUpdates([parsed], window);
}

/**
 * Translates updates. Pure, and never throws. Only dialogues are clients: what comes from groups and channels, what has
 * an unknown type and what has another shape than documented goes to the quarantine whole.
 */
export function translateUpdates(updates: readonly unknown[], window?: TimeWindow): Authentic {
  const inbound: Inbound[] = [];
  const quarantine: { reason: string; raw: string }[] = [];
  for (const one of updates) {
    const translated = translateUpdate(one, window);
    if ('quarantine' in translated) quarantine.push({ reason: translated.quarantine, raw: rawText(one) });
    else inbound.push(translated);
  }
  return authentic(inbound, quarantine);
}

function translateUpdate(raw: unknown, window: TimeWindow | undefined): Translated {
  const parsed = updateSchema.safeParse(raw);
  if (!parsed.success) return { quarantine: `not-an-update ${typeOf(raw)}` };
  const { data } = parsed;
  const reason = untimely(new Date(data.timestamp), window);
  if (reason) return { quarantine: reason };
  switch (data.update_type) {
    case 'message_created':
      return fromMessage(data);
    case 'message_edited':
      return fromEdit(data);
    case 'message_removed':
      return fromRemoval(data);
    case 'message_callback':
      return fromCallback(data);
    case 'bot_started':
      return fromStart(data);
  }
}

function fromMessage({ message, user_locale, timestamp }: MaxUpdateOf<'message_created'>): Translated {
  const sender = senderOf(message, user_locale);
  if (!sender) return { quarantine: 'not-a-dialogue' };
  const { body, link } = message;
  return {
    type: 'message',
    dedupeKey: body.mid,
    sender,
    ...readBody(message),
    sentAt: new Date(message.timestamp ?? timestamp),
    externalId: body.mid,
    ...(link?.type === 'reply' && { replyTo: link.message.mid }),
  };
}

function fromEdit({ message, user_locale, timestamp }: MaxUpdateOf<'message_edited'>): Translated {
  const sender = senderOf(message, user_locale);
  if (!sender) return { quarantine: 'not-a-dialogue' };
  const { mid } = message.body;
  return {
    type: 'edit',
    dedupeKey: `edit ${mid} ${timestamp}`,
    sender,
    externalId: mid,
    ...readBody(message),
  };
}

function fromRemoval({ message_id, chat_id, user_id }: MaxUpdateOf<'message_removed'>): Translated {
  const sender = { externalUser: String(user_id), externalThread: String(chat_id) };
  return { type: 'delete', dedupeKey: `removed ${message_id}`, sender, externalId: message_id };
}

function fromCallback({ callback, message, user_locale }: MaxUpdateOf<'message_callback'>): Translated {
  // "null, if the message was deleted before the user pressed": there is no telling where to answer.
  if (!message) return { quarantine: 'callback-without-a-message' };
  if (message.recipient.chat_type !== 'dialog') return { quarantine: 'not-a-dialogue' };
  const { callback_id, payload: id, user } = callback;
  const label = id === undefined ? undefined : labelOf(message.body, id);
  const content: InboundContent =
    id === undefined
      ? { kind: 'unsupported', what: 'message_callback' }
      : { kind: 'choice', id, ...(label !== undefined && { text: label }) };
  return {
    type: 'message',
    dedupeKey: `callback ${callback_id}`,
    sender: personOf(user, message.recipient.chat_id, user_locale),
    acknowledgement: callback_id,
    content: [content],
  };
}

function fromStart({
  chat_id,
  user,
  payload,
  timestamp,
  user_locale,
}: MaxUpdateOf<'bot_started'>): Translated {
  return {
    type: 'start',
    dedupeKey: `started ${chat_id} ${timestamp}`,
    sender: personOf(user, chat_id, user_locale),
    ...(payload && { payload }),
  };
}

/** What was forwarded stands beside the client's own words. */
function readBody({ body, link, sender }: MaxMessage): {
  readonly content: readonly InboundContent[];
  readonly raw?: unknown;
} {
  const forwarded = link?.type === 'forward' ? contentOf(link.message, sender?.user_id) : [];
  const isEmpty = !body.text && !body.attachments?.length;
  const content =
    forwarded.length > 0 && isEmpty ? forwarded : [...contentOf(body, sender?.user_id), ...forwarded];
  return { content, ...(content.some(({ kind }) => kind === 'unsupported') && { raw: body }) };
}

const keyboard = z.looseObject({
  type: z.literal('inline_keyboard'),
  payload: z.looseObject({
    buttons: z.array(z.array(z.looseObject({ text: z.string(), payload: z.string().optional() }))),
  }),
});

function labelOf(body: MaxBody | null | undefined, id: string): string | undefined {
  const keyboards = (body?.attachments ?? []).flatMap((one) => keyboard.safeParse(one).data ?? []);
  const buttons = keyboards.flatMap(({ payload }) => payload.buttons.flat());
  return buttons.find(({ payload }) => payload === id)?.text;
}

/** Undefined where nobody is there to answer, or more than one person. */
function senderOf({ sender, recipient }: MaxMessage, locale: string | null | undefined): Sender | undefined {
  if (!sender || recipient.chat_type !== 'dialog') return undefined;
  return personOf(sender, recipient.chat_id, locale);
}

function personOf(user: MaxUser, chat: number, tag: string | null | undefined): Sender {
  const { user_id, first_name, last_name, username } = user;
  const name = [first_name, last_name].filter(Boolean).join(' ');
  const locale = localeOf(tag);
  return {
    externalUser: String(user_id),
    externalThread: String(chat),
    ...(name && { name }),
    ...(username && { username }),
    ...(locale && { locale }),
  };
}

/** `user_locale` is an IETF BCP 47 tag. */
function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = tag?.split('-')[0];
  return language === 'ru' || language === 'en' ? language : undefined;
}
