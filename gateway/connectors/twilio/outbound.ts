import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';

export type TextPart = Extract<OutgoingPart, { readonly kind: 'text' }>;

/** The form of one message (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource). */
export function renderMessage(part: TextPart, sender: string, webhookUrl: string): URLSearchParams {
  const statusCallback = new URL(webhookUrl);
  statusCallback.searchParams.set('part', part.key);
  return new URLSearchParams({
    To: part.externalThread,
    // A Messaging Service chooses the number by itself.
    [/^MG[0-9a-f]{32}$/.test(sender) ? 'MessagingServiceSid' : 'From']: sender,
    Body: part.text,
    StatusCallback: statusCallback.href,
  });
}

const created = z.looseObject({ sid: z.string().min(1).max(64) });
/** https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions */
const refused = z.looseObject({ code: z.number().optional() });

/** https://www.twilio.com/docs/api/errors: what is about the reader's number, and final. */
const REASONS: Readonly<Record<number, string>> = {
  21211: 'bad-number',
  21214: 'bad-number',
  21408: 'region-not-allowed',
  21610: 'opted-out',
  21612: 'unreachable-number',
  21614: 'bad-number',
  21617: 'too-long',
};

/** What the answer to a create means. A gateway before Twilio may answer too, so a refusal counts only where Twilio wrote it. */
export function outcomeOf(answer: HttpAnswer): SendOutcome {
  if (!answer.complete) return answer.outcome;
  const { status, text, retryAfterMs } = answer;
  const body = parseJson(text);
  if (status >= 200 && status < 300) {
    const message = created.safeParse(body);
    if (message.success) return { outcome: 'accepted', externalId: message.data.sid };
    return { outcome: 'unknown', reason: 'garbled-answer' };
  }
  const afterMs = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
  if (status === 429) return { outcome: 'retry', reason: 'too-many-requests', scope: 'channel', ...afterMs };
  if (status === 401) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  const error = refused.safeParse(body);
  if (status === 400 && error.success) {
    const { code = 0 } = error.data;
    return { outcome: 'rejected', reason: REASONS[code] ?? `twilio-${code}` };
  }
  return { outcome: 'retry', reason: `http-${status}`, ...afterMs };
}
