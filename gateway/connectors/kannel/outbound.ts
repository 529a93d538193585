import type { HttpAnswer } from '../http-answer.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { segmentsOf } from '../sms/segments.ts';

export type TextPart = Extract<OutgoingPart, { readonly kind: 'text' }>;

export interface SendSettings {
  /** `sendsms` of a smsbox, with user and password in it. */
  readonly sendUrl: string;
  readonly sender?: string | undefined;
  readonly webhookUrl: string;
  readonly token: string;
}

/** Delivered, failed, buffered, accepted and refused by the SMSC: all that Kannel can report. */
const ALL_REPORTS = 1 + 2 + 4 + 8 + 16;

/** The request for one message (Kannel 1.4.5 User's Guide, "SMS Push: sendsms"). Kannel splits it by itself. */
export function renderSend(part: TextPart, { sendUrl, sender, webhookUrl, token }: SendSettings): string {
  const url = withCredentials(sendUrl);
  const isUcs2 = segmentsOf(part.text).alphabet === 'ucs2';
  const report = new URLSearchParams({ token, part: part.key });
  // Kannel fills in %d, the report, and %F, the SMSC's id.
  const dlrUrl = `${webhookUrl}?${report}&dlr=%d&id=%F`;
  const fields = {
    to: part.externalThread,
    ...(sender && { from: sender }),
    text: part.text,
    charset: 'UTF-8',
    coding: isUcs2 ? '2' : '0',
    'dlr-mask': String(ALL_REPORTS),
    'dlr-url': dlrUrl,
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url.href;
}

/** User and password as the sendsms-user's parameters, where they stand before the host. */
export function withCredentials(sendUrl: string): URL {
  const url = new URL(sendUrl);
  if (url.username) {
    url.searchParams.set('username', decodeURIComponent(url.username));
    url.searchParams.set('password', decodeURIComponent(url.password));
    url.username = '';
    url.password = '';
  }
  return url;
}

/** "0: Accepted for delivery", "3: Queued for later delivery"; other answers say why not (User's Guide, "sendsms"). */
export function outcomeOf(answer: HttpAnswer): SendOutcome {
  if (!answer.complete) return answer.outcome;
  const { status, text, retryAfterMs } = answer;
  if (status >= 200 && status < 300) {
    return /^[03]: /.test(text) ? { outcome: 'accepted' } : { outcome: 'unknown', reason: 'garbled-answer' };
  }
  if (status === 403) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  // A proxy before Kannel does not write as Kannel does.
  const isKannels = !/^\s*</.test(text);
  if (status === 400 && isKannels) return { outcome: 'rejected', reason: 'bad-request' };
  if (status === 404 && isKannels) return { outcome: 'rejected', reason: 'not-routable' };
  return {
    outcome: 'retry',
    reason: `http-${status}`,
    ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }),
  };
}
