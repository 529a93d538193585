import { Webhook } from 'standardwebhooks';
import type { WebhookRequest } from '../connector.ts';

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
  | { readonly authentic: true; readonly id: string; readonly body: string }
  | { readonly authentic: false; readonly reason: string };

/** Verifies the headers of Standard Webhooks over a body. Never throws. */
export function verifySigned(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  secrets: readonly string[],
): Verified {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
    return { authentic: false, reason: 'no-signature' };
  // The package reads a number at the beginning; an id is a key of the store, so it has a form and a length.
  if (!/^\d{1,12}$/.test(timestamp)) return { authentic: false, reason: 'bad-timestamp' };
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) return { authentic: false, reason: 'bad-id' };
  const text = Buffer.from(body).toString('utf8');
  const given = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const isSigned = secrets.some((secret) => isSignedWith(secret, text, given));
  return isSigned ? { authentic: true, id, body: text } : { authentic: false, reason: 'wrong-signature' };
}

function isSignedWith(secret: string, text: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(text, headers, { jsonParse: false });
    return true;
  } catch {
    // It throws for all that is wrong, of whatever kind: nothing of it is more than "not signed".
    return false;
  }
}
