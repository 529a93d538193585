import { z } from 'zod';
import { createLru } from '../../lru.ts';
import type { TemplateUse } from '../../model/content.ts';
import { apiRoot } from '../api-root.ts';
import { type Capabilities, NO_ABILITIES } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import { askOnce, type HttpAnswer } from '../http-answer.ts';
import { fills, findTemplate, messageTemplates } from '../message-template.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { windowUntil } from '../time-window.ts';
import { HEALTH_FIELDS, healthOf } from './health.ts';
import { translateBody } from './inbound.ts';
import { downloadMedia, uploadMedia } from './media.ts';
import { renderByTemplate, renderMessage } from './outbound.ts';
import { outcomeOf } from './outcome.ts';
import { isSignedByMeta, readChallenge } from './signature.ts';
import { renderTemplate } from './template.ts';

const CLOUD = 'https://graph.facebook.com/v24.0';

const settings = z.strictObject({
  token: z
    .string()
    .min(1, 'is empty; set WHATSAPP_TOKEN to a system user’s access token')
    .meta({ titles: { ru: 'Токен доступа', en: 'Access token' }, secret: true }),
  phoneId: z
    .string()
    .regex(/^\d{5,20}$/, 'is not a phone number ID; API Setup in the App Dashboard shows it below the number')
    .meta({ titles: { ru: 'ID номера телефона', en: 'Phone number ID' } }),
  appSecret: z
    .string()
    .min(16, 'is empty or too short; App settings, Basic, shows the app secret')
    .meta({ titles: { ru: 'Секрет приложения', en: 'App secret' }, secret: true }),
  verifyToken: z
    .string()
    .min(8, 'is empty or too short; make one up and give it to the webhook’s settings at Meta too')
    .meta({ titles: { ru: 'Маркер подтверждения', en: 'Verify token' }, secret: true }),
  apiRoot: apiRoot(CLOUD),
  templates: messageTemplates
    .default([])
    .meta({ titles: { ru: 'Одобренные шаблоны', en: 'Approved templates' } }),
});
type WhatsAppSettings = z.infer<typeof settings>;

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
    contact: 'native',
  },
  abilities: {
    ...NO_ABILITIES,
    typing: 'native',
    receipts: 'native',
    reaction: 'native',
    replyTo: 'native',
  },
  limits: {
    // https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages; a list's body too.
    maxText: 4096,
    unit: 'utf16',
    // Rows of a list and their titles, …/messages/interactive-list-messages.
    maxChoices: 10,
    maxChoiceText: 24,
    // The body over a link or a request, …/messages/interactive-cta-url-messages and …/location-request-messages.
    maxTextOverLone: 1024,
    // https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
    media: {
      // 1024, less what choices take that are named in a caption: ten of 24 characters, with a bullet and a line break.
      maxCaption: 1024 - 10 * 27,
      maxBytes: { image: 5 * MEGABYTE, file: 100 * MEGABYTE, audio: 16 * MEGABYTE, video: 16 * MEGABYTE },
      types: {
        image: ['image/jpeg', 'image/png'],
        audio: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
        video: ['video/mp4', 'video/3gpp'],
      },
      albumSize: 1,
    },
    // https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput: 80 a second by default;
    // …/whatsapp/messaging-limits#pair-rate-limits: one in six seconds to the same person, after a burst of 45.
    perSecond: 80,
    perThreadPerSecond: 0.16,
    perThreadBurst: 45,
  },
  buttons: { link: 'alone', location: 'alone' },
  // "we will retry … for up to 7 days", https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
  dedupeWindowMs: 8 * 24 * HOUR_MS,
  // The customer service window, …/whatsapp/messages/send-messages#customer-service-windows.
  replyWindowMs: 24 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'foreign',
  dataClass: 'personal',
};

/** WhatsApp over Meta's Cloud API (https://developers.facebook.com/documentation/business-messaging/whatsapp). */
export const whatsapp: ConnectorDefinition<WhatsAppSettings> = {
  name: 'whatsapp',
  settings,
  capabilities,
  connect,
};

/** Of how many threads the last message is kept in mind. */
const MAX_REMEMBERED = 10_000;
/** A read mark or typing that is later than this says nothing. */
const SIGNAL_LIMIT_MS = 10_000;

