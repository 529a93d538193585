import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { SendOutcome } from '../outgoing.ts';

export type Refusal = Exclude<SendOutcome, { outcome: 'accepted' }>;

/** `{"error":{"error_code":5,…}}`, with 200. Its other fields repeat what we sent, so they are not read. */
const refused = z.looseObject({ error: z.looseObject({ error_code: z.int() }) });
const answered = z.looseObject({ response: z.unknown() });

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Error codes after which the same request may be taken (https://dev.vk.com/ru/reference/errors). */
const PASSING: Readonly<Record<number, Omit<Extract<SendOutcome, { outcome: 'retry' }>, 'outcome'>>> = {
  1: { reason: 'vk-unknown-error' },
  6: { reason: 'too-many-requests', scope: 'channel', afterMs: SECOND_MS },
  // More than a thousand messages an hour to one person (docs/vk.md).
  9: { reason: 'flood-control', scope: 'thread', afterMs: MINUTE_MS },
  10: { reason: 'vk-internal-error' },
  // Nobody is there to solve it; it passes when less is sent.
  14: { reason: 'captcha-needed', scope: 'channel', afterMs: MINUTE_MS },
  29: { reason: 'rate-limit', scope: 'channel', afterMs: MINUTE_MS },
  43: { reason: 'vk-section-disabled' },
};

/** The token is wrong, withdrawn, or no community's: nothing goes out until somebody acts. */
const UNAUTHORIZED: ReadonlySet<number> = new Set([4, 5, 27, 28]);
/** "Method execution was interrupted due to timeout". */
const TIMED_OUT = 36;

/** What a method returned, or what it means that it did not. */
export function readAnswer(answer: HttpAnswer): { readonly response: unknown } | Refusal {
  if (!answer.complete) return answer.outcome;
  const { status, text, retryAfterMs } = answer;
  const json = parseJson(text);
  const error = refused.safeParse(json).data?.error;
  if (error) return refusalOf(error.error_code);
  if (status !== 200) {
    const wait = retryAfterMs !== undefined && { afterMs: retryAfterMs };
    return { outcome: 'retry', reason: `http-${status}`, ...wait };
  }
  const { data } = answered.safeParse(json);
  return data ? { response: data.response } : { outcome: 'unknown', reason: 'garbled-answer' };
}

function refusalOf(code: number): Refusal {
  if (UNAUTHORIZED.has(code)) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (code === TIMED_OUT) return { outcome: 'unknown', reason: 'vk-timeout' };
  const passing = PASSING[code];
  return passing ? { outcome: 'retry', ...passing } : { outcome: 'rejected', reason: `vk-${code}` };
}

/** What the answer to messages.send means: accepted only with the id that VK gave the message. */
export function outcomeOfSend(answer: HttpAnswer): SendOutcome {
  const read = readAnswer(answer);
  if ('outcome' in read) return read;
  const { data: id } = z.int().positive().safeParse(read.response);
  return id === undefined
    ? { outcome: 'unknown', reason: 'garbled-answer' }
    : { outcome: 'accepted', externalId: String(id) };
}

/** messages.edit returns 1. */
export function outcomeOfEdit(answer: HttpAnswer, externalId: string): SendOutcome {
  const read = readAnswer(answer);
  if ('outcome' in read) return read;
  return read.response === 1
    ? { outcome: 'accepted', externalId }
    : { outcome: 'unknown', reason: 'garbled-answer' };
}

/** messages.delete returns 1 for each message that was deleted, by its id. */
export function outcomeOfRemoval(answer: HttpAnswer, externalId: string): SendOutcome {
  const read = readAnswer(answer);
  if ('outcome' in read) return read;
  const deleted = z.record(z.string(), z.int()).safeParse(read.response).data?.[externalId];
  if (deleted === undefined) return { outcome: 'unknown', reason: 'garbled-answer' };
  return deleted === 1 ? { outcome: 'accepted', externalId } : { outcome: 'rejected', reason: 'refused' };
}

/** https://dev.vk.com/ru/reference/objects/message: `deleted` is 1 of a message that was deleted. */
const listed = z.looseObject({ items: z.array(z.looseObject({ deleted: z.int().optional() })).max(1) });

/** True where VK says that of the one message that it was asked for nothing is there. */
export function isNoMessage(answer: HttpAnswer): boolean {
  const read = readAnswer(answer);
  const { data } = listed.safeParse('response' in read ? read.response : undefined);
  return data?.items.every(({ deleted }) => deleted === 1) ?? false;
}
