import { z } from 'zod';
import type { Locale } from '../../model/contact.ts';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent, Sender } from '../inbound.ts';
import { type TimeWindow, untimely } from '../time-window.ts';
import { contentOf } from './content.ts';
import {
  envelope,
  event as eventSchema,
  isUnheard,
  typeOf,
  type VkEventOf,
  type VkMessage,
} from './events.ts';

type Authentic = Extract<Received, { authentic: true }>;
type Translated = readonly Inbound[] | { readonly quarantine: string };

export interface Scope {
  /** Ours; one address and one secret may serve several communities. */
  readonly groupId: string;
  /** Undefined: none is too old. */
  readonly window?: TimeWindow;
}

/**
 * Translates an event of the Callback API (https://dev.vk.com/ru/api/callback/getting-started). Pure, and never throws.
 * Only dialogues are clients: what comes from chats, what has an unknown type and what has another shape than documented
 * goes to the quarantine whole, but for the secret.
 */
export function translateEvent(raw: unknown, scope: Scope): Authentic {
  const translated = translate(raw, scope);
  if (!('quarantine' in translated)) return authentic(translated);
  const { secret: _, ...rest } = z.looseObject({}).safeParse(raw).data ?? { raw };
  return authentic([], [{ reason: translated.quarantine, raw: rawText(rest) }]);
}

/** Translates what was put into the quarantine again. */
export function retranslate(text: string, groupId: string): Authentic {
  return translateEvent(parseJson(text), { groupId });
}

function translate(raw: unknown, { groupId, window }: Scope): Translated {
  const head = envelope.safeParse(raw).data;
  if (!head) return { quarantine: `not-an-event ${typeOf(raw)}` };
  if (String(head.group_id) !== groupId) return { quarantine: 'another-community' };
  if (isUnheard(head.type)) return [];
  const { data } = eventSchema.safeParse(raw);
  if (!data) return { quarantine: `not-an-event ${typeOf(raw)}` };
  const key = head.event_id;
  switch (data.type) {
    case 'message_new':
      return untimelyAt(data.object.message.date, window) ?? fromMessage(key, data.object);
    case 'message_edit':
      return untimelyAt(data.object.update_time ?? data.object.date, window) ?? fromEdit(key, data.object);
    case 'message_event':
      return fromPress(key, data.object);
    case 'message_read':
      return fromReading(data.object);
  }
}

function untimelyAt(
  atS: number,
  window: TimeWindow | undefined,
): { readonly quarantine: string } | undefined {
  const reason = untimely(new Date(atS * 1_000), window);
  return reason && { quarantine: reason };
}

function fromMessage(key: string, { message, client_info }: VkEventOf<'message_new'>): Translated {
  const sender = senderOf(message, localeOf(client_info?.lang_id));
  if (!sender) return { quarantine: 'not-a-dialogue' };
  const { id, date, ref, reply_message } = message;
  const payload = ref ? { payload: ref } : {};
  if (isStartButton(message)) return [{ type: 'start', dedupeKey: key, sender, ...payload }];
  const said: Inbound = {
    type: 'message',
    dedupeKey: key,
    sender,
    // VK is asked then what they are called.
    acknowledgement: sender.externalUser,
    ...readBody(message),
    sentAt: new Date(date * 1_000),
    ...(id && { externalId: String(id) }),
    ...(reply_message?.id && { replyTo: String(reply_message.id) }),
  };
  // Who followed a link may write at once, and may do so again: the link counts once.
  return ref
    ? [{ type: 'start', dedupeKey: `ref ${message.peer_id} ${ref}`, sender, ...payload }, said]
    : [said];
}

/** Undocumented whether our own edits come too (docs/vk.md); a community has a negative number. */
function fromEdit(key: string, message: VkEventOf<'message_edit'>): Translated {
  if (message.from_id < 0) return [];
  const sender = senderOf(message, undefined);
  if (!sender) return { quarantine: 'not-a-dialogue' };
  if (!message.id) return { quarantine: 'edit-without-an-id' };
  return [{ type: 'edit', dedupeKey: key, sender, externalId: String(message.id), ...readBody(message) }];
}

function fromPress(key: string, press: VkEventOf<'message_event'>): Translated {
  const { user_id, peer_id, event_id } = press;
  if (user_id !== peer_id) return { quarantine: 'not-a-dialogue' };
  return [
    {
      type: 'message',
      dedupeKey: key,
      sender: { externalUser: String(user_id), externalThread: String(peer_id) },
      acknowledgement: `${user_id} ${event_id}`,
      ...choiceOf(press),
    },
  ];
}

const pressed = z.looseObject({ choice: z.string().max(255), label: z.string().max(255).optional() });

/** `payload` is a string in VK's schema, and comes as an object too. */
function choiceOf({ payload, ...press }: VkEventOf<'message_event'>): {
  readonly content: readonly InboundContent[];
  readonly raw?: unknown;
} {
  const given = typeof payload === 'string' ? parseJson(payload) : payload;
  const { data } = pressed.safeParse(given);
  if (!data) return { content: [{ kind: 'unsupported', what: 'message_event' }], raw: { ...press, payload } };
  const { choice: id, label: text } = data;
  return { content: [{ kind: 'choice', id, ...(text !== undefined && { text }) }] };
}

/** All messages up to this one were read; the receipt is of this one. */
function fromReading({ from_id, peer_id, read_message_id }: VkEventOf<'message_read'>): Translated {
  if (from_id !== peer_id || from_id <= 0) return [];
  const externalThread = String(peer_id);
  return [{ type: 'receipt', externalId: String(read_message_id), externalThread, receipt: 'read' }];
}

function readBody(message: VkMessage): {
  readonly content: readonly InboundContent[];
  readonly raw?: unknown;
} {
  const content = contentOf(message);
  return { content, ...(content.some(({ kind }) => kind === 'unsupported') && { raw: message }) };
}

const startCommand = z.looseObject({ command: z.literal('start') });

/** What the button "Start" sends (https://dev.vk.com/ru/api/bots/development/keyboard). */
function isStartButton({ payload }: VkMessage): boolean {
  return startCommand.safeParse(parseJson(payload ?? '')).success;
}

/** Undefined where nobody is there to answer, or more than one person. */
function senderOf({ from_id, peer_id }: VkMessage, locale: Locale | undefined): Sender | undefined {
  if (from_id <= 0 || from_id !== peer_id) return undefined;
  return { externalUser: String(from_id), externalThread: String(peer_id), ...(locale && { locale }) };
}

/** Numbers of languages: https://dev.vk.com/ru/api/api-requests, `lang`. */
function localeOf(language: number | undefined): Locale | undefined {
  return language === 0 ? 'ru' : language === 3 ? 'en' : undefined;
}
