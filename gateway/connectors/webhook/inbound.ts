import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent, Sender } from '../inbound.ts';
import { isPartKey } from '../part-key.ts';
import { type WebhookEvent, type WebhookPerson, webhookEvent } from './payloads.ts';

type Authentic = Extract<Received, { authentic: true }>;

export interface Trust {
  /** Whether the sender's word on who its user is proves it. */
  readonly provesCustomers: boolean;
}

/**
 * Translates the body of a request that was verified. `id` is its webhook-id, the same in each of its attempts. JSON is
 * UTF-8 (https://www.rfc-editor.org/rfc/rfc8259#section-8.1): else it is kept for a person, not read with gaps.
 */
export function translateBytes(id: string, bytes: Uint8Array, trust: Trust): Authentic {
  const body = Buffer.from(bytes).toString('utf8');
  return isUtf8(bytes) ? translateBody(id, body, trust) : kept('no-json', id, body);
}

function translateBody(id: string, body: string, trust: Trust): Authentic {
  const payload = parseJson(body);
  const parsed = webhookEvent.safeParse(payload);
  if (!parsed.success) return kept(payload === undefined ? 'no-json' : placeOf(parsed.error), id, body);
  const event = parsed.data;
  if (event.type === 'ping') return authentic([]);
  if (event.type === 'delivery.updated') return receiptOf(event, id, body);
  return authentic([fromPerson(event, id, body, trust)]);
}

const quarantined = z.object({ id: z.string(), body: z.string() });

/** Translates again what `translateBytes` has put into the quarantine. */
export function translateKept(raw: string, trust: Trust): Authentic {
  const parsed = quarantined.safeParse(parseJson(raw));
  if (!parsed.success) return authentic([], [{ reason: 'not-ours', raw }]);
  return translateBody(parsed.data.id, parsed.data.body, trust);
}

function kept(reason: string, id: string, body: string): Authentic {
  return authentic([], [{ reason, raw: rawText({ id, body }) }]);
}

/** Where a payload is not as documented: `bad data.content`. */
function placeOf({ issues }: z.ZodError): string {
  return `bad ${issues[0]?.path.slice(0, 2).join('.') || 'type'}`;
}

type DeliveryUpdated = Extract<WebhookEvent, { type: 'delivery.updated' }>;

function receiptOf({ data }: DeliveryUpdated, id: string, body: string): Authentic {
  const { key, status, reason } = data;
  if (!isPartKey(key)) return kept('bad data.key', id, body);
  const why = reason === undefined ? {} : { reason };
  return authentic([{ type: 'receipt', externalId: data.id ?? key, key, receipt: status, ...why }]);
}

type FromPerson = Exclude<WebhookEvent, { type: 'ping' | 'delivery.updated' }>;

function fromPerson(event: FromPerson, dedupeKey: string, body: string, trust: Trust): Inbound {
  const sender = senderOf(event.data, trust);
  switch (event.type) {
    case 'message.received': {
      const { id, content, replyTo } = event.data;
      return {
        type: 'message',
        dedupeKey,
        sender,
        externalId: id,
        ...contentOf(content, body),
        ...(replyTo !== undefined && { replyTo }),
        ...(event.timestamp !== undefined && { sentAt: new Date(event.timestamp) }),
      };
    }
    case 'message.edited':
      return {
        type: 'edit',
        dedupeKey,
        sender,
        externalId: event.data.id,
        ...contentOf(event.data.content, body),
      };
    case 'message.deleted':
      return { type: 'delete', dedupeKey, sender, externalId: event.data.id };
    case 'reaction.changed':
      return { type: 'reaction', dedupeKey, sender, externalId: event.data.id, emoji: event.data.emoji };
    case 'dialogue.started': {
      const { payload } = event.data;
      return { type: 'start', dedupeKey, sender, ...(payload !== undefined && { payload }) };
    }
  }
}

function senderOf({ user, thread = user, name, locale, customer }: WebhookPerson, trust: Trust): Sender {
  return {
    externalUser: user,
    externalThread: thread,
    ...(name !== undefined && { name }),
    ...(locale && { locale }),
    ...(customer !== undefined &&
      trust.provesCustomers && {
        proof: { evidence: 'bank-authenticated', customer, how: 'signed-webhook' },
      }),
  };
}

/** Of what we do not know the payload is kept whole. */
function contentOf(content: readonly InboundContent[], body: string) {
  return { content, ...(content.some(({ kind }) => kind === 'unsupported') && { raw: parseJson(body) }) };
}
