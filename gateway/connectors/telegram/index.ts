import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { botApiRoot } from '../api-root.ts';
import { authentic } from '../authentic.ts';
import type { Capabilities } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost, WebhookRequest } from '../connector.ts';
import type { SendOutcome } from '../outgoing.ts';
import { createTelegramApi, speakable } from './api.ts';
import { downloadFile } from './download.ts';
import { askHealth } from './health.ts';
import { translateUpdates } from './inbound.ts';
import { messageIdOf, sendPart } from './outbound.ts';
import { outcomeOfFailure } from './outcome.ts';
import { announceWebhook, poll } from './polling.ts';
import { editMessage, removeMessage, setReaction } from './revise.ts';

const CLOUD = 'https://api.telegram.org';

const settings = z.strictObject({
  token: z
    .string()
    .regex(
      /^[^\s/?#]+$/,
      'is not a bot token; @BotFather gives one such as 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5P',
    )
    .meta({ titles: { ru: 'Токен бота', en: 'Bot token' }, secret: true }),
  apiRoot: botApiRoot(CLOUD),
  webhookSecret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,256}$/, 'is not a webhook secret: up to 256 letters, digits, _ and -')
    .optional()
    .meta({
      titles: {
        ru: 'Секрет вебхука; без него бот сам спрашивает новые сообщения',
        en: 'Webhook secret; without it the bot polls for messages',
      },
      secret: true,
    }),
});
type TelegramSettings = z.infer<typeof settings>;

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
    sticker: 'native',
    location: 'native',
    contact: 'native',
  },
  // A bot in a private chat is told of edits and reactions, and not of what the client deletes.
  abilities: {
    typing: 'native',
    receipts: 'none',
    edit: 'native',
    delete: 'native',
    reaction: 'native',
    replyTo: 'native',
  },
  limits: {
    // "1-4096 characters after entities parsing", https://core.telegram.org/bots/api#sendmessage
    maxText: 4096,
    unit: 'utf16',
    // Not in the documentation: what Telegram takes in one keyboard, and what a phone shows of a label.
    maxChoices: 100,
    maxChoiceText: 64,
    media: {
      // "0-1024 characters after entities parsing", https://core.telegram.org/bots/api#sendphoto
      maxCaption: 1024,
      // "10 MB max size for photos, 50 MB for other files", https://core.telegram.org/bots/api#sending-files
      maxBytes: {
        image: 10 * MEGABYTE,
        file: 50 * MEGABYTE,
        audio: 50 * MEGABYTE,
        video: 50 * MEGABYTE,
        // "The size must not exceed 512 KB", https://core.telegram.org/stickers
        sticker: 512 * 1024,
      },
      types: {
        image: ['image/jpeg', 'image/png', 'image/webp'],
        // https://core.telegram.org/bots/api#sendaudio and #sendvoice
        audio: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/ogg'],
        // "Telegram clients support MPEG4 videos", https://core.telegram.org/bots/api#sendvideo
        video: ['video/mp4'],
        sticker: ['image/webp', 'video/webm'],
      },
      // "2-10 items", https://core.telegram.org/bots/api#sendmediagroup
      albumSize: 10,
    },
    // "A message can only be deleted if it was sent less than 48 hours ago",
    // https://core.telegram.org/bots/api#deletemessage; editing a bot's own message has no such limit (#editmessagetext).
    revisableForMs: { delete: 48 * HOUR_MS },
    // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    perSecond: 30,
    perThreadPerSecond: 1,
    // "We may allow short bursts that go over this limit".
    perThreadBurst: 3,
  },
  // A keyboard that asks for something is another kind than the one with links and answers (#replykeyboardmarkup).
  buttons: { link: 'beside', contact: 'alone', location: 'alone' },
  // "Incoming updates are stored … not longer than 24 hours", https://core.telegram.org/bots/api#getting-updates
  dedupeWindowMs: 48 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'foreign',
  dataClass: 'personal',
};

/** Telegram over the Bot API (https://core.telegram.org/bots/api), by long polling or, with a secret, by webhook. */
export const telegram: ConnectorDefinition<TelegramSettings> = {
  name: 'telegram',
  settings,
  capabilities,
  connect,
};