type TextPart = Extract<OutgoingPart, { kind: 'text' }>;

function connect(given: WhatsAppSettings, host: ConnectorHost): Connector {
  const { apiRoot, phoneId, token } = given;
  const headers = { authorization: `Bearer ${token}` };
  /** The last message of a thread that was committed here: typing is shown as an answer to it. */
  const last = createLru<string, string>(MAX_REMEMBERED);

  function post(body: unknown, signal: AbortSignal): Promise<HttpAnswer> {
    return askOnce(host.fetch, `${apiRoot}/${phoneId}/messages`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  }

  async function send(part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome> {
    if (part.kind === 'card') return { outcome: 'rejected', reason: 'card-not-native' };
    if (part.kind === 'text' && part.template) return sendTemplate(part, part.template, signal);
    if (part.kind !== 'media') return outcomeOf(await post(renderMessage(part), signal));
    const [media] = part.media;
    if (!media) return { outcome: 'rejected', reason: 'no-media' };
    const uploaded = await uploadMedia(given, host, media, signal);
    if ('outcome' in uploaded) return uploaded;
    return outcomeOf(await post(renderMessage(part, { media, id: uploaded.id }), signal));
  }

  /** One that is not in the settings, or is not filled in, is refused here: Meta would refuse it too. */
  async function sendTemplate(part: TextPart, use: TemplateUse, signal: AbortSignal): Promise<SendOutcome> {
    const known = findTemplate(given.templates, use);
    if (!known) return { outcome: 'rejected', reason: 'template-unknown' };
    if (!fills(known, use.parameters)) return { outcome: 'rejected', reason: 'template-parameters' };
    const template = renderTemplate(known, use.parameters);
    return outcomeOf(await post(renderByTemplate(part, template), signal));
  }

  /** https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/mark-message-as-read */
  async function markRead(message: string, isTyping: boolean): Promise<void> {
    const typing = isTyping && { typing_indicator: { type: 'text' } };
    const body = { messaging_product: 'whatsapp', status: 'read', message_id: message, ...typing };
    await post(body, AbortSignal.timeout(SIGNAL_LIMIT_MS));
  }

  return {
    hasRates: apiRoot === CLOUD,
    templates: given.templates,
    receive: (request) => receive(request, given, host.now()),
    retranslate: (raw) => translateBody(raw, { phoneId }),
    send,
    async react({ externalThread: to, externalId }, emoji, signal) {
      // One person has one reaction on a message; an empty one takes it back (…/messages/reaction-messages).
      const reaction = { message_id: externalId, emoji: emoji[0] ?? '' };
      const body = { messaging_product: 'whatsapp', recipient_type: 'individual', to, type: 'reaction' };
      return outcomeOf(await post({ ...body, reaction }, signal));
    },
    async acknowledge(acknowledgement) {
      const [thread = '', message = ''] = acknowledgement.split(' ');
      last.set(thread, message);
      await markRead(message, false);
    },
    async typing(externalThread) {
      const message = last.get(externalThread);
      // "The typing indicator will be dismissed once you respond, or after 25 seconds" (…/whatsapp/typing-indicators).
      if (message !== undefined) await markRead(message, true);
    },
    download: (source, { maxBytes }, signal) =>
      downloadMedia(given, host.fetch, source, { maxBytes, signal }),
    async health(signal) {
      const url = `${apiRoot}/${phoneId}?fields=${HEALTH_FIELDS}`;
      return healthOf(await askOnce(host.fetch, url, { headers, signal }));
    },
  };
}

function receive(
  request: WebhookRequest,
  { appSecret, verifyToken, phoneId }: WhatsAppSettings,
  now: Date,
): Received {
  const challenge = readChallenge(request, verifyToken);
  if (challenge !== undefined)
    return { authentic: true, inbound: [], reply: { status: 200, type: 'text/plain', body: challenge } };
  if (request.method !== 'POST' || !isSignedByMeta(request, appSecret))
    return { authentic: false, reason: 'wrong-signature' };
  const window = windowUntil(now, capabilities.dedupeWindowMs);
  return translateBody(new TextDecoder().decode(request.body), { phoneId, window });
}
