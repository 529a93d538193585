import { createHash } from 'node:crypto';
import type { KeyboardButton } from 'vk-io';
import type { Choice } from '../../model/content.ts';
import type { OutgoingPart } from '../outgoing.ts';

export type VkParameters = Readonly<Record<string, string | number>>;

/** Parameters of messages.send for a part; `uploaded`: the attachment of a part of media, which VK has already. */
export function renderMessage(part: OutgoingPart, uploaded?: string): VkParameters {
  return {
    peer_id: part.externalThread,
    random_id: randomIdOf(part.key),
    ...(part.replyTo !== undefined && { reply_to: part.replyTo }),
    ...contentOf(part, uploaded),
  };
}

/** Parameters of messages.edit, which leaves nothing of the old message: a text names its buttons again. */
export function renderEdit(text: string, choices: readonly Choice[] | undefined): VkParameters {
  return { message: text, ...keyboard(choices) };
}

/**
 * The same for every attempt of a part, so that VK takes it once. "Используйте большой диапазон (до int64)"
 * (https://vk.com/dev/messages.send).
 */
function randomIdOf(key: OutgoingPart['key']): string {
  return (createHash('sha256').update(key).digest().readBigUInt64BE() >> 1n).toString();
}

function contentOf(part: OutgoingPart, uploaded: string | undefined): VkParameters {
  switch (part.kind) {
    case 'text':
      return { message: part.text, ...keyboard(part.choices) };
    case 'media': {
      if (uploaded === undefined) throw new Error('media are uploaded before their message is rendered');
      const caption = part.media[0]?.caption;
      return {
        attachment: uploaded,
        ...(caption !== undefined && { message: caption }),
        ...keyboard(part.choices),
      };
    }
    case 'location': {
      const { latitude: lat, longitude: long } = part;
      const message = [part.title, part.address].filter(Boolean).join('\n');
      return { lat, long, ...(message && { message }) };
    }
    case 'card':
    case 'contact':
      // Its capabilities have neither, so they were fitted to text.
      throw new Error(`vk was handed a ${part.kind}`);
  }
}

/** Of an inline keyboard of 5 by 6 with at most 10 buttons (https://dev.vk.com/ru/api/bots/development/keyboard). */
const MAX_ROWS = 6;
/** Of a button's payload, characters (the same page). */
const MAX_PAYLOAD = 255;

/** A button has a row of its own where the rows suffice, so that long labels stay readable. */
function keyboard(choices: readonly Choice[] = []): VkParameters {
  if (choices.length === 0) return {};
  const perRow = Math.ceil(choices.length / MAX_ROWS);
  const buttons: KeyboardButton[][] = [];
  for (let at = 0; at < choices.length; at += perRow)
    buttons.push(choices.slice(at, at + perRow).map(buttonOf));
  return { keyboard: JSON.stringify({ inline: true, buttons }) };
}

/** Only answers have a colour, and VK itself writes on the button that asks for a place (the same page). */
function buttonOf(choice: Choice): KeyboardButton {
  const { id, text: label } = choice;
  switch (choice.kind) {
    case undefined:
      return { color: 'secondary', action: { type: 'callback', label, payload: payloadOf(id, label) } };
    case 'link':
      return { action: { type: 'open_link', label, link: choice.url, payload: '{}' } };
    case 'location':
      return { action: { type: 'location', payload: '{}' } };
    case 'contact':
      // Its capabilities have none, so it was fitted to text.
      throw new Error('vk was handed a button for a contact');
  }
}

/** A press tells only the payload, so the label goes along where there is room. */
function payloadOf(choice: string, label: string): string {
  const whole = JSON.stringify({ choice, label });
  return whole.length <= MAX_PAYLOAD ? whole : JSON.stringify({ choice });
}
