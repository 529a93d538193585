import type { Api } from 'grammy';
import { z } from 'zod';
import type { ConnectorHost } from '../connector.ts';
import { callSignal, speakable } from './api.ts';
import { translateUpdates } from './inbound.ts';
import { ALLOWED_UPDATES, numbered } from './updates.ts';

const POLL_S = 30;

/**
 * Long polling (https://core.telegram.org/bots/api#getupdates) until the signal aborts. The offset, by which Telegram
 * forgets updates, moves only after the batch was stored; a batch whose store failed is asked for again.
 * Rejects where Telegram or the store is away.
 */
export async function poll(
  api: Api,
  host: Pick<ConnectorHost, 'receive'>,
  signal: AbortSignal,
): Promise<void> {
  // A webhook that is still set makes getUpdates fail with 409; updates that wait are kept.
  await call('deleteWebhook', signal, () => api.deleteWebhook({}, callSignal(signal)));
  let offset: number | undefined;
  while (!signal.aborted) {
    const answer = await call('getUpdates', signal, () =>
      api.getUpdates({ offset, timeout: POLL_S, allowed_updates: ALLOWED_UPDATES }, callSignal(signal)),
    );
    const updates = inSequence(z.array(z.unknown()).parse(answer ?? []));
    if (updates.length === 0) continue;
    await host.receive(translateUpdates(updates));
    offset = after(updates);
  }
}

/** Announces the webhook, then waits until the signal aborts. Rejects where Telegram is away or refuses it. */
export async function announceWebhook(
  api: Api,
  webhook: { readonly url: string; readonly secret: string },
  signal: AbortSignal,
): Promise<void> {
  await call('setWebhook', signal, () =>
    api.setWebhook(
      webhook.url,
      { secret_token: webhook.secret, allowed_updates: ALLOWED_UPDATES },
      callSignal(signal),
    ),
  );
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Undefined where the signal ended the call; other failures are thrown without the request's parameters. */
async function call<T>(method: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw speakable(method, error);
  }
}

/** By `update_id`, which serves "to restore the correct update sequence, should they get out of order" (#update). */
function inSequence(updates: readonly unknown[]): readonly unknown[] {
  return [...updates].sort((one, other) => (numberOf(one) ?? 0) - (numberOf(other) ?? 0));
}

function numberOf(update: unknown): number | undefined {
  return numbered.safeParse(update).data?.update_id;
}

/** "Must be greater by one than the highest among the identifiers of previously received updates." */
function after(updates: readonly unknown[]): number {
  const ids = updates.flatMap((one) => numberOf(one) ?? []);
  // Without a number there is no way past the batch.
  if (ids.length === 0) throw new Error('getUpdates: a batch without a single update_id');
  return Math.max(...ids) + 1;
}
