import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';

/**
 * Verifies X-Hub-Signature-256, "sha256=" and the HMAC-SHA256 of the body in hexadecimal under the app secret
 * (https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads). It holds no time, so a
 * request that is played again is told by the ids and times of its messages.
 */
export function isSignedByMeta(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  appSecret: string,
): boolean {
  const given = headers['x-hub-signature-256'];
  if (typeof given !== 'string') return false;
  return isSameSecret(given, `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`);
}

/**
 * The challenge of a verification request, to be sent back as it came; undefined where the request is none of Meta's
 * (https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests).
 */
export function readChallenge(
  { method, url }: Pick<WebhookRequest, 'method' | 'url'>,
  verifyToken: string,
): string | undefined {
  const at = url.indexOf('?');
  if (method !== 'GET' || at < 0) return undefined;
  const query = new URLSearchParams(url.slice(at));
  const challenge = query.get('hub.challenge');
  const token = query.get('hub.verify_token');
  if (query.get('hub.mode') !== 'subscribe' || token === null || !isSameSecret(token, verifyToken))
    return undefined;
  // "An int you must pass back to us"; nothing else is written out for whoever asks.
  return challenge !== null && /^[\w-]{1,128}$/.test(challenge) ? challenge : undefined;
}
