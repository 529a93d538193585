import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ConnectorHost } from '../connector.ts';
import type { MaxApi, MaxCall } from './api.ts';
import { translateUpdates } from './inbound.ts';
import { refusalOf } from './outcome.ts';
import { UPDATE_TYPES } from './updates.ts';

/** Seconds, of "0-90" (https://dev.max.ru/docs-api/methods/GET/updates). */
const POLL_S = 30;
/** A webhook that failed for 8 hours is unsubscribed by MAX (https://dev.max.ru/docs-api/methods/POST/subscriptions). */
const LOOK_AGAIN_MS = 10 * 60_000;

const subscriptions = z.looseObject({ subscriptions: z.array(z.looseObject({ url: z.string() })) });
const batch = z.looseObject({ updates: z.array(z.unknown()), marker: z.int().nullish() });

/** Addresses that MAX sends updates to. Rejects where MAX is away. */
async function subscribed(api: MaxApi, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await ask(api, { method: 'GET', path: '/subscriptions', signal });
  return subscriptions.parse(answer).subscriptions.map(({ url }) => url);
}

/**
 * Long polling (https://dev.max.ru/docs-api/methods/GET/updates) until the signal aborts. Earlier updates "are considered
 * completed once `marker` is passed", so it moves only after the batch was stored; without one MAX gives all since the
 * last that was passed. Rejects where MAX or the store is away.
 */
export async function poll(
  api: MaxApi,
  host: Pick<ConnectorHost, 'receive'>,
  signal: AbortSignal,
): Promise<void> {
  // "While a subscription is active, long polling does not work" (…/methods/POST/subscriptions).
  for (const url of await subscribed(api, signal)) {
    const path = `/subscriptions?${new URLSearchParams({ url })}`;
    await ask(api, { method: 'DELETE', path, signal });
  }
  let marker: number | undefined;
  while (!signal.aborted) {
    const query = new URLSearchParams({ timeout: String(POLL_S), types: UPDATE_TYPES.join(',') });
    if (marker !== undefined) query.set('marker', String(marker));
    let answer: unknown;
    try {
      answer = await ask(api, { method: 'GET', path: `/updates?${query}`, signal });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    const read = batch.parse(answer);
    if (read.updates.length > 0) await host.receive(translateUpdates(read.updates));
    marker = read.marker ?? marker;
  }
}

/** Subscribes our webhook, and again when it is gone, until the signal aborts. Rejects where MAX is away or refuses. */
export async function keepSubscribed(
  api: MaxApi,
  { url, secret }: { readonly url: string; readonly secret: string },
  signal: AbortSignal,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<void> {
  const body = { url, secret, update_types: UPDATE_TYPES };
  // Once in any case: the secret may have changed.
  await ask(api, { method: 'POST', path: '/subscriptions', body, signal });
  for (;;) {
    const isOver = await sleep(lookAgainMs, false, { signal, ref: false }).catch(() => true);
    if (isOver) return;
    try {
      const isThere = (await subscribed(api, signal)).includes(url);
      if (!isThere) await ask(api, { method: 'POST', path: '/subscriptions', body, signal });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}

/** What MAX answered, parsed. Rejects with what went wrong, in words that may be logged. */
async function ask(api: MaxApi, call: MaxCall): Promise<unknown> {
  const answer = await api({ ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(60_000)]) });
  const what = `${call.method} ${call.path.split('?')[0]}`;
  if (!answer.complete) throw new Error(`${what}: ${answer.outcome.reason}`);
  if (answer.status !== 200) throw new Error(`${what}: ${refusalOf(answer).reason}`);
  return parseJson(answer.text);
}
