import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { apiRoot } from '../api-root.ts';
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
import { createVkApi } from './api.ts';
import { askHealth } from './health.ts';
import { retranslate, translateEvent } from './inbound.ts';
import { downloadMedia, uploadMedia } from './media.ts';
import { createAskName } from './names.ts';
import { renderEdit, renderMessage } from './outbound.ts';
import { isNoMessage, outcomeOfEdit, outcomeOfRemoval, outcomeOfSend } from './outcome.ts';

/** Or api.vk.ru, https://dev.vk.com/ru/api/api-requests */
const CLOUD = 'https://api.vk.com';

const settings = z.strictObject({
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'is not a community’s token; the community shows it under Manage, API usage')
    .meta({ titles: { ru: 'Ключ доступа сообщества', en: 'Access token of the community' }, secret: true }),
  groupId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'is not the number of a community; Manage, API usage, Callback API shows it')
    .meta({ titles: { ru: 'Номер сообщества', en: 'Number of the community' } }),
  secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,64}$/, 'is not a secret key: 8 to 64 characters without spaces, the same as at VK')
    .meta({
      titles: { ru: 'Секретный ключ Callback API', en: 'Secret key of the Callback API' },
      secret: true,
    }),
  confirmation: z
    .string()
    .regex(/^[\w-]{0,64}$/, 'is not what the server must answer; Manage, API usage, Callback API shows it')
    .meta({
      titles: {
        ru: 'Строка, которую должен вернуть сервер',
        en: 'String that the server must return',
      },
    }),
  apiRoot: apiRoot(CLOUD),
});
type VkSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;
const MEGABYTE = 1024 * 1024;

const capabilities: Capabilities = {
  content: {
    text: 'native',
    choices: 'native',
    card: 'fallback',
    image: 'native',
    file: 'native',
    // VK takes voice notes of one codec only and no MP3 as a file; video needs the token of a person (docs/vk.md).
    audio: 'fallback',
    video: 'fallback',
    sticker: 'fallback',
    location: 'native',
    contact: 'fallback',
  },
  abilities: {
    ...NO_ABILITIES,
    typing: 'native',
    receipts: 'native',
    edit: 'native',
    delete: 'native',
    replyTo: 'native',
  },
  limits: {
    // https://dev.vk.com/ru/method/messages.send allows 9000 characters; longer than 4096 are refused as 914 (docs/vk.md).
    maxText: 4096,
    unit: 'utf16',
    // https://dev.vk.com/ru/api/bots/development/keyboard: 10 buttons of an inline keyboard, labels of 40 characters.
    maxChoices: 10,
    maxChoiceText: 40,
    // https://dev.vk.com/ru/api/upload: photos of 50 MB; documents of 200 MB.
    media: {
      maxCaption: 4096,
      maxBytes: { image: 50 * MEGABYTE, file: 200 * MEGABYTE },
      types: { image: ['image/jpeg', 'image/png', 'image/gif'] },
      albumSize: 1,
    },
    // https://dev.vk.com/ru/method/messages.edit and https://dev.vk.com/ru/method/messages.delete (`delete_for_all`).
    revisableForMs: { edit: 24 * HOUR_MS, delete: 24 * HOUR_MS },
    // 20 requests a second (https://dev.vk.com/ru/api/bots/development/messages); 1000 messages an hour to one person.
    perSecond: 20,
    perThreadPerSecond: 0.27,
    perThreadBurst: 20,
  },
  // Older messages than 24 hours are not taken.
  dedupeWindowMs: 48 * HOUR_MS,
  // https://dev.vk.com/ru/api/bots/development/keyboard, types of buttons: none asks for a number.
  buttons: { link: 'beside', location: 'beside' },
  acceptance: 'answer',
  jurisdiction: 'ru',
  dataClass: 'personal',
};

/** Messages of a VK community, by the Callback API (https://dev.vk.com/ru/api/callback/getting-started). */
export const vk: ConnectorDefinition<VkSettings> = { name: 'vk', settings, capabilities, connect };

/** The key of an older message may be forgotten. */
const MAX_AGE_MS = 24 * HOUR_MS;
/** An answer to a pressed button, or typing, that is later than this says nothing. */
const SIGNAL_LIMIT_MS = 10_000;

