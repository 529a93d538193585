import type { SourceSocketRequest, WebhookRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';
import { isSignedByTwilio } from '../twilio/signature.ts';

export interface VoiceSecrets {
  readonly token: string;
  /** With it Twilio's signature is proof too, and a wrong one refuses whatever the token says. */
  readonly twilioAuthToken?: string | undefined;
}

/** `unknown`: neither token nor signature was given; the first frame may still bring the token. */
export type Access = 'granted' | 'refused' | 'unknown';

/** The token, as `?token=` or `Authorization: Bearer`. */
export function accessByToken(
  { url, headers }: Pick<WebhookRequest, 'url' | 'headers'>,
  { token }: VoiceSecrets,
): Access {
  const bearer = /^Bearer (.+)$/i.exec(String(headers.authorization ?? ''))?.[1];
  const given = bearer ?? new URL(url, 'http://hub').searchParams.get('token');
  if (given === null) return 'unknown';
  return isSameSecret(given, token) ? 'granted' : 'refused';
}

/**
 * Twilio signs the upgrade over the address that it was given
 * (https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, "Getting messages from Twilio").
 */
export function accessToRelay(
  request: SourceSocketRequest,
  publicUrl: string,
  secrets: VoiceSecrets,
): Access {
  const byToken = accessByToken(request, secrets);
  const { twilioAuthToken } = secrets;
  if (request.headers['x-twilio-signature'] === undefined || !twilioAuthToken) return byToken;
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  const { headers } = request;
  const isSigned = [publicUrl, publicUrl.replace(/^http/, 'ws')].some((url) =>
    isSignedByTwilio({ headers, body: new Uint8Array() }, url + query, twilioAuthToken),
  );
  return isSigned && byToken !== 'refused' ? 'granted' : 'refused';
}