/** How Telegram numbered what was sent. */
type Ids = Omit<Extract<SendOutcome, { outcome: 'accepted' }>, 'outcome'>;

function connect({ token, apiRoot, webhookSecret }: TelegramSettings, host: ConnectorHost): Connector {
  const api = createTelegramApi({ token, apiRoot }, host.fetch);
  const { channel, log, webhookUrl } = host;
  /** Known once Telegram was asked who we are. */
  let username: string | undefined;
  const secretDigest = webhookSecret ? digest(webhookSecret) : undefined;

  async function outcomeOf(about: string, send: () => Promise<string | Ids>): Promise<SendOutcome> {
    try {
      const sent = await send();
      return { outcome: 'accepted', ...(typeof sent === 'string' ? { externalId: sent } : sent) };
    } catch (error) {
      const outcome = outcomeOfFailure(error);
      log.debug({ channel, part: about, outcome: outcome.outcome }, speakable('send', error).message);
      return outcome;
    }
  }

  return {
    hasRates: apiRoot === CLOUD,
    receive(request) {
      if (!isFromTelegram(request, secretDigest)) return { authentic: false, reason: 'wrong-secret' };
      return translateText(new TextDecoder().decode(request.body));
    },
    retranslate: translateText,
    send: (part, signal) =>
      outcomeOf(part.key, async () => {
        const { message_id, others } = await sendPart(api, host.readMedia, part, signal);
        const idOf = (number: number) => `${part.externalThread}:${number}`;
        return {
          externalId: idOf(message_id),
          ...(others && { otherIds: others.map((other) => idOf(other.message_id)) }),
        };
      }),
    edit: ({ externalThread, externalId }, part, signal) =>
      outcomeOf(part.key, async () => {
        await editMessage(
          api,
          { chat: Number(externalThread), message: messageIdOf(externalId) },
          part,
          signal,
        );
        return externalId;
      }),
    remove: ({ externalThread, externalId }, signal) =>
      outcomeOf(externalId, async () => {
        await removeMessage(api, Number(externalThread), messageIdOf(externalId), signal);
        return externalId;
      }),
    react: ({ externalThread, externalId }, emoji, signal) =>
      outcomeOf(externalId, async () => {
        await setReaction(api, Number(externalThread), messageIdOf(externalId), emoji, signal);
        return externalId;
      }),
    download: (source, { maxBytes }, signal) =>
      downloadFile(api, { token, apiRoot, maxBytes }, source, host.fetch, signal),
    listen(signal) {
      return webhookSecret
        ? announceWebhook(api, { url: webhookUrl, secret: webhookSecret }, signal)
        : poll(api, host, signal);
    },
    async health(signal) {
      const expected = { url: webhookUrl, isPolling: !webhookSecret, now: host.now() };
      const health = await askHealth(api, expected, signal);
      username = health.account?.replace(/^@/, '') ?? username;
      return health;
    },
    // https://core.telegram.org/bots/features#deep-linking: up to 64 of A-Z, a-z, 0-9, _ and -.
    startLink: (payload) => username && `https://t.me/${username}?start=${payload}`,
    async acknowledge(callbackQuery) {
      await api.answerCallbackQuery(callbackQuery).catch((error: unknown) => {
        throw speakable('answerCallbackQuery', error);
      });
    },
    async typing(externalThread) {
      await api.sendChatAction(Number(externalThread), 'typing').catch((error: unknown) => {
        throw speakable('sendChatAction', error);
      });
    },
  };
}

/** https://core.telegram.org/bots/api#setwebhook: the header carries the secret that we gave. Compared in constant time. */
function isFromTelegram({ method, headers }: WebhookRequest, secret: Buffer | undefined): boolean {
  const given = headers['x-telegram-bot-api-secret-token'];
  if (method !== 'POST' || !secret || typeof given !== 'string') return false;
  return timingSafeEqual(digest(given), secret);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function translateText(text: string) {
  const parsed = parseJson(text);
  if (!parsed) return authentic([], [{ reason: 'not-json', raw: text }]);
  return translateUpdates([parsed.value]);
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
