import { createRequire } from 'node:module';
import type { webApi } from '@slack/bolt';
import { readFetchFailure } from '../fetch-failure.ts';
import type { SendOutcome } from '../outgoing.ts';

export type Bolt = typeof import('@slack/bolt');

/** Bolt takes half a second to load, so only a hub with a Slack channel loads it. */
export function loadBolt(): Bolt {
  return createRequire(import.meta.url)('@slack/bolt') as Bolt;
}

/** Shorter than the outbox waits for a send. */
const CALL_LIMIT_MS = 25_000;

/** Slack's Web API client on the given fetch. It repeats nothing by itself: what is unknown must not look like done. */
export function createSlackApi(
  { webApi: { WebClient, LogLevel } }: Bolt,
  { token, apiUrl }: { token: string; apiUrl: string },
  fetch: typeof globalThis.fetch,
): webApi.WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    fetch: (input, init) => fetch(input, { ...init, redirect: 'manual' }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_LIMIT_MS,
    // What it logs holds requests; ours logs outcomes.
    logLevel: LogLevel.ERROR,
    logger: SILENT,
  });
}

const nothing = () => {};
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error' as webApi.LogLevel,
  setName: nothing,
};

/** Common errors: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const UNAUTHORIZED = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
  'org_login_required',
  'ekm_access_denied',
]);
const LATER = new Set([
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
/** "It's possible some aspect of the operation succeeded before the error was raised." */
const UNKNOWN = new Set(['fatal_error', 'internal_error']);

export function isUnauthorized(code: string): boolean {
  return UNAUTHORIZED.has(code);
}

/** What a failed call means for its delivery. */
export function outcomeOfFailure({ webApi: api }: Bolt, error: unknown): SendOutcome {
  if (error instanceof api.WebAPIRateLimitedError) {
    const afterMs = Math.max(1, error.retryAfter) * 1000;
    return { outcome: 'retry', reason: 'too-many-requests', afterMs, scope: 'thread' };
  }
  if (error instanceof api.WebAPIPlatformError) return outcomeOfRefusal(error.data.error);
  if (error instanceof api.WebAPIHTTPError) return outcomeOfStatus(error.statusCode);
  if (error instanceof api.WebAPIRequestError) {
    const { mayHaveArrived, reason } = readFetchFailure(error.original);
    return mayHaveArrived ? { outcome: 'unknown', reason } : { outcome: 'retry', reason };
  }
  return { outcome: 'unknown', reason: readFetchFailure(error).reason };
}

function outcomeOfRefusal(code: string): SendOutcome {
  // The client puts an answer that is no JSON where the code should be.
  if (!/^[a-z0-9_]{1,60}$/.test(code)) return { outcome: 'unknown', reason: 'garbled-answer' };
  if (LATER.has(code)) return { outcome: 'retry', reason: code };
  if (isUnauthorized(code)) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (UNKNOWN.has(code)) return { outcome: 'unknown', reason: code };
  return { outcome: 'rejected', reason: code };
}

/** A complete answer that the Web API did not write: something before it refused, or failed. */
function outcomeOfStatus(status: number): SendOutcome {
  if (status === 413) return { outcome: 'rejected', reason: 'too-large' };
  return { outcome: 'retry', reason: `http-${status}` };
}