function connect(given: VkSettings, host: ConnectorHost): Connector {
  const { apiRoot, groupId } = given;
  const api = createVkApi(given, host.fetch);
  const askName = createAskName(api, host);

  async function send(part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome> {
    if (part.kind === 'card' || part.kind === 'contact')
      return { outcome: 'rejected', reason: `${part.kind}-not-native` };
    const [media] = part.kind === 'media' ? part.media : [];
    const { externalThread } = part;
    const uploaded = media && (await uploadMedia(api, host, { media, externalThread, signal }));
    if (uploaded && 'outcome' in uploaded) return uploaded;
    return outcomeOfSend(await api('messages.send', renderMessage(part, uploaded?.attachment), signal));
  }

  /** https://dev.vk.com/ru/method/messages.getById: what is deleted for all is not listed, or listed as deleted. */
  async function isDeleted(message_ids: string, signal: AbortSignal): Promise<boolean> {
    return isNoMessage(await api('messages.getById', { message_ids }, signal));
  }

  return {
    hasRates: apiRoot === CLOUD,
    receive: (request) => receive(request, given, host.now()),
    retranslate: (raw) => retranslate(raw, groupId),
    send,
    // https://dev.vk.com/ru/method/messages.edit: within 24 hours.
    async edit({ externalThread: peer_id, externalId: message_id }, part, signal) {
      // An edit takes away the files that it does not name, and their names are not kept.
      if (part.kind !== 'text') return { outcome: 'rejected', reason: `${part.kind}-not-editable` };
      const parameters = { peer_id, message_id, ...renderEdit(part.text, part.choices) };
      return outcomeOfEdit(await api('messages.edit', parameters, signal), message_id);
    },
    // https://dev.vk.com/ru/method/messages.delete
    async remove({ externalThread: peer_id, externalId }, signal) {
      const parameters = { peer_id, message_ids: externalId, delete_for_all: 1 };
      const outcome = outcomeOfRemoval(await api('messages.delete', parameters, signal), externalId);
      // The second of two deletions, after a lost answer: it is refused, and what was wanted is so.
      const isGone = outcome.outcome === 'rejected' && (await isDeleted(externalId, signal));
      return isGone ? { outcome: 'accepted', externalId } : outcome;
    },
    download: (source, { maxBytes }, signal) =>
      downloadMedia(host.fetch, apiRoot, source, { maxBytes, signal }),
    health: (signal) => askHealth(api, { groupId, webhookUrl: host.webhookUrl }, signal),
    startLink: (payload) => `https://vk.me/club${groupId}?ref=${payload}`,
    // https://dev.vk.com/ru/method/messages.sendMessageEventAnswer; without `event_data` it only ends the waiting.
    async acknowledge(about) {
      const [user_id = '', event_id] = about.split(' ');
      if (event_id === undefined) return askName(user_id);
      const parameters = { user_id, peer_id: user_id, event_id };
      await api('messages.sendMessageEventAnswer', parameters, AbortSignal.timeout(SIGNAL_LIMIT_MS));
    },
    // https://dev.vk.com/ru/method/messages.setActivity
    async typing(peer_id) {
      const parameters = { peer_id, type: 'typing' };
      await api('messages.setActivity', parameters, AbortSignal.timeout(SIGNAL_LIMIT_MS));
    },
  };
}

const confirmation = z.looseObject({ type: z.literal('confirmation'), group_id: z.int() });
const signed = z.looseObject({ secret: z.string() });

/** Each request carries the secret in its body, but for the one that asks for the confirmation string. */
function receive(request: WebhookRequest, given: VkSettings, now: Date): Received {
  if (request.method !== 'POST') return { authentic: false, reason: 'wrong-method' };
  const raw = parseJson(new TextDecoder().decode(request.body));
  const { data: asked } = confirmation.safeParse(raw);
  if (asked) return confirm(String(asked.group_id), given);
  const { data } = signed.safeParse(raw);
  if (!data || !isSameSecret(data.secret, given.secret)) return { authentic: false, reason: 'wrong-secret' };
  const window = windowUntil(now, MAX_AGE_MS);
  return { ...translateEvent(raw, { groupId: given.groupId, window }), reply: replyWith('ok') };
}

function confirm(asking: string, { groupId, confirmation }: VkSettings): Received {
  if (asking !== groupId || confirmation === '') return { authentic: false, reason: 'nothing-to-confirm' };
  return { authentic: true, inbound: [], reply: replyWith(confirmation) };
}

function replyWith(body: string): NonNullable<Extract<Received, { authentic: true }>['reply']> {
  return { status: 200, type: 'text/plain', body };
}
