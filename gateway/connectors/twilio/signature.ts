import { createHash, createHmac } from 'node:crypto';
import type { WebhookRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';

/**
 * Verifies X-Twilio-Signature (https://www.twilio.com/docs/usage/webhooks/webhooks-security): HMAC-SHA1 with the auth
 * token over the address as Twilio was given it, followed by each parameter of a form, sorted by name. A body of JSON
 * is not in it: its hash stands in the address instead, as bodySHA256. `url`: the public address, with the query.
 */
export function isSignedByTwilio(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  url: string,
  authToken: string,
): boolean {
  const given = headers['x-twilio-signature'];
  if (typeof given !== 'string') return false;
  const hash = new URL(url).searchParams.get('bodySHA256');
  if (hash !== null) {
    const isBody = isSameSecret(hash.toLowerCase(), createHash('sha256').update(body).digest('hex'));
    return isBody && isSameSecret(given, signatureOf(url, authToken));
  }
  const form = new URLSearchParams(new TextDecoder().decode(body));
  return isSameSecret(given, signatureOf(url + sorted(form), authToken));
}

function signatureOf(text: string, authToken: string): string {
  return createHmac('sha1', authToken).update(text).digest('base64');
}

/** Names in code point order, each followed by its value; a name that comes twice has each of its values once, sorted. */
function sorted(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}
