import type { Log } from './connectors/connector.ts';
import type { ChannelId } from './model/ids.ts';
import { forgetClientCodes } from './store/client-codes.ts';
import type { Database } from './store/database.ts';
import { ensurePartitions } from './store/partitions.ts';
import { applyRetention, type Retention } from './store/retention.ts';
import { foldTallies } from './store/tallies.ts';

export interface HousekeepingOptions {
  readonly db: Database;
  readonly now: () => Date;
  readonly log: Log;
  /** How long each channel's network may repeat an event. */
  readonly dedupeWindowMs: ReadonlyMap<ChannelId, number>;
  /** Without it nothing is removed. */
  readonly retention?: Retention;
}

const EVERY_MS = 3_600_000;
const FOLD_EVERY_MS = 5_000;
/** Batches of conversations removed in an hour, so that the work of the day is not disturbed. */
const BATCHES = 100;
/** A page of the desk resends what it has not seen stored; it does not wait for days. */
const DESK_WINDOW_MS = 7 * 24 * 3_600_000;

/** Keeps partitions ahead of time, forgets what is past its time, and folds tallies. */
export function createHousekeeping({ db, now, log, dedupeWindowMs, retention }: HousekeepingOptions) {
  const timers: NodeJS.Timeout[] = [];

  async function keep(): Promise<void> {
    await ensurePartitions(db, now());
    await forgetClientCodes(db, now());
    for (const [scope, windowMs] of [...dedupeWindowMs, ['desk', DESK_WINDOW_MS] as const]) {
      const before = new Date(now().getTime() - windowMs);
      await db.query('delete from dedupe where scope = $1 and at < $2', [scope, before]);
    }
  }

  async function retire(kept: Retention): Promise<void> {
    const { conversations, partitions, quarantined } = await applyRetention(db, kept, now(), BATCHES);
    if (conversations + partitions.length + quarantined > 0)
      log.info({ conversations, partitions, quarantined }, 'what was past its time was removed');
  }

  function every(ms: number, work: () => Promise<void>): void {
    const run = () =>
      work().catch((error: unknown) => log.error({ err: error }, 'housekeeping could not reach the store'));
    timers.push(setInterval(() => void run(), ms));
  }

  return {
    async start(): Promise<void> {
      await keep();
      every(EVERY_MS, keep);
      if (retention) every(EVERY_MS, () => retire(retention));
      every(FOLD_EVERY_MS, () => foldTallies(db));
    },
    stop(): void {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
