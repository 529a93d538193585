import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ChannelHealth, Finding } from '../health.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { errorCodeOf, isForbidden, isUnauthorized } from './outcome.ts';

/** What is asked of the number: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status */
export const HEALTH_FIELDS = 'display_phone_number,status,quality_rating';

const number = z.looseObject({
  display_phone_number: z.string().max(40).optional(),
  status: z.string().max(40).optional(),
  quality_rating: z.string().max(40).optional(),
});

/** States in which the number sends nothing; in others, such as CONNECTED or PENDING, nothing is wrong that we know of. */
const STATES: Readonly<Record<string, Finding['problem']>> = {
  BANNED: 'forbidden',
  DELETED: 'forbidden',
  RESTRICTED: 'forbidden',
  DISCONNECTED: 'not-connected',
  RATE_LIMITED: 'limited',
  FLAGGED: 'limited',
};

/** What the answer about our number says of the channel. */
export function healthOf(answer: HttpAnswer): ChannelHealth {
  if (!answer.complete) return { findings: [{ problem: 'unreachable', detail: answer.outcome.reason }] };
  const { status, text } = answer;
  if (status !== 200) return { findings: [findingOf(status, errorCodeOf(text))] };
  const { data } = number.safeParse(parseJson(text));
  if (!data) return { findings: [{ problem: 'network-trouble', detail: 'garbled-answer' }] };
  const { display_phone_number: account, status: state = '', quality_rating: quality } = data;
  const problem = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const findings: Finding[] = problem ? [{ problem, detail: state }] : [];
  // Low quality lowers how many people may be written to.
  if (quality === 'RED') findings.push({ problem: 'limited', detail: 'quality RED' });
  return { findings, ...(account !== undefined && { account }) };
}

function findingOf(status: number, code: number | undefined): Finding {
  if (isUnauthorized(status, code)) return { problem: 'unauthorized' };
  const detail = code === undefined ? `http-${status}` : `whatsapp-${code}`;
  // 100 with 33: "Object with ID … does not exist, cannot be loaded due to missing permissions".
  const isOurs = code !== undefined && (isForbidden(code) || code === 100 || code === 33);
  return { problem: isOurs ? 'forbidden' : 'network-trouble', detail };
}
