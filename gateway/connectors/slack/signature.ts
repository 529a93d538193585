import type { isValidSlackRequest } from '@slack/bolt';
import type { WebhookRequest } from '../connector.ts';

type Verify = typeof isValidSlackRequest;

const WINDOW_S = 5 * 60;

/**
 * True for a request that Slack signed within the last five minutes
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack). Bolt's own check, in constant time, takes
 * timestamps of the future; a request from there could be kept and used later, so it is refused here.
 */
export function isFromSlack(
  { method, headers, body }: WebhookRequest,
  signingSecret: string,
  now: Date,
  isValid: Verify,
): boolean {
  const signature = headers['x-slack-signature'];
  const timestamp = headers['x-slack-request-timestamp'];
  if (method !== 'POST' || typeof signature !== 'string' || typeof timestamp !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  const seconds = Number(timestamp);
  if (seconds > now.getTime() / 1000 + WINDOW_S) return false;
  return isValid({
    signingSecret,
    body: new TextDecoder().decode(body),
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds },
    nowMilliseconds: now.getTime(),
  });
}
