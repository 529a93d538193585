import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { SendOutcome } from '../outgoing.ts';

/**
 * Meta's error codes (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes),
 * on which it asks to build rather than on HTTP statuses. Which are about this message or its reader, and final.
 */
const FINAL: Readonly<Record<number, string>> = {
  // "More than 24 hours have passed since the recipient last replied"
  131047: 'reply-window',
  131026: 'undeliverable',
  131030: 'recipient-not-allowed',
  131021: 'recipient-is-sender',
  // "Required parameter is missing": of all that we send only the end of a button's address can be.
  131008: 'template-parameters',
  131050: 'opted-out',
  131051: 'unsupported-type',
  131053: 'media-refused',
  // "The number of variable parameter values included in the request did not match the number … in the template"
  132000: 'template-parameters',
  // "The template does not exist in the specified language or the template has not been approved."
  132001: 'template-unknown',
  // "Translated text is too long"
  132005: 'template-too-long',
  // "Template content violates a WhatsApp policy."
  132007: 'template-policy',
  // "Variable parameter values formatted incorrectly."
  132012: 'template-parameters',
  // "Template is paused due to low quality", and disabled for good after the third time.
  132015: 'template-paused',
  132016: 'template-disabled',
};

/** Limits of the number, the account or the app. */
const CHANNEL_LIMITS = new Set([4, 80007, 130429, 131048, 131057]);
/** "Too many messages sent from the sender phone number to the same recipient phone number in a short period of time" */
const PAIR_LIMIT = 131056;
/** A pair takes a message every six seconds (…/whatsapp/messaging-limits#pair-rate-limits). */
const PAIR_INTERVAL_MS = 6_000;
/** Of Meta itself, and passing. */
const TROUBLES = new Set([1, 2, 131000, 131016, 133004]);
/** What somebody has to set right at Meta before anything can go out. */
const FORBIDDEN = new Set([3, 10, 368, 131005, 131031, 131042, 131045, 133010]);

/** What an error code says of a message, shortly. */
export function reasonOf(code: number): string {
  return FINAL[code] ?? `whatsapp-${code}`;
}

export function isUnauthorized(status: number, code: number | undefined): boolean {
  return status === 401 || code === 190 || code === 0;
}

export function isForbidden(code: number): boolean {
  return FORBIDDEN.has(code) || (code >= 200 && code <= 299);
}

const refused = z.looseObject({ error: z.looseObject({ code: z.number().int() }) });

/** The error code of an answer; undefined where it was not Meta that wrote it. */
export function errorCodeOf(text: string): number | undefined {
  return refused.safeParse(parseJson(text)).data?.error.code;
}

const accepted = z.looseObject({ messages: z.tuple([z.looseObject({ id: z.string().min(1).max(256) })]) });

/** What the answer to a message means: accepted only in Meta's own form, refused for good only by its own code. */
export function outcomeOf(answer: HttpAnswer): SendOutcome {
  if (!answer.complete) return answer.outcome;
  const { status, text } = answer;
  if (status < 200 || status >= 300) return refusalOf(answer);
  const message = accepted.safeParse(parseJson(text));
  if (message.success) return { outcome: 'accepted', externalId: message.data.messages[0].id };
  return { outcome: 'unknown', reason: 'garbled-answer' };
}

/** What a complete answer that is no success means. */
export function refusalOf({
  status,
  text,
  retryAfterMs,
}: Extract<HttpAnswer, { complete: true }>): SendOutcome {
  const code = errorCodeOf(text);
  const afterMs = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
  if (code === PAIR_LIMIT)
    return {
      outcome: 'retry',
      reason: 'pair-limit',
      scope: 'thread',
      afterMs: retryAfterMs ?? PAIR_INTERVAL_MS,
    };
  if (status === 429 || (code !== undefined && CHANNEL_LIMITS.has(code)))
    return { outcome: 'retry', reason: 'too-many-requests', scope: 'channel', ...afterMs };
  if (isUnauthorized(status, code)) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (code !== undefined && isForbidden(code))
    return { outcome: 'retry', reason: `whatsapp-${code}`, scope: 'channel', ...afterMs };
  if (code === undefined || status >= 500 || TROUBLES.has(code))
    return {
      outcome: 'retry',
      reason: code === undefined ? `http-${status}` : `whatsapp-${code}`,
      ...afterMs,
    };
  return { outcome: 'rejected', reason: reasonOf(code) };
}
