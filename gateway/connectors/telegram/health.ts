import { type Api, GrammyError, HttpError } from 'grammy';
import type { ChannelHealth, Finding } from '../health.ts';
import { callSignal, RequestFault } from './api.ts';

/** A failed delivery of an update that is older than this is history. */
const RECENT_MS = 5 * 60_000;
/** More updates than this do not wait at a bot that is well. */
const MANY_WAITING = 100;

export interface ExpectedWebhook {
  readonly url: string;
  /** The channel polls instead, and Telegram must have no webhook. */
  readonly isPolling: boolean;
  readonly now: Date;
}

/** Asks Telegram who we are (getMe) and where it sends updates (getWebhookInfo). */
export async function askHealth(
  api: Api,
  expected: ExpectedWebhook,
  signal: AbortSignal,
): Promise<ChannelHealth> {
  try {
    const { username } = await api.getMe(callSignal(signal));
    const webhook = await api.getWebhookInfo(callSignal(signal));
    return { account: `@${username}`, findings: readWebhook(webhook, expected) };
  } catch (error) {
    return { findings: [readFailure(error)] };
  }
}

type WebhookInfo = Awaited<ReturnType<Api['getWebhookInfo']>>;

/** https://core.telegram.org/bots/api#webhookinfo */
function readWebhook(info: WebhookInfo, { url, isPolling, now }: ExpectedWebhook): readonly Finding[] {
  const findings: Finding[] = [];
  const waiting = info.pending_update_count;
  if (waiting > MANY_WAITING) findings.push({ problem: 'backlog', detail: String(waiting) });
  if (isPolling) return info.url ? [...findings, { problem: 'webhook-elsewhere' }] : findings;
  if (!info.url) return [{ problem: 'webhook-missing' }, ...findings];
  if (info.url !== url) return [{ problem: 'webhook-elsewhere' }, ...findings];
  const failedAt = (info.last_error_date ?? 0) * 1000;
  if (now.getTime() - failedAt < RECENT_MS)
    findings.unshift({ problem: 'webhook-failing', detail: info.last_error_message?.slice(0, 200) });
  return findings;
}

/** As in outbound.ts: 401 for a token that was revoked, 404 for one that Telegram cannot read. */
function readFailure(error: unknown): Finding {
  const status = error instanceof GrammyError ? error.error_code : undefined;
  if (status === 401 || status === 404) return { problem: 'unauthorized' };
  if (status === 403) return { problem: 'forbidden' };
  if (status !== undefined) return { problem: 'network-trouble', detail: String(status) };
  const fault = error instanceof HttpError && error.error instanceof RequestFault ? error.error : undefined;
  return fault?.fault === 'refused'
    ? { problem: 'network-trouble', detail: fault.reason }
    : { problem: 'unreachable', ...(fault && { detail: fault.reason }) };
}
