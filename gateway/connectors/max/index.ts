import { z } from 'zod';
import { botApiRoot } from '../api-root.ts';
import { type Capabilities, NO_ABILITIES } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { isSameSecret } from '../secrets.ts';
import { windowUntil } from '../time-window.ts';
import { createMaxApi } from './api.ts';
import { askHealth } from './health.ts';
import { translateText } from './inbound.ts';
import { keepSubscribed, poll } from './listening.ts';
import { downloadMedia, uploadMedia } from './media.ts';
import { renderEdit, renderMessage } from './outbound.ts';
import { outcomeOfChange, outcomeOfRemoval, outcomeOfSend } from './outcome.ts';

/** "Направляйте запросы на домен platform-api2.max.ru", https://dev.max.ru/docs-api */
const CLOUD = 'https://platform-api2.max.ru';

const settings = z.strictObject({
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'is not a bot token; business.max.ru shows it in the settings of the chat bot')
    .meta({ titles: { ru: 'Токен бота', en: 'Bot token' }, secret: true }),
  apiRoot: botApiRoot(CLOUD),
  webhookSecret: z
    .string()
    // https://dev.max.ru/docs-api/methods/POST/subscriptions, `secret`
    .regex(/^(?:[A-Za-z0-9_-]{5,256})?$/, 'is not a webhook secret: 5 to 256 letters, digits, _ and -')
    .optional()
    .meta({
      titles: {
        ru: 'Секрет вебхука; без него бот сам спрашивает новые сообщения',
        en: 'Webhook secret; without it the bot polls for messages',
      },
      secret: true,
    }),
});
type MaxSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;
const MEGABYTE = 1024 * 1024;

const capabilities: Capabilities = {
  content: {
    text: 'native',
    choices: 'native',
    card: 'fallback',
    image: 'native',
    file: 'native',
    audio: 'native',
    video: 'native',
    sticker: 'fallback',
    location: 'native',
    // The forms of a contact to be sent differ between the documentation and the official client.
    contact: 'fallback',
  },
  abilities: { ...NO_ABILITIES, typing: 'native', edit: 'native', delete: 'native', replyTo: 'native' },
  limits: {
    // https://dev.max.ru/docs-api/objects/NewMessageBody: "до 4000 символов"; a button's text 1 to 128.
    maxText: 4000,
    unit: 'utf16',
    // https://dev.max.ru/docs-api/use-cases/sending-messages/keyboard: 30 rows, and each choice has one of its own.
    maxChoices: 30,
    maxChoiceText: 128,
    // https://dev.max.ru/docs-api/use-cases/sending-messages/attachment-types
    media: {
      maxCaption: 4000,
      maxBytes: {
        image: 50 * MEGABYTE,
        file: 4096 * MEGABYTE,
        audio: 256 * MEGABYTE,
        video: 250 * MEGABYTE,
      },
      types: {
        image: ['image/jpeg', 'image/png', 'image/gif', 'image/tiff', 'image/bmp', 'image/heic'],
        audio: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/ogg'],
        video: ['video/mp4', 'video/quicktime', 'video/x-matroska', 'video/webm'],
      },
      albumSize: 1,
    },
    // Messages without buttons are edited for 7 days, https://dev.max.ru/docs-api/methods/PUT/messages; deleted always.
    revisableForMs: { edit: 7 * 24 * HOUR_MS },
    // 30 requests a second; two messages a second in one dialogue (https://dev.max.ru/docs-api/methods/POST/messages).
    perSecond: 30,
    perThreadPerSecond: 2,
    perThreadBurst: 2,
  },
  buttons: { link: 'beside', contact: 'beside', location: 'beside' },
  // MAX tries a webhook for 8 hours; older updates than 24 hours are not taken.
  dedupeWindowMs: 48 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'ru',
  dataClass: 'personal',
};

/** MAX over its Bot API (https://dev.max.ru/docs-api), by webhook where there is a secret, else by long polling. */
export const max: ConnectorDefinition<MaxSettings> = { name: 'max', settings, capabilities, connect };

