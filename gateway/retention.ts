import type { Log } from './connectors/connector.ts';
import type { ChannelId } from './model/ids.ts';
import type { Database } from './store/database.ts';
import { ensurePartitions } from './store/partitions.ts';
import { foldTallies } from './store/tallies.ts';

export interface HousekeepingOptions {
  readonly db: Database;
  readonly now: () => Date;
  readonly log: Log;
  /** How long each channel's network may repeat an event. */
  readonly dedupeWindowMs: ReadonlyMap<ChannelId, number>;
}

const EVERY_MS = 3_600_000;
const FOLD_EVERY_MS = 5_000;
/** A page of the desk resends what it has not seen stored; it does not wait for days. */
const DESK_WINDOW_MS = 7 * 24 * 3_600_000;

/** Keeps partitions ahead of time, forgets dedupe keys that no network can repeat any more, and folds tallies. */
export function createHousekeeping({ db, now, log, dedupeWindowMs }: HousekeepingOptions) {
  const timers: NodeJS.Timeout[] = [];

  async function keep(): Promise<void> {
    await ensurePartitions(db, now());
    for (const [scope, windowMs] of [...dedupeWindowMs, ['desk', DESK_WINDOW_MS] as const]) {
      const before = new Date(now().getTime() - windowMs);
      await db.query('delete from dedupe where scope = $1 and at < $2', [scope, before]);
    }
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
      every(FOLD_EVERY_MS, () => foldTallies(db));
    },
    stop(): void {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
