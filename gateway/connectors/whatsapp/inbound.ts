import { z } from 'zod';
import type { Receipt } from '../../model/delivery.ts';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundReceipt, Sender } from '../inbound.ts';
import { isPartKey } from '../part-key.ts';
import { type TimeWindow, untimely } from '../time-window.ts';
import { readContent } from './content.ts';
import { reasonOf } from './outcome.ts';

type Authentic = Extract<Received, { authentic: true }>;
type Quarantined = NonNullable<Authentic['quarantine']>[number];

export interface Scope {
  /** Ours; an app may have several numbers that share one webhook. */
  readonly phoneId: string;
  /** Older messages are repetitions of what was counted long ago; undefined: none is too old. */
  readonly window?: TimeWindow;
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages */
const envelope = z.looseObject({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(
    z.looseObject({ changes: z.array(z.looseObject({ field: z.string(), value: z.unknown() })) }),
  ),
});

const change = z.looseObject({
  metadata: z.looseObject({ phone_number_id: z.string() }),
  contacts: z
    .array(z.looseObject({ wa_id: z.string(), profile: z.looseObject({ name: z.string() }).optional() }))
    .catch([]),
  messages: z.array(z.unknown()).default([]),
  statuses: z.array(z.unknown()).default([]),
});
type Change = z.infer<typeof change>;

const wamid = z.string().regex(/^[\w.=+/:-]{1,256}$/);

const message = z.looseObject({
  id: wamid,
  from: z.string().regex(/^\d{5,20}$/),
  timestamp: z.string().regex(/^\d{1,11}$/),
  type: z.string().min(1).max(64),
  context: z.looseObject({ id: wamid.optional() }).optional().catch(undefined),
});

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/reaction: without an emoji it is taken back. */
const reaction = z.looseObject({
  reaction: z.looseObject({ message_id: wamid, emoji: z.string().max(64).optional() }),
});

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status */
const status = z.looseObject({
  id: wamid,
  status: z.string(),
  biz_opaque_callback_data: z.string().optional().catch(undefined),
  errors: z
    .array(z.looseObject({ code: z.number().int() }))
    .optional()
    .catch(undefined),
});

/** Other statuses, such as that a voice message was played, are no news. */
const RECEIPTS: Readonly<Record<string, Receipt>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
};

/** Translates the body of a request whose signature was verified, or what was kept of one. */
export function translateBody(body: string, scope: Scope): Authentic {
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) return authentic([], [{ reason: 'not-a-notification', raw: body }]);
  const inbound: Inbound[] = [];
  const quarantine: Quarantined[] = [];
  for (const { field, value } of parsed.data.entry.flatMap(({ changes }) => changes)) {
    const read = field === 'messages' ? change.safeParse(value).data : undefined;
    if (!read || read.metadata.phone_number_id !== scope.phoneId) {
      const reason = read ? 'other-number' : 'other-change';
      quarantine.push({ reason, raw: again(field, value) });
      continue;
    }
    // What the network says of itself, such as that it lost a message: people should see it.
    if (read.errors !== undefined)
      quarantine.push({
        reason: 'network-error',
        raw: again(field, { ...read, messages: [], statuses: [] }),
      });
    for (const one of read.messages) {
      const translated = fromMessage(one, read, scope);
      if ('type' in translated) inbound.push(translated);
      else quarantine.push({ ...translated, raw: again(field, { ...read, messages: [one], statuses: [] }) });
    }
    for (const one of read.statuses) {
      const translated = fromStatus(one);
      if (translated === 'unreadable')
        quarantine.push({
          reason: 'not-a-status',
          raw: again(field, { ...read, messages: [], statuses: [one] }),
        });
      else if (translated) inbound.push(translated);
    }
  }
  return authentic(inbound, quarantine);
}

/** One change as a notification of its own, so that it can be translated again. */
function again(field: string, value: unknown): string {
  return rawText({ object: 'whatsapp_business_account', entry: [{ changes: [{ field, value }] }] });
}

function fromMessage(
  given: unknown,
  { contacts }: Change,
  { window }: Scope,
): Inbound | { readonly reason: string } {
  const parsed = message.safeParse(given);
  if (!parsed.success) return { reason: 'not-a-message' };
  const { id, from, timestamp, type, context } = parsed.data;
  const sentAt = new Date(Number(timestamp) * 1000);
  const reason = untimely(sentAt, window);
  if (reason) return { reason };
  const name = contacts.find(({ wa_id }) => wa_id === from)?.profile?.name;
  const sender: Sender = { externalUser: from, externalThread: from, ...(name !== undefined && { name }) };
  const common = { dedupeKey: id, sender };
  if (type === 'reaction') {
    const reacted = reaction.safeParse(given).data?.reaction;
    if (!reacted) return { reason: 'not-a-message' };
    const { message_id: externalId, emoji } = reacted;
    return { type: 'reaction', ...common, externalId, emoji: emoji ? [emoji] : [] };
  }
  const content = readContent(type, given);
  if (!content) return { reason: 'not-a-message' };
  return {
    type: 'message',
    ...common,
    acknowledgement: `${from} ${id}`,
    externalId: id,
    content,
    sentAt,
    ...(context?.id !== undefined && { replyTo: context.id }),
    ...(content.some(({ kind }) => kind === 'unsupported') && { raw: given }),
  };
}

function fromStatus(given: unknown): InboundReceipt | 'unreadable' | undefined {
  const parsed = status.safeParse(given);
  if (!parsed.success) return 'unreadable';
  const { id, status: state, biz_opaque_callback_data: key, errors } = parsed.data;
  const receipt = Object.hasOwn(RECEIPTS, state) ? RECEIPTS[state] : undefined;
  if (!receipt) return undefined;
  return {
    type: 'receipt',
    externalId: id,
    ...(key !== undefined && isPartKey(key) && { key }),
    receipt,
    ...(receipt === 'failed' && { reason: reasonOf(errors?.[0]?.code ?? 0) }),
  };
}
