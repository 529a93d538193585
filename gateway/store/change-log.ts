import type { Change, Changed, ChangeLog } from '../change.ts';
import type { ChannelId } from '../model/ids.ts';
import { commitBatch } from './batch.ts';
import type { Database } from './database.ts';
import { isAboutData, isRace, StoreBusyError } from './errors.ts';

export interface ChangeLogOptions {
  readonly db: Database;
  readonly now: () => Date;
  readonly acceptsAtCommit: (channel: ChannelId) => boolean;
  /** Changes waiting for their commit beyond this many are refused. */
  readonly maxWaiting?: number;
  /** A change that has waited this long for its batch is refused: whoever brought it has gone, or will bring it again. */
  readonly maxWaitMs?: number;
}

interface Waiting {
  readonly change: Change;
  readonly key: string;
  readonly sinceMs: number;
  resolve(changed: Changed): void;
  reject(error: unknown): void;
}

const BATCHES_IN_FLIGHT = 2;
const MAX_BATCH = 200;
const MAX_WAITING = 10_000;
const MAX_WAIT_MS = 4_000;
const TRIES = 4;

type Committed = Extract<Changed, { outcome: 'committed' }>;

/**
 * Group commit: what waits together is committed together, with at most two batches in flight and no timer.
 * A conversation is in at most one batch in flight, so its changes keep the order in which they came.
 */
export function createChangeLog(options: ChangeLogOptions): ChangeLog {
  const { db, now, acceptsAtCommit, maxWaiting = MAX_WAITING, maxWaitMs = MAX_WAIT_MS } = options;
  const listeners: ((changed: Committed) => void)[] = [];
  const busyKeys = new Set<string>();
  let waiting: Waiting[] = [];
  let inFlight = 0;

  function flush(): void {
    while (inFlight < BATCHES_IN_FLIGHT) {
      const batch = takeBatch();
      if (batch.length === 0) return;
      inFlight++;
      for (const { key } of batch) busyKeys.add(key);
      void run(batch).finally(() => {
        inFlight--;
        for (const { key } of batch) busyKeys.delete(key);
        flush();
      });
    }
  }

  function takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const oldestMs = performance.now() - maxWaitMs;
    for (const one of waiting) {
      if (one.sinceMs < oldestMs) one.reject(new StoreBusyError(`a change waited for ${maxWaitMs} ms`));
      else (batch.length < MAX_BATCH && !busyKeys.has(one.key) ? batch : left).push(one);
    }
    waiting = left;
    return batch;
  }

  async function run(batch: readonly Waiting[]): Promise<void> {
    const results = await commitWithRetry(batch.map(({ change }) => change)).catch((error: unknown) => ({
      error,
    }));
    if (!('error' in results)) {
      for (const [index, one] of batch.entries()) settle(one, results[index]);
    } else if (batch.length > 1 && isAboutData(results.error)) {
      // One poison row must harm only itself: the others are committed alone. A store that is away refuses all.
      for (const one of batch) await run([one]);
    } else {
      for (const one of batch) one.reject(results.error);
    }
  }

  function settle(one: Waiting, result: Changed | undefined): void {
    if (!result) {
      one.reject(new Error('the store gave fewer results than changes'));
      return;
    }
    if (result.outcome === 'committed') for (const listener of listeners) listener(result);
    one.resolve(result);
  }

  async function commitWithRetry(changes: readonly Change[]): Promise<readonly Changed[]> {
    for (let tried = 1; ; tried++) {
      try {
        return await commitBatch(db, changes, { now: now(), acceptsAtCommit });
      } catch (error) {
        if (tried === TRIES || !isRace(error)) throw error;
      }
    }
  }

  return {
    commit(changes) {
      if (waiting.length + changes.length > maxWaiting) {
        return Promise.reject(new StoreBusyError(`${waiting.length} changes wait for their commit`));
      }
      const committed = changes.map(
        (change) =>
          new Promise<Changed>((resolve, reject) => {
            waiting.push({ change, key: keyOf(change), sinceMs: performance.now(), resolve, reject });
          }),
      );
      flush();
      return Promise.all(committed);
    },
    onCommitted(listener) {
      listeners.push(listener);
    },
  };
}

function keyOf(change: Change): string {
  return 'conversation' in change
    ? change.conversation
    : `${change.channel}\n${change.sender.externalThread}`;
}
