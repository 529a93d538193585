import { z } from 'zod';
import type { Receipt } from '../../model/delivery.ts';
import { authentic } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { InboundContent } from '../inbound.ts';
import { isPartKey } from '../part-key.ts';
import { readStopWord } from '../sms/stop-words.ts';

/** https://www.twilio.com/docs/messaging/guides/webhook-request */
const message = z.object({
  MessageSid: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  From: z.string().min(1).max(64),
  Body: z.string().default(''),
  NumMedia: z.coerce.number().int().min(0).max(100).default(0),
  /** With Advanced Opt-Out Twilio says what the message was taken for. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
});

/** https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
const status = z.object({
  MessageSid: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  MessageStatus: z.string(),
  ErrorCode: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .catch(undefined),
});

/** Message statuses (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values); others are no news. */
const RECEIPTS: Readonly<Record<string, Receipt>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

type Form = Readonly<Record<string, string>>;

/** Translates a webhook whose signature was verified. `part` stands in the address that we gave along with a message. */
export function translateForm(form: Form, part: string | null): Extract<Received, { authentic: true }> {
  if (part !== null || (form.MessageStatus !== undefined && form.MessageStatus !== 'received'))
    return fromStatus(form, part);
  const parsed = message.safeParse(form);
  if (!parsed.success) return authentic([], [{ reason: 'not-a-message', raw: JSON.stringify(form) }]);
  const { MessageSid, From, Body, OptOutType, NumMedia } = parsed.data;
  const optOut = OptOutType ? OPT_OUT[OptOutType] : readStopWord(Body);
  const media = mediaOf(form, NumMedia);
  const text: InboundContent[] = Body === '' && media.length > 0 ? [] : [{ kind: 'text', text: Body }];
  return authentic([
    {
      type: 'message',
      dedupeKey: MessageSid,
      sender: { externalUser: From, externalThread: From },
      content: [...text, ...media],
      ...(media.length > 0 && { raw: form }),
      ...(optOut && { optOut }),
    },
  ]);
}

const OPT_OUT = { STOP: 'out', START: 'in', HELP: undefined } as const;

function fromStatus(form: Form, part: string | null): Extract<Received, { authentic: true }> {
  const parsed = status.safeParse(form);
  if (!parsed.success) return authentic([], [{ reason: 'not-a-status', raw: JSON.stringify(form) }]);
  const { MessageSid, MessageStatus, ErrorCode } = parsed.data;
  const receipt = RECEIPTS[MessageStatus];
  if (!receipt) return authentic([]);
  return authentic([
    {
      type: 'receipt',
      externalId: MessageSid,
      ...(part !== null && isPartKey(part) && { key: part }),
      receipt,
      ...(receipt === 'failed' && { reason: ErrorCode ? `twilio-${ErrorCode}` : MessageStatus }),
    },
  ]);
}

function mediaOf(form: Form, count: number): readonly InboundContent[] {
  return Array.from({ length: count }, (_, index): InboundContent => {
    const type = form[`MediaContentType${index}`];
    return { kind: 'unsupported', what: `mms ${type ?? 'media'}` };
  });
}
