import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { SendOutcome } from '../outgoing.ts';

/** An error in MAX's own words: `{"code":"proto.payload","message":"…"}` (https://dev.max.ru/docs-api, error responses). */
const refusal = z.looseObject({ code: z.string().regex(/^[\w.-]{1,100}$/), message: z.string().optional() });

const sent = z.looseObject({
  message: z.looseObject({ body: z.looseObject({ mid: z.string().min(1).max(256) }) }),
});

/** What PUT and DELETE answer. */
const done = z.looseObject({ success: z.boolean() });

/** Files "of several megabytes are processed longer", https://dev.max.ru/docs-api/methods/POST/uploads. */
const NOT_READY_MS = 2_000;
/** Of one second of the 30 requests, https://dev.max.ru/docs-api; the answer names no time. */
const TOO_MANY_MS = 1_000;

/** What the answer to POST /messages means: accepted only with the id that MAX gave the message. */
export function outcomeOfSend(answer: HttpAnswer): SendOutcome {
  if (!answer.complete) return answer.outcome;
  if (answer.status !== 200) return refusalOf(answer);
  const { data } = sent.safeParse(parseJson(answer.text));
  return data
    ? { outcome: 'accepted', externalId: data.message.body.mid }
    : { outcome: 'unknown', reason: 'garbled-answer' };
}

/** What the answer to PUT or DELETE /messages means. */
export function outcomeOfChange(answer: HttpAnswer, externalId: string): SendOutcome {
  if (!answer.complete) return answer.outcome;
  if (answer.status !== 200) return refusalOf(answer);
  const { data } = done.safeParse(parseJson(answer.text));
  if (!data) return { outcome: 'unknown', reason: 'garbled-answer' };
  return data.success ? { outcome: 'accepted', externalId } : { outcome: 'rejected', reason: 'refused' };
}

/**
 * What the answer to DELETE /messages means. 404 in MAX's own words, "resource not found", is the second of two deletions,
 * after a lost answer: what was wanted is so.
 */
export function outcomeOfRemoval(answer: HttpAnswer, externalId: string): SendOutcome {
  const isGone = answer.complete && answer.status === 404 && codeOf(answer.text) !== undefined;
  return isGone ? { outcome: 'accepted', externalId } : outcomeOfChange(answer, externalId);
}

function codeOf(text: string): string | undefined {
  return refusal.safeParse(parseJson(text)).data?.code;
}

/** What a complete answer that is no success means (https://dev.max.ru/docs-api, HTTP codes). */
export function refusalOf({
  status,
  text,
  retryAfterMs,
}: Extract<HttpAnswer, { complete: true }>): Exclude<SendOutcome, { outcome: 'accepted' }> {
  const code = codeOf(text);
  const afterMs = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
  if (status === 429) {
    // The limits are of the bot and of a dialogue, and the answer does not say which was met.
    const wait = retryAfterMs ?? TOO_MANY_MS;
    return { outcome: 'retry', reason: 'too-many-requests', scope: 'thread', afterMs: wait };
  }
  if (status === 401) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  // Answered by something before MAX, or by MAX in trouble: it says nothing of the message or its reader.
  if (code === undefined || status >= 500) return { outcome: 'retry', reason: `http-${status}`, ...afterMs };
  // https://dev.max.ru/docs-api/methods/POST/uploads: a file that is still being processed.
  if (code === 'attachment.not.ready')
    return { outcome: 'retry', reason: 'attachment-not-ready', afterMs: retryAfterMs ?? NOT_READY_MS };
  return { outcome: 'rejected', reason: `max-${code}` };
}
