import type pg from 'pg';
import { afterAttempt } from './after-attempt.ts';
import type { Capabilities } from './connectors/capabilities.ts';
import type { Log } from './connectors/connector.ts';
import type { InboundReceipt } from './connectors/inbound.ts';
import { fit } from './fit.ts';
import { newId } from './ids.ts';
import type { Live } from './live.ts';
import type { Delivery } from './model/delivery.ts';
import type { ChannelId } from './model/ids.ts';
import type { Database } from './store/database.ts';
import { messagesOf, recordReceipt } from './store/deliveries.ts';
import {
  applyReceipt,
  dropEarly,
  dueEarly,
  hasEarly,
  keepEarly,
  postponeEarly,
  type ReceiptOutcome,
} from './store/receipts.ts';

export interface ReceiptsOptions {
  readonly db: Database;
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  readonly live: Live;
  readonly now: () => Date;
  readonly log: Log;
}

/** The networks' word on messages of ours, in whatever order it comes with the answers to our requests. */
export interface Receipts {
  /** Resolves after the commit of the receipt, or of the fact that it waits for its message's id. */
  take(channel: ChannelId, receipt: InboundReceipt): Promise<void>;
  /** Tries again what waits. */
  start(): Promise<void>;
  stop(): void;
}

const TICK_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 600_000;
/** A receipt for which nothing was found for so long is of somebody else's message. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 3_600_000;
const MAX_AT_ONCE = 100;

export function createReceipts({ db, capabilitiesOf, live, now, log }: ReceiptsOptions): Receipts {
  let timer: NodeJS.Timeout | undefined;
  let isWaiting = false;
  let isLooking = false;

  /** What a delivery is whose newest attempt turned out to have been accepted. */
  async function accepted(client: pg.PoolClient, channel: ChannelId, delivery: Delivery) {
    const capabilities = capabilitiesOf(channel);
    if (!capabilities) return undefined;
    const [message] = await messagesOf(client, [delivery]);
    const parts = fit(message?.content ?? [], capabilities).length;
    return parts > 0 ? afterAttempt(delivery, { outcome: 'accepted' }, parts, now()) : undefined;
  }

  async function apply(channel: ChannelId, receipt: InboundReceipt): Promise<boolean> {
    const outcome: ReceiptOutcome = await applyReceipt(db, channel, receipt, (client, delivery) =>
      accepted(client, channel, delivery),
    );
    if (outcome.known && outcome.delivery) live.publish({ type: 'delivery', delivery: outcome.delivery });
    return outcome.known;
  }

  async function lookAgain(): Promise<void> {
    const at = now();
    for (const { id, channel, receipt, cameAt, tries } of await dueEarly(db, at, MAX_AT_ONCE)) {
      const ageMs = at.getTime() - cameAt.getTime();
      if (await apply(channel, receipt)) await dropEarly(db, id);
      else if (ageMs > GIVEN_UP_AFTER_MS) {
        await dropEarly(db, id);
        log.warn({ channel }, 'a receipt speaks of no message of ours');
      } else {
        await postponeEarly(db, id, new Date(at.getTime() + waitMs(tries)));
      }
    }
    isWaiting = await hasEarly(db);
  }

  async function tick(): Promise<void> {
    if (!isWaiting || isLooking) return;
    isLooking = true;
    try {
      await lookAgain();
    } catch (error) {
      log.error({ err: error }, 'receipts that wait could not be looked at');
    } finally {
      isLooking = false;
    }
  }

  return {
    async take(channel, receipt) {
      if (capabilitiesOf(channel)?.acceptance === 'commit') {
        const delivery = await recordReceipt(db, channel, receipt.externalId, receipt.receipt);
        if (delivery) live.publish({ type: 'delivery', delivery });
        return;
      }
      if (await apply(channel, receipt)) return;
      const cameAt = now();
      await keepEarly(
        db,
        { id: newId(), channel, receipt, cameAt },
        new Date(cameAt.getTime() + FIRST_WAIT_MS),
      );
      isWaiting = true;
    },
    async start() {
      isWaiting = await hasEarly(db);
      timer = setInterval(() => void tick(), TICK_MS);
    },
    stop: () => clearInterval(timer),
  };
}

function waitMs(tries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 20), LONGEST_WAIT_MS);
}
