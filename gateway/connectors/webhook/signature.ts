import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';

const WINDOW_S = 5 * 60;

/** "Between 24 bytes (192 bits) and 64 bytes (512 bits)", https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const SECRET_BYTES = { least: 24, most: 64 };

/** Whether a text is a secret as Standard Webhooks writes it: `whsec_` and base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const { length } = Buffer.from(base64, 'base64');
  return length >= SECRET_BYTES.least && length <= SECRET_BYTES.most;
}

/** The three headers of Standard Webhooks over a body; signed once with each secret, so that either side may change first. */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

/** What a request proves to be: signed with one of the secrets within five minutes of now, in either direction. */
export type Verified =
  | { readonly authentic: true; readonly id: string }
  | { readonly authentic: false; readonly reason: string };

/**
 * Verifies the headers of Standard Webhooks over the bytes of a body
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme). The
 * package takes text alone, and what is no UTF-8 is another text than was signed. Never throws.
 */
export function verifySigned(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  secrets: readonly string[],
  now: Date,
): Verified {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
    return { authentic: false, reason: 'no-signature' };
  if (!/^\d{1,12}$/.test(timestamp)) return { authentic: false, reason: 'bad-timestamp' };
  // An id is a key of the store, so it has a form and a length.
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) return { authentic: false, reason: 'bad-id' };
  const isTimely = Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) <= WINDOW_S;
  const given = signature.split(' ');
  const isSigned = secrets.some((secret) => {
    const ours = signatureOf(secret, `${id}.${timestamp}.`, body);
    return given.some((one) => isSameSecret(one, ours));
  });
  return isTimely && isSigned ? { authentic: true, id } : { authentic: false, reason: 'wrong-signature' };
}

function signatureOf(secret: string, before: string, body: Uint8Array): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(before).update(body).digest('base64')}`;
}
