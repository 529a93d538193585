import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { authentic } from '../authentic.ts';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost, WebhookRequest } from '../connector.ts';
import { callSignal, createTelegramApi, speakable } from './api.ts';
import { askHealth } from './health.ts';
import { translateUpdates } from './inbound.ts';
import { outcomeOfFailure, renderText } from './outbound.ts';
import { announceWebhook, poll } from './polling.ts';

const CLOUD = 'https://api.telegram.org';

const settings = z.strictObject({
  token: z
    .string()
    .regex(
      /^[^\s/?#]+$/,
      'is not a bot token; @BotFather gives one such as 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5P',
    )
    .meta({ titles: { ru: 'Токен бота', en: 'Bot token' }, secret: true }),
  apiRoot: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(CLOUD)
    .meta({ titles: { ru: 'Адрес Bot API', en: 'Address of the Bot API' } }),
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

const capabilities: Capabilities = {
  content: { ...TEXT_ONLY, choices: 'native' },
  abilities: { ...NO_ABILITIES, typing: 'native' },
  limits: {
    // "1-4096 characters after entities parsing", https://core.telegram.org/bots/api#sendmessage
    maxText: 4096,
    unit: 'utf16',
    // Not in the documentation: what Telegram takes in one keyboard, and what a phone shows of a label.
    maxChoices: 100,
    maxChoiceText: 64,
    // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    perSecond: 30,
    perThreadPerSecond: 1,
    // "We may allow short bursts that go over this limit".
    perThreadBurst: 3,
  },
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

function connect({ token, apiRoot, webhookSecret }: TelegramSettings, host: ConnectorHost): Connector {
  const api = createTelegramApi({ token, apiRoot }, host.fetch);
  const { channel, log, webhookUrl } = host;
  const secretDigest = webhookSecret ? digest(webhookSecret) : undefined;
  return {
    hasRates: apiRoot === CLOUD,
    receive(request) {
      if (!isFromTelegram(request, secretDigest)) return { authentic: false, reason: 'wrong-secret' };
      return translateText(new TextDecoder().decode(request.body));
    },
    retranslate: translateText,
    async send(part, signal) {
      if (part.kind !== 'text') return { outcome: 'rejected', reason: 'not-text' };
      const { chat, text, other } = renderText(part);
      try {
        const sent = await api.sendMessage(chat, text, other, callSignal(signal));
        return { outcome: 'accepted', externalId: `${chat}:${sent.message_id}` };
      } catch (error) {
        const outcome = outcomeOfFailure(error);
        const { message } = speakable('sendMessage', error);
        log.debug({ channel, part: part.key, outcome: outcome.outcome }, message);
        return outcome;
      }
    },
    listen(signal) {
      return webhookSecret
        ? announceWebhook(api, { url: webhookUrl, secret: webhookSecret }, signal)
        : poll(api, host, signal);
    },
    health(signal) {
      return askHealth(api, { url: webhookUrl, isPolling: !webhookSecret, now: host.now() }, signal);
    },
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
