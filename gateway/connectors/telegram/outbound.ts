import { type Api, InputFile } from 'grammy';
import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  InputMediaDocument,
  ReplyKeyboardMarkup,
  ReplyParameters,
} from 'grammy/types';
import type { AnswerChoice, Choice, LinkChoice, RequestChoice } from '../../model/content.ts';
import type { ConnectorHost } from '../connector.ts';
import type { OutgoingMedia, OutgoingPart } from '../outgoing.ts';
import { callSignal, RequestFault } from './api.ts';

/** The message as Telegram numbered it; of an album, the first, and beside it the others. */
interface Sent {
  readonly message_id: number;
  readonly others?: readonly Sent[];
}

interface Common {
  readonly chat_id: number;
  readonly reply_parameters?: ReplyParameters;
}

type Part<Kind extends OutgoingPart['kind']> = Extract<OutgoingPart, { readonly kind: Kind }>;
/** Reads the bytes of media. */
type Read = ConnectorHost['readMedia'];

/** Sends one part in one request; https://core.telegram.org/bots/api#available-methods. Plain text: no markup is read. */
export async function sendPart(api: Api, read: Read, part: OutgoingPart, signal: AbortSignal): Promise<Sent> {
  const common: Common = { chat_id: Number(part.externalThread), ...replying(part.replyTo) };
  const until = callSignal(signal);
  switch (part.kind) {
    case 'text':
      return api.raw.sendMessage({ ...common, text: part.text, ...keyboard(part.choices) }, until);
    case 'media':
      return sendMedia(api, common, part, await filesOf(part, read), until);
    case 'location':
      return sendPlace(api, common, part, until);
    case 'contact':
      return sendPerson(api, common, part, until);
    case 'card':
      // Its capabilities have no card, so it was fitted to text and image.
      throw new Error('telegram was handed a card');
  }
}

/**
 * What asks for something takes the place of the client's own keyboard until it is pressed, and has no inline form
 * (https://core.telegram.org/bots/api#keyboardbutton); its capabilities let it stand alone.
 */
function keyboard(choices: readonly Choice[] = []): {
  readonly reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup;
} {
  const requests = choices.filter(
    (choice): choice is RequestChoice => choice.kind === 'contact' || choice.kind === 'location',
  );
  if (requests.length === 0) return inlineKeyboard(choices);
  const rows = requests.map(({ kind, text }) => [
    kind === 'contact' ? { text, request_contact: true as const } : { text, request_location: true as const },
  ]);
  return { reply_markup: { keyboard: rows, resize_keyboard: true, one_time_keyboard: true } };
}

/** Each button has a row of its own, so that long labels stay readable. */
export function inlineKeyboard(choices: readonly Choice[] = []): {
  readonly reply_markup?: InlineKeyboardMarkup;
} {
  const shown = choices.filter(
    (choice): choice is AnswerChoice | LinkChoice => choice.kind === undefined || choice.kind === 'link',
  );
  if (shown.length === 0) return {};
  return { reply_markup: { inline_keyboard: shown.map((choice) => [inlineButton(choice)]) } };
}

/** https://core.telegram.org/bots/api#inlinekeyboardbutton */
function inlineButton(choice: AnswerChoice | LinkChoice): InlineKeyboardButton {
  const { text } = choice;
  return choice.kind === 'link' ? { text, url: choice.url } : { text, callback_data: choice.id };
}

/** The number in the id of a message of ours or of the client: `CHAT:NUMBER`. */
export function messageIdOf(externalId: string): number {
  return Number(externalId.slice(externalId.indexOf(':') + 1));
}

/** An answer to a message that is gone is sent all the same. */
function replying(externalId: string | undefined): Pick<Common, 'reply_parameters'> {
  if (externalId === undefined) return {};
  return { reply_parameters: { message_id: messageIdOf(externalId), allow_sending_without_reply: true } };
}

async function filesOf({ media }: Part<'media'>, read: Read): Promise<readonly InputFile[]> {
  const bytes = await Promise.all(media.map(({ media: { id } }) => read(id))).catch(() => {
    throw new RequestFault('not-sent', 'media-away');
  });
  return media.map((one, index) => new InputFile(bytes[index] ?? new Uint8Array(), nameOf(one)));
}

/** Telegram tells what a document is by its name; what would end the name in the form's header goes. */
function nameOf({ name, media: { type } }: OutgoingMedia): string {
  return name?.replace(/[\r\n";]/g, ' ') ?? `file.${type.split('/')[1]?.replace(/^x-|\+.*$/g, '') ?? 'bin'}`;
}

type Until = ReturnType<typeof callSignal>;

async function sendMedia(
  api: Api,
  common: Common,
  { media, choices }: Part<'media'>,
  files: readonly InputFile[],
  until: Until,
): Promise<Sent> {
  const [first] = media;
  const [file] = files;
  if (!first || !file) throw new Error('a part without media');
  if (media.length > 1) return sendAlbum(api, common, media, files, until);
  const all = { ...common, ...caption(first), ...keyboard(choices) };
  switch (first.kind) {
    case 'image':
      return api.raw.sendPhoto({ ...all, photo: file }, until);
    case 'video':
      return api.raw.sendVideo({ ...all, video: file }, until);
    case 'audio':
      // "audio must be in an .OGG file encoded with OPUS" to be a voice message; music is .MP3 or .M4A.
      return first.media.type === 'audio/ogg'
        ? api.raw.sendVoice({ ...all, voice: file }, until)
        : api.raw.sendAudio({ ...all, audio: file }, until);
    case 'sticker':
      return api.raw.sendSticker({ ...common, ...keyboard(choices), sticker: file }, until);
    case 'file':
      return api.raw.sendDocument({ ...all, document: file }, until);
  }
}

/** https://core.telegram.org/bots/api#sendmediagroup: 2-10 items; it takes no buttons. */
async function sendAlbum(
  api: Api,
  common: Common,
  media: readonly OutgoingMedia[],
  files: readonly InputFile[],
  until: Until,
): Promise<Sent> {
  const items = media.flatMap((one, index) => {
    const file = files[index];
    if (!file) return [];
    const type = one.kind === 'image' ? 'photo' : one.kind === 'file' ? 'document' : one.kind;
    // Its type is of one sort of album; fit never mixes others than images with videos.
    return [{ type, media: file, ...caption(one) } as InputMediaDocument];
  });
  const [first, ...others] = await api.raw.sendMediaGroup({ ...common, media: items }, until);
  if (!first) throw new Error('sendMediaGroup answered without a message');
  return { message_id: first.message_id, others };
}

function caption({ caption: text }: OutgoingMedia): { readonly caption?: string } {
  return text === undefined ? {} : { caption: text };
}

async function sendPlace(api: Api, common: Common, part: Part<'location'>, until: Until): Promise<Sent> {
  const { latitude, longitude, title, address } = part;
  if (title === undefined) return api.raw.sendLocation({ ...common, latitude, longitude }, until);
  return api.raw.sendVenue({ ...common, latitude, longitude, title, address: address ?? '' }, until);
}

async function sendPerson(
  api: Api,
  common: Common,
  { name, phone }: Part<'contact'>,
  until: Until,
): Promise<Sent> {
  if (phone === undefined) return api.raw.sendMessage({ ...common, text: name }, until);
  return api.raw.sendContact({ ...common, phone_number: phone, first_name: name }, until);
}
