import type { Choice, LinkChoice, RequestChoice } from '../../model/content.ts';
import type { OutgoingMedia, OutgoingPart } from '../outgoing.ts';

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages */
const BUTTONS = { most: 3, maxLabel: 20, maxBody: 1024 } as const;

type Body = Readonly<Record<string, unknown>>;
/** Media that were uploaded before, by Meta's id. */
export interface Uploaded {
  readonly media: OutgoingMedia;
  readonly id: string;
}

/**
 * The body of one message (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages).
 * Meta hands `biz_opaque_callback_data` back with each status. `uploaded`: of a part of media.
 */
export function renderMessage(part: OutgoingPart, uploaded?: Uploaded): Body {
  return { ...envelopeOf(part), ...contentOf(part, uploaded) };
}

/** The same, said by a template, which `renderTemplate` made. */
export function renderByTemplate(part: OutgoingPart, template: Body): Body {
  return { ...envelopeOf(part), type: 'template', template };
}

function envelopeOf(part: OutgoingPart): Body {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: part.externalThread,
    biz_opaque_callback_data: part.key,
    ...(part.replyTo !== undefined && { context: { message_id: part.replyTo } }),
  };
}

function contentOf(part: OutgoingPart, uploaded: Uploaded | undefined): Body {
  switch (part.kind) {
    case 'text':
      return part.choices?.length
        ? interactive(part.text, part.choices)
        : { type: 'text', text: { body: part.text, preview_url: false } };
    case 'media':
      if (!uploaded) throw new Error('media are uploaded before their message is rendered');
      return mediaOf(uploaded, part.choices ?? []);
    case 'location': {
      const { latitude, longitude, title: name, address } = part;
      return { type: 'location', location: { latitude, longitude, name, address } };
    }
    case 'contact': {
      const name = { formatted_name: part.name, first_name: part.name };
      const phones = part.phone === undefined ? [] : [{ phone: part.phone }];
      return { type: 'contacts', contacts: [{ name, phones }] };
    }
    case 'card':
      // Its capabilities have no card, so it was fitted to text and image.
      throw new Error('whatsapp was handed a card');
  }
}

/** Buttons where they can be, else a list that a button opens (…/messages/interactive-list-messages). */
function interactive(text: string, choices: readonly Choice[]): Body {
  const [lone] = choices;
  if (lone?.kind !== undefined) return loneButton(text, lone);
  if (areButtons(text, choices)) return buttons(text, choices);
  const rows = choices.map(({ id, text: title }) => ({ id, title }));
  const button = /\p{Script=Cyrillic}/u.test(text) ? 'Выбрать' : 'Choose';
  const action = { button, sections: [{ rows }] };
  return { type: 'interactive', interactive: { type: 'list', body: { text }, action } };
}

/**
 * The only button of its message (…/messages/interactive-cta-url-messages, …/messages/location-request-messages). What
 * stands on the one that asks for the place is WhatsApp's own.
 */
function loneButton(text: string, button: LinkChoice | RequestChoice): Body {
  const body = { text };
  switch (button.kind) {
    case 'link': {
      const parameters = { display_text: button.text.slice(0, BUTTONS.maxLabel), url: button.url };
      return {
        type: 'interactive',
        interactive: { type: 'cta_url', body, action: { name: 'cta_url', parameters } },
      };
    }
    case 'location': {
      const action = { name: 'send_location' };
      return { type: 'interactive', interactive: { type: 'location_request_message', body, action } };
    }
    case 'contact':
      // Its capabilities have none, so it was fitted to text.
      throw new Error('whatsapp was handed a button for a contact');
  }
}

function areButtons(text: string, choices: readonly Choice[]): boolean {
  const labels = new Set(choices.map(({ text: label }) => label));
  return (
    text.length <= BUTTONS.maxBody &&
    choices.length <= BUTTONS.most &&
    labels.size === choices.length &&
    choices.every(({ text: label }) => label.length <= BUTTONS.maxLabel)
  );
}

function buttons(text: string, choices: readonly Choice[], header?: Body): Body {
  const replies = choices.map(({ id, text: title }) => ({ type: 'reply', reply: { id, title } }));
  return {
    type: 'interactive',
    interactive: {
      type: 'button',
      ...(header && { header }),
      body: { text },
      action: { buttons: replies },
    },
  };
}

/** Only buttons can have media above them; other choices are named in the caption, and the client writes one. */
function mediaOf({ media, id }: Uploaded, choices: readonly Choice[]): Body {
  const caption = media.caption ?? '';
  if (choices.length > 0 && caption !== '' && media.kind !== 'audio' && areButtons(caption, choices)) {
    const type = typeOf(media, caption);
    return buttons(caption, choices, { type, [type]: { id, ...fileName(type, media) } });
  }
  const lines = [...(caption === '' ? [] : [caption]), ...choices.map(({ text }) => `• ${text}`)];
  const words = lines.join('\n');
  const type = typeOf(media, words);
  return { type, [type]: { id, ...(words !== '' && { caption: words }), ...fileName(type, media) } };
}

/** Audio takes no caption (…/messages/audio-messages), so what has one goes as a document. */
function typeOf({ kind }: OutgoingMedia, caption: string): 'image' | 'video' | 'audio' | 'document' {
  if (kind === 'image' || kind === 'video') return kind;
  return kind === 'audio' && caption === '' ? 'audio' : 'document';
}

function fileName(type: string, { name }: OutgoingMedia): Body {
  return type === 'document' && name !== undefined ? { filename: name } : {};
}
