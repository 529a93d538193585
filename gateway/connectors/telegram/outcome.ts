import { GrammyError, HttpError } from 'grammy';
import type { SendOutcome } from '../outgoing.ts';
import { RequestFault } from './api.ts';

/**
 * What a failed call means for its delivery. Telegram's refusals: https://core.telegram.org/bots/api#making-requests
 * and #responseparameters. Its limits are of a chat and of the bot, and the answer does not say which was met; it names
 * the seconds before "the request can be repeated", so only this chat waits, and others learn their own.
 */
export function outcomeOfFailure(error: unknown): SendOutcome {
  if (error instanceof RequestFault) return outcomeOfFault(error);
  if (error instanceof HttpError && error.error instanceof RequestFault) return outcomeOfFault(error.error);
  if (!(error instanceof GrammyError)) return { outcome: 'unknown', reason: 'no-answer' };
  const code = error.error_code;
  if (code === 429) {
    const afterMs = (error.parameters.retry_after ?? 1) * 1000;
    return { outcome: 'retry', reason: 'too-many-requests', afterMs, scope: 'thread' };
  }
  return outcomeOfStatus(code);
}

function outcomeOfFault({ fault, reason, status }: RequestFault): SendOutcome {
  if (fault === 'lost') return { outcome: 'unknown', reason };
  if (fault === 'not-sent') return { outcome: 'retry', reason };
  // Answered by something before Telegram, so 400 and 403 do not speak of the message or its reader.
  const aboutMessage = status === 400 || status === 403;
  return aboutMessage ? { outcome: 'retry', reason: `http-${status}` } : outcomeOfStatus(status ?? 0);
}

function outcomeOfStatus(status: number): SendOutcome {
  if (status === 400) return { outcome: 'rejected', reason: 'bad-request' };
  // Blocked by the user, the user deleted their account, or they never began the chat.
  if (status === 403) return { outcome: 'rejected', reason: 'blocked-by-contact' };
  // Telegram answers 404 to a token that it cannot read and 401 to one that was revoked.
  if (status === 401 || status === 404) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (status === 413) return { outcome: 'rejected', reason: 'too-large' };
  return { outcome: 'retry', reason: `http-${status}` };
}
