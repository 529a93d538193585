import { z } from 'zod';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import type { ChannelHealth } from '../health.ts';
import { askOnce, type HttpAnswer } from '../http-answer.ts';
import { isSameSecret } from '../secrets.ts';
import { segmentPrice } from '../sms/price.ts';
import { readParameters, translateRequest } from './inbound.ts';
import { outcomeOf, renderSend, withCredentials } from './outbound.ts';

const settings = z.strictObject({
  sendUrl: z
    .url({ protocol: /^https?$/ })
    .meta({ titles: { ru: 'Адрес sendsms', en: 'Address of sendsms' }, secret: true }),
  token: z
    .string()
    .min(16, 'is shorter than 16 characters; whoever knows it can write as any phone')
    .meta({ titles: { ru: 'Секрет входящих', en: 'Secret of what comes in' }, secret: true }),
  sender: z
    .string()
    .max(20)
    .optional()
    .transform((sender) => sender || undefined)
    .meta({ titles: { ru: 'От чьего имени', en: 'Sender' } }),
  pricePerSegment: segmentPrice,
});
type KannelSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: { ...NO_ABILITIES, receipts: 'native' },
  limits: {
    maxText: 10,
    unit: 'segments',
    maxChoices: 0,
    maxChoiceText: 0,
    // Kannel keeps to the SMSC's rate by itself ("throughput"), so nothing is spaced here.
    perSecond: 1_000,
    perThreadPerSecond: 1_000,
    perThreadBurst: 1_000,
  },
  dedupeWindowMs: 72 * HOUR_MS,
  optOut: true,
  acceptance: 'answer',
  jurisdiction: 'own',
  dataClass: 'personal',
};

/** SMS over the HTTP side of a Kannel gateway (https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html). */
export const kannel: ConnectorDefinition<KannelSettings> = {
  name: 'kannel',
  settings,
  capabilities,
  connect,
};

function connect(
  { sendUrl, token, sender, pricePerSegment }: KannelSettings,
  host: ConnectorHost,
): Connector {
  return {
    hasRates: false,
    ...(pricePerSegment && { segmentPrice: pricePerSegment }),
    receive: (request) => receive(request, token),
    async send(part, signal) {
      if (part.kind !== 'text') return { outcome: 'rejected', reason: 'not-text' };
      const url = renderSend(part, { sendUrl, sender, webhookUrl: host.webhookUrl, token });
      return outcomeOf(await askOnce(host.fetch, url, { signal }));
    },
    /** Without a receiver sendsms checks the user and sends nothing. */
    health: async (signal) => healthOf(await askOnce(host.fetch, withCredentials(sendUrl).href, { signal })),
  };
}

function receive({ method, url, headers, body }: WebhookRequest, token: string): Received {
  const at = url.indexOf('?');
  const isForm = /^application\/x-www-form-urlencoded/i.test(String(headers['content-type']));
  const form = method === 'POST' && isForm ? Buffer.from(body).toString('latin1') : '';
  const parameters = readParameters(at < 0 ? '' : url.slice(at + 1), form);
  const given = Buffer.from(parameters.get('token') ?? []).toString('utf8');
  if (!isSameSecret(given, token)) return { authentic: false, reason: 'wrong-token' };
  return translateRequest(parameters);
}

function healthOf(answer: HttpAnswer): ChannelHealth {
  if (!answer.complete) return { findings: [{ problem: 'unreachable', detail: answer.outcome.reason }] };
  const { status } = answer;
  if (status === 403) return { findings: [{ problem: 'unauthorized' }] };
  if (status >= 500) return { findings: [{ problem: 'network-trouble', detail: `http-${status}` }] };
  return { findings: [] };
}
