import { randomBytes } from 'node:crypto';

/**
 * Events in the form of https://dev.vk.com/ru/api/community-events/json-schema and of VKCOM/vk-api-schema,
 * callback/objects.json; names, numbers and ids are made up.
 */
export const SECRET = 'aVerySecretKey1';
export const GROUP = 218252175;

export type Json = Readonly<Record<string, unknown>>;

let messages = 1000;

export function nextId(): number {
  messages += 1;
  return messages;
}

export function eventOf(type: string, object: unknown, more: Json = {}): Json {
  const event_id = randomBytes(20).toString('hex');
  return { type, object, group_id: GROUP, event_id, v: '5.199', secret: SECRET, ...more };
}

/** VK hands texts over as HTML writes them (docs/vk.md). */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A message in the dialogue of a person, whose place has the person's number. */
export function messageOf(user: number, text: string, more: Json = {}): Json {
  const id = nextId();
  const date = Math.floor(Date.now() / 1_000);
  const place = { peer_id: user, from_id: user, out: 0, conversation_message_id: id - 900 };
  const rest = { attachments: [], fwd_messages: [], important: false, is_hidden: false, random_id: 0 };
  return { date, id, ...place, ...rest, text: escaped(text), ...more };
}

const CLIENT = { keyboard: true, inline_keyboard: true, carousel: true, lang_id: 0 };

export function newMessage(message: Json, more: Json = {}): Json {
  return eventOf('message_new', { message, client_info: CLIENT }, more);
}

export function textEvent(user: number, text: string): Json {
  return newMessage(messageOf(user, text));
}

/** Posts an event as VK does; resolves with the status and the body of the answer. */
export async function postEvent(url: string, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}
