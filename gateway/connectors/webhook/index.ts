import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Capabilities, TEXT_ONLY } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import { fetchFile } from '../fetch-file.ts';
import type { ChannelHealth } from '../health.ts';
import { askOnce, type HttpAnswer } from '../http-answer.ts';
import { type Trust, translateBytes, translateKept } from './inbound.ts';
import { outcomeOf, renderContent } from './outbound.ts';
import type { OutgoingWebhookEvent } from './payloads.ts';
import { isWebhookSecret, signedHeaders, verifySigned } from './signature.ts';

const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => !URL.canParse(url) || !(new URL(url).username || new URL(url).password),
      'must have no user and password in it; requests are signed with the secrets instead',
    )
    .meta({ titles: { ru: 'Куда отправлять', en: 'Where to post' }, secret: true }),
  secrets: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((secret) => secret !== ''))
    .refine(
      (secrets) => secrets.length > 0 && secrets.length <= 4 && secrets.every(isWebhookSecret),
      'must be one to four secrets with spaces between, each whsec_ and base64 of 24 to 64 bytes',
    )
    .meta({ titles: { ru: 'Секреты подписи', en: 'Signing secrets' }, secret: true }),
  provesCustomers: z
    .boolean()
    .default(false)
    .meta({
      titles: { ru: 'Отправитель удостоверяет клиентов', en: 'The sender vouches for who clients are' },
    }),
});
type WebhookSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;

const capabilities: Capabilities = {
  content: { ...TEXT_ONLY, choices: 'native', location: 'native', contact: 'native' },
  abilities: {
    typing: 'native',
    receipts: 'native',
    edit: 'native',
    delete: 'native',
    reaction: 'native',
    replyTo: 'native',
  },
  limits: {
    maxText: 4_096,
    unit: 'utf16',
    maxChoices: 20,
    maxChoiceText: 80,
    // The receiver is the bank's own and says by 429 what it stands, so nothing is spaced here.
    perSecond: 1_000,
    perThreadPerSecond: 1_000,
    perThreadBurst: 1_000,
  },
  buttons: { link: 'beside', contact: 'beside', location: 'beside' },
  // Longer than the schedule of retries that Standard Webhooks proposes (spec, "Deliverability and reliability": days).
  dedupeWindowMs: 7 * 24 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'own',
  dataClass: 'personal',
};

/**
 * A channel of the bank's own, such as its app with push messages: signed requests both ways, as Standard Webhooks says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export const webhook: ConnectorDefinition<WebhookSettings> = {
  name: 'webhook',
  settings,
  capabilities,
  connect,
};

function connect({ url, secrets, provesCustomers }: WebhookSettings, host: ConnectorHost): Connector {
  const trust: Trust = { provesCustomers };

  /** `id`: the same in each attempt, so that the receiver can tell a repetition. */
  function post(id: string, event: OutgoingWebhookEvent, signal?: AbortSignal): Promise<HttpAnswer> {
    const at = host.now();
    const body = JSON.stringify({ timestamp: at.toISOString(), ...event });
    const headers = { 'content-type': 'application/json', ...signedHeaders(id, at, body, secrets) };
    return askOnce(host.fetch, url, { method: 'POST', headers, body, ...(signal && { signal }) });
  }

  return {
    hasRates: false,
    receive: (request) => receive(request, secrets, trust, host.now()),
    retranslate: (raw) => translateKept(raw, trust),
    async send(part, signal) {
      const content = renderContent(part);
      if (!content) return { outcome: 'rejected', reason: `no-${part.kind}` };
      const { key, externalThread: thread, replyTo } = part;
      const data = { key, thread, content: [...content], ...(replyTo !== undefined && { replyTo }) };
      return outcomeOf(await post(key, { type: 'message.sent', data }, signal), key);
    },
    async edit({ externalThread: thread, externalId: id }, part, signal) {
      const content = renderContent(part);
      if (!content) return { outcome: 'rejected', reason: `no-${part.kind}` };
      const data = { thread, id, content: [...content] };
      return outcomeOf(await post(part.key, { type: 'message.edited', data }, signal));
    },
    async remove({ externalThread: thread, externalId: id }, signal, key) {
      return outcomeOf(await post(key, { type: 'message.deleted', data: { thread, id } }, signal));
    },
    async react({ externalThread: thread, externalId: id }, emoji, signal, key) {
      const data = { thread, id, emoji: [...emoji] };
      return outcomeOf(await post(key, { type: 'reaction.changed', data }, signal));
    },
    async typing(thread) {
      await post(randomUUID(), { type: 'typing.started', data: { thread } });
    },
    download: (source, { maxBytes }, signal) =>
      fetchFile(host.fetch, { url: source, hosts: [new URL(url).host], maxBytes, signal }),
    health: async (signal) => healthOf(await post(randomUUID(), { type: 'ping' }, signal)),
  };
}

function receive(request: WebhookRequest, secrets: readonly string[], trust: Trust, now: Date): Received {
  if (request.method !== 'POST') return { authentic: false, reason: 'not-a-post' };
  const verified = verifySigned(request, secrets, now);
  return verified.authentic ? translateBytes(verified.id, request.body, trust) : verified;
}

/** The receiver answers a `ping` with 2xx. */
function healthOf(answer: HttpAnswer): ChannelHealth {
  if (!answer.complete) return { findings: [{ problem: 'unreachable', detail: answer.outcome.reason }] };
  const { status } = answer;
  if (status >= 200 && status < 300) return { findings: [] };
  const detail = `http-${status}`;
  if (status === 401 || status === 403) return { findings: [{ problem: 'unauthorized', detail }] };
  if (status === 410) return { findings: [{ problem: 'forbidden', detail }] };
  return { findings: [{ problem: 'network-trouble', detail }] };
}