/** The key of an older update may be forgotten. */
const MAX_AGE_MS = 24 * HOUR_MS;
/** An answer to a pressed button, or typing, that is later than this says nothing. */
const SIGNAL_LIMIT_MS = 10_000;

function connect({ token, apiRoot, webhookSecret }: MaxSettings, host: ConnectorHost): Connector {
  const api = createMaxApi({ token, apiRoot }, host.fetch);
  /** Known once MAX was asked who we are. */
  let username: string | undefined;

  async function send(part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome> {
    if (part.kind === 'card' || part.kind === 'contact')
      return { outcome: 'rejected', reason: `${part.kind}-not-native` };
    const [media] = part.kind === 'media' ? part.media : [];
    const uploaded = media && (await uploadMedia(api, host, media, signal));
    if (uploaded && 'outcome' in uploaded) return uploaded;
    const path = `/messages?chat_id=${encodeURIComponent(part.externalThread)}`;
    const body = renderMessage(part, uploaded?.attachment);
    return outcomeOfSend(await api({ method: 'POST', path, body, signal }));
  }

  return {
    hasRates: apiRoot === CLOUD,
    receive: (request) => receive(request, webhookSecret, host.now()),
    retranslate: (raw) => translateText(raw),
    send,
    // https://dev.max.ru/docs-api/methods/PUT/messages and …/DELETE/messages
    async edit({ externalId }, part, signal) {
      if (part.kind !== 'text' && part.kind !== 'media')
        return { outcome: 'rejected', reason: `${part.kind}-not-editable` };
      const path = `/messages?message_id=${encodeURIComponent(externalId)}`;
      const answer = await api({ method: 'PUT', path, body: renderEdit(part), signal });
      return outcomeOfChange(answer, externalId);
    },
    async remove({ externalId }, signal) {
      const path = `/messages?message_id=${encodeURIComponent(externalId)}`;
      return outcomeOfRemoval(await api({ method: 'DELETE', path, signal }), externalId);
    },
    download: (source, { maxBytes }, signal) =>
      downloadMedia(host.fetch, apiRoot, source, { maxBytes, signal }),
    listen: (signal) =>
      webhookSecret
        ? keepSubscribed(api, { url: host.webhookUrl, secret: webhookSecret }, signal)
        : poll(api, host, signal),
    async health(signal) {
      const expected = { url: host.webhookUrl, isPolling: !webhookSecret };
      const { username: name, ...health } = await askHealth(api, expected, signal);
      username = name ?? username;
      return health;
    },
    // https://dev.max.ru/help/deeplinks: up to 128 characters.
    startLink: (payload) => username && `https://max.ru/${username}?start=${payload}`,
    // https://dev.max.ru/docs-api/methods/POST/answers; without a message it only ends the button's waiting.
    async acknowledge(callback) {
      const path = `/answers?callback_id=${encodeURIComponent(callback)}`;
      await api({ method: 'POST', path, body: {}, signal: AbortSignal.timeout(SIGNAL_LIMIT_MS) });
    },
    // https://dev.max.ru/docs-api/methods/POST/chats/-chatId-/actions
    async typing(externalThread) {
      const path = `/chats/${encodeURIComponent(externalThread)}/actions`;
      const body = { action: 'typing_on' };
      await api({ method: 'POST', path, body, signal: AbortSignal.timeout(SIGNAL_LIMIT_MS) });
    },
  };
}

/** https://dev.max.ru/docs-api/methods/POST/subscriptions: each request carries the secret that we gave. */
function receive(request: WebhookRequest, secret: string | undefined, now: Date): Received {
  const given = request.headers['x-max-bot-api-secret'];
  if (request.method !== 'POST' || !secret || typeof given !== 'string' || !isSameSecret(given, secret))
    return { authentic: false, reason: 'wrong-secret' };
  return translateText(new TextDecoder().decode(request.body), windowUntil(now, MAX_AGE_MS));
}
