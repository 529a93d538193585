import type { AttachmentRequest, Button } from '@maxhub/max-bot-api/types';
import type { Choice } from '../../model/content.ts';
import type { OutgoingPart } from '../outgoing.ts';

/** A body of POST and PUT /messages (https://dev.max.ru/docs-api/objects/NewMessageBody). No `format`: plain text. */
export interface MaxNewMessage {
  readonly text?: string;
  readonly attachments?: readonly AttachmentRequest[];
  readonly link?: { readonly type: 'reply'; readonly mid: string };
}

/** The body of a part; `uploaded`: the attachment of a part of media, whose bytes MAX has already. */
export function renderMessage(part: OutgoingPart, uploaded?: AttachmentRequest): MaxNewMessage {
  return {
    ...contentOf(part, uploaded),
    ...(part.replyTo !== undefined && { link: { type: 'reply' as const, mid: part.replyTo } }),
  };
}

/**
 * The body that puts a part in the place of another. Attachments that are not named stay as they are, so a text names
 * its buttons, or that it has none; what an edited caption stands under stays.
 */
export function renderEdit(part: OutgoingPart): MaxNewMessage {
  if (part.kind === 'text') return { text: part.text, attachments: keyboard(part.choices) };
  if (part.kind === 'media') return { text: part.media[0]?.caption ?? '' };
  throw new Error(`max cannot edit a ${part.kind}`);
}

function contentOf(part: OutgoingPart, uploaded: AttachmentRequest | undefined): MaxNewMessage {
  switch (part.kind) {
    case 'text':
      return { text: part.text, ...(part.choices?.length && { attachments: keyboard(part.choices) }) };
    case 'media': {
      if (!uploaded) throw new Error('media are uploaded before their message is rendered');
      const caption = part.media[0]?.caption;
      return {
        ...(caption !== undefined && { text: caption }),
        attachments: [uploaded, ...keyboard(part.choices)],
      };
    }
    case 'location': {
      const { latitude, longitude } = part;
      const text = [part.title, part.address].filter(Boolean).join('\n');
      return { ...(text && { text }), attachments: [{ type: 'location', latitude, longitude }] };
    }
    case 'card':
    case 'contact':
      // Its capabilities have neither, so they were fitted to text.
      throw new Error(`max was handed a ${part.kind}`);
  }
}

/** Each button has a row of its own, so that long labels stay readable. */
function keyboard(choices: readonly Choice[] = []): AttachmentRequest[] {
  if (choices.length === 0) return [];
  return [{ type: 'inline_keyboard', payload: { buttons: choices.map((choice) => [buttonOf(choice)]) } }];
}

/** https://dev.max.ru/docs-api/use-cases/sending-messages/keyboard, types of buttons. */
function buttonOf(choice: Choice): Button {
  const { text } = choice;
  switch (choice.kind) {
    case undefined:
      return { type: 'callback', text, payload: choice.id };
    case 'link':
      return { type: 'link', text, url: choice.url };
    case 'contact':
      return { type: 'request_contact', text };
    case 'location':
      return { type: 'request_geo_location', text };
  }
}
