import { z } from 'zod';
import { httpRoot } from '../api-root.ts';
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
import { translateBody } from './inbound.ts';
import { outcomeOf, renderMessage } from './outbound.ts';

const settings = z.strictObject({
  token: z
    .string()
    .min(16, 'is shorter than 16 characters; whoever knows it can write as any client')
    .meta({ titles: { ru: 'Токен', en: 'Token' }, secret: true }),
  apiUrl: httpRoot.meta({ titles: { ru: 'Адрес API', en: 'Address of the API' } }),
});
type TemplateSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: NO_ABILITIES,
  limits: {
    maxText: 4_000,
    unit: 'utf16',
    maxChoices: 0,
    maxChoiceText: 0,
    perSecond: 100,
    perThreadPerSecond: 50,
    perThreadBurst: 50,
  },
  dedupeWindowMs: 72 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'foreign',
  dataClass: 'personal',
};

export const template: ConnectorDefinition<TemplateSettings> = {
  name: 'template',
  settings,
  capabilities,
  connect,
};

function connect({ token, apiUrl }: TemplateSettings, host: ConnectorHost): Connector {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    receive: (request) => receive(request, token),
    async send(part, signal) {
      if (part.kind !== 'text') return { outcome: 'rejected', reason: `no-${part.kind}` };
      const init = { method: 'POST', headers, body: renderMessage(part), signal };
      return outcomeOf(await askOnce(host.fetch, `${apiUrl}/messages`, init));
    },
    health: async (signal) => healthOf(await askOnce(host.fetch, `${apiUrl}/me`, { headers, signal })),
  };
}

function receive({ method, headers, body }: WebhookRequest, token: string): Received {
  const given = headers.authorization;
  if (method !== 'POST' || typeof given !== 'string' || !isSameSecret(given, `Bearer ${token}`))
    return { authentic: false, reason: 'wrong-token' };
  return translateBody(Buffer.from(body).toString('utf8'));
}

function healthOf(answer: HttpAnswer): ChannelHealth {
  if (!answer.complete) return { findings: [{ problem: 'unreachable', detail: answer.outcome.reason }] };
  if (answer.status === 401) return { findings: [{ problem: 'unauthorized' }] };
  if (answer.status === 200) return { findings: [] };
  return { findings: [{ problem: 'network-trouble', detail: `http-${answer.status}` }] };
}
