import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';

const WINDOW_S = 5 * 60;

/**
 * True for a request that Slack signed within five minutes of now, in either direction
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack), over the bytes of its body. Bolt's own check
 * takes timestamps of the future, which could be kept and used later, and text alone, which bytes that are no UTF-8 are
 * not.
 */
export function isFromSlack(
  { method, headers, body }: WebhookRequest,
  signingSecret: string,
  now: Date,
): boolean {
  const signature = headers['x-slack-signature'];
  const timestamp = headers['x-slack-request-timestamp'];
  if (method !== 'POST' || typeof signature !== 'string' || typeof timestamp !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) > WINDOW_S) return false;
  const ours = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return isSameSecret(signature, `v0=${ours}`);
}
