/**
 * Updates in the form of https://dev.max.ru/docs-api/objects/Update and of the official client's types; names, numbers
 * and ids are made up.
 */
export const SECRET = 'a-webhook-secret_1';

export type Json = Readonly<Record<string, unknown>>;

let messages = 0;

export function nextMid(): string {
  messages += 1;
  return `mid.${String(messages).padStart(32, '0')}`;
}

export function userOf(id: number): Json {
  const name = { first_name: 'Анна', last_name: 'Иванова', name: 'Анна Иванова', username: 'anna' };
  return { user_id: id, ...name, is_bot: false, last_activity_time: 1_735_000_000_000 };
}

/** A message in the dialogue of a person, whose chat has the person's number and a million. */
export function messageOf(user: number, body: Json, more: Json = {}): Json {
  return {
    sender: userOf(user),
    recipient: { chat_id: chatOf(user), chat_type: 'dialog', user_id: 1 },
    timestamp: Date.now(),
    body: { mid: nextMid(), seq: messages, text: null, attachments: null, ...body },
    ...more,
  };
}

export const chatOf = (user: number): number => user + 1_000_000;

export function updateOf(update_type: string, more: Json): Json {
  return { update_type, timestamp: Date.now(), user_locale: 'ru', ...more };
}

export function textUpdate(user: number, text: string): Json {
  return updateOf('message_created', { message: messageOf(user, { text }) });
}

/** Posts an update as MAX does; resolves with the status of the answer. */
export async function postUpdate(url: string, body: string, secret = SECRET): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-max-bot-api-secret': secret };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
