import type { InboundContent, InboundMedia } from '../inbound.ts';
import { type Holding, holding, type TelegramFile, type TelegramMessage } from './updates.ts';

/**
 * What a message holds (https://core.telegram.org/bots/api#message): one kind, and its caption. `isKnown` is false
 * where nothing of it is translated.
 */
export function contentOf(message: TelegramMessage): {
  readonly content: readonly InboundContent[];
  readonly isKnown: boolean;
} {
  const { text, caption } = message;
  if (text) return { content: [{ kind: 'text', text }], isKnown: true };
  const held = holding.parse(message);
  const media = mediaOf(held);
  if (media) return { content: [caption ? { ...media, caption } : media], isKnown: true };
  const other = placeOf(held) ?? personOf(held, message.from?.id);
  if (other) return { content: [other], isKnown: true };
  const unsupported: InboundContent = { kind: 'unsupported', what: kindOf(message) };
  return {
    content: caption ? [unsupported, { kind: 'text', text: caption }] : [unsupported],
    isKnown: false,
  };
}

function mediaOf(held: Holding): InboundMedia | undefined {
  const { photo, animation, document, audio, voice, video, video_note, sticker } = held;
  const largest = photo?.at(-1);
  // Telegram makes JPEGs of photos.
  if (largest) return { ...fileOf(largest), kind: 'image', type: 'image/jpeg' };
  // An animation comes as a document too, for old programs.
  if (animation) return { ...fileOf(animation), kind: 'video' };
  if (document) return { ...fileOf(document), kind: 'file' };
  if (voice) return { ...fileOf(voice), kind: 'audio', voice: true };
  if (audio) return { ...fileOf(audio), kind: 'audio' };
  if (video) return { ...fileOf(video), kind: 'video' };
  if (video_note) return { ...fileOf(video_note), kind: 'video' };
  if (!sticker) return undefined;
  return { ...fileOf(sticker), kind: 'sticker', ...(sticker.emoji && { caption: sticker.emoji }) };
}

function fileOf({ file_id, file_size, mime_type, file_name }: TelegramFile): Omit<InboundMedia, 'kind'> {
  return {
    source: file_id,
    ...(mime_type !== undefined && { type: mime_type }),
    ...(file_size !== undefined && { size: file_size }),
    ...(file_name !== undefined && { name: file_name }),
  };
}

/** A venue has its location beside it as well. */
function placeOf({ venue, location }: Holding): InboundContent | undefined {
  const place = venue?.location ?? location;
  if (!place) return undefined;
  const { latitude, longitude } = place;
  return {
    kind: 'location',
    latitude,
    longitude,
    ...(venue && { title: venue.title }),
    ...(venue?.address && { address: venue.address }),
  };
}

/** `user_id`: the contact's own Telegram account; where it is the sender's, Telegram vouches for the number. */
function personOf({ contact }: Holding, sender: number | undefined): InboundContent | undefined {
  if (!contact) return undefined;
  const { first_name, last_name, phone_number, user_id } = contact;
  return {
    kind: 'contact',
    name: [first_name, last_name].filter(Boolean).join(' '),
    phone: phone_number,
    ownNumber: user_id !== undefined && user_id === sender,
  };
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
