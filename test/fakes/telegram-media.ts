import { z } from 'zod';
import { type BotState, buttonsOf, done, keyboard, type Method, number, refuse } from './telegram-answer.ts';
import type { ChatMessage, Sent } from './telegram-chats.ts';

/** A file of the request: "Post the file using multipart/form-data" (https://core.telegram.org/bots/api#sending-files). */
interface Uploaded {
  readonly name: string;
  readonly bytes: Uint8Array;
}
const uploaded = z.custom<Uploaded>(
  (value) => typeof value === 'object' && value !== null && 'bytes' in value && 'name' in value,
);
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), schema);
const common = z.object({
  chat_id: number,
  caption: z.string().optional(),
  reply_markup: keyboard.optional(),
  reply_parameters: json(z.object({ message_id: number })).optional(),
});

const MEGABYTE = 1024 * 1024;
/** "10 MB max size for photos, 50 MB for other files" (#sending-files). */
const maxBytesOf = (what: string): number => (what === 'photo' ? 10 : 50) * MEGABYTE;
/** "Photo caption …, 0-1024 characters after entities parsing" (#sendphoto). */
const MAX_CAPTION = 1024;

/** grammY names a file in the parameter as `attach://NAME` and posts it under that name (#sending-files). */
function fileIn(value: unknown, parameters: Readonly<Record<string, unknown>>): Uploaded | undefined {
  const name = typeof value === 'string' ? /^attach:\/\/(.+)$/.exec(value)?.[1] : undefined;
  return uploaded.safeParse(name === undefined ? value : parameters[name]).data;
}

/** sendPhoto, sendDocument and their like: https://core.telegram.org/bots/api#sendphoto */
function sendFile(what: string): Method {
  return (parameters, state) => {
    const parsed = common.safeParse(parameters);
    if (!parsed.success) return refuse(400, 'Bad Request: chat not found');
    const file = fileIn(parameters[what], parameters);
    if (!file || file.bytes.length === 0)
      return refuse(400, `Bad Request: there is no ${what} in the request`);
    if (file.bytes.length > maxBytesOf(what)) return refuse(413, 'Request Entity Too Large');
    const { caption } = parsed.data;
    if ((caption?.length ?? 0) > MAX_CAPTION) return refuse(400, 'Bad Request: message caption is too long');
    return add(state, parsed.data, {
      what,
      bytes: file.bytes,
      fileName: file.name,
      ...(caption !== undefined && { caption }),
    });
  };
}

const item = z.object({ type: z.string(), media: z.string(), caption: z.string().optional() });

/** https://core.telegram.org/bots/api#sendmediagroup: one request, one message for each of "2-10 items". */
const sendMediaGroup: Method = (parameters, state) => {
  const parsed = common.extend({ media: json(z.array(item)) }).safeParse(parameters);
  if (!parsed.success) return refuse(400, 'Bad Request: chat not found');
  const { media } = parsed.data;
  if (media.length < 2 || media.length > 10) return refuse(400, 'Bad Request: wrong number of items');
  // "Documents and audio files can be only grouped in an album with messages of the same type."
  const sorts = new Set(media.map(({ type }) => (type === 'video' ? 'photo' : type)));
  if (sorts.size > 1) return refuse(400, 'Bad Request: media of different types cannot be grouped');
  const album = String(Math.random());
  const results: unknown[] = [];
  for (const one of media) {
    const file = fileIn(one.media, parameters);
    if (!file) return refuse(400, 'Bad Request: there is no file in the request');
    const answer = add(state, parsed.data, {
      what: one.type,
      bytes: file.bytes,
      fileName: file.name,
      album,
      ...(one.caption !== undefined && { caption: one.caption }),
    });
    if (!answer.ok) return answer;
    results.push(answer.result);
  }
  return done(results);
};

/** https://core.telegram.org/bots/api#sendlocation, #sendvenue, #sendcontact */
function sendDetails(what: string, names: readonly string[]): Method {
  return (parameters, state) => {
    const parsed = common.safeParse(parameters);
    if (!parsed.success) return refuse(400, 'Bad Request: chat not found');
    if (names.some((name) => parameters[name] === undefined)) return refuse(400, `Bad Request: bad ${what}`);
    const details = Object.fromEntries(names.map((name) => [name, parameters[name]]));
    return add(state, parsed.data, { what, details });
  };
}

function add(
  { chats }: BotState,
  { chat_id, reply_markup, reply_parameters }: z.infer<typeof common>,
  sent: Sent,
) {
  const chat = chats.find(chat_id);
  if (!chat) return refuse(400, 'Bad Request: chat not found');
  if (chat.forbidden) return refuse(403, `Forbidden: ${chat.forbidden}`);
  const buttons = buttonsOf(reply_markup);
  if (!buttons) return refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
  const replyTo = reply_parameters?.message_id;
  const message: Omit<ChatMessage, 'messageId'> = {
    from: 'bot',
    text: sent.caption ?? '',
    buttons,
    sent: { ...sent, ...(replyTo !== undefined && { replyTo }) },
  };
  const { messageId } = chats.add(chat, message);
  return done({
    message_id: messageId,
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat.id, type: 'private' },
  });
}

/** "The maximum file size to download is 20 MB" (https://core.telegram.org/bots/api#getfile). */
const MAX_DOWNLOAD = 20 * MEGABYTE;

const getFile: Method = ({ file_id }, { files }) => {
  const file = files.get(String(file_id));
  if (!file) return refuse(400, 'Bad Request: invalid file_id');
  if (file.bytes.length > MAX_DOWNLOAD) return refuse(400, 'Bad Request: file is too big');
  return done({
    file_id,
    file_unique_id: `unique-${String(file_id)}`,
    file_size: file.bytes.length,
    file_path: file.path,
  });
};

export const mediaMethods: Readonly<Record<string, Method>> = {
  sendPhoto: sendFile('photo'),
  sendDocument: sendFile('document'),
  sendVideo: sendFile('video'),
  sendAudio: sendFile('audio'),
  sendVoice: sendFile('voice'),
  sendSticker: sendFile('sticker'),
  sendMediaGroup,
  sendLocation: sendDetails('location', ['latitude', 'longitude']),
  sendVenue: sendDetails('venue', ['latitude', 'longitude', 'title', 'address']),
  sendContact: sendDetails('contact', ['phone_number', 'first_name']),
  getFile,
};
