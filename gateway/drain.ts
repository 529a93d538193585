import { setTimeout as sleep } from 'node:timers/promises';

/** How a part ends what it has under way when the hub stops. */
export interface Drain {
  /**
   * Runs `work` with a signal that aborts after `limitMs`, or when there is no more time to finish: then the outcome is
   * `cutOff`, whether the work obeys its signal or not.
   */
  run<Result>(
    limitMs: number,
    work: (signal: AbortSignal) => Promise<Result>,
    cutOff: Result,
  ): Promise<Result>;
  /** Waits for what is under way, cuts it off when its time is over, then waits a moment for its record. */
  finish(underWay: () => readonly Promise<unknown>[]): Promise<void>;
}

/** Time to finish, and then to record what was cut off; together well within the limit of a stop. */
const FINISH_MS = 5_000;
const RECORD_MS = 2_000;

export function createDrain(): Drain {
  const running = new Set<() => void>();
  return {
    async run(limitMs, work, cutOff) {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), limitMs);
      let cut = () => {};
      const isCut = new Promise<typeof cutOff>((resolve) => {
        cut = () => {
          limit.abort();
          resolve(cutOff);
        };
      });
      running.add(cut);
      try {
        return await Promise.race([work(limit.signal), isCut]);
      } finally {
        clearTimeout(timer);
        running.delete(cut);
      }
    },
    async finish(underWay) {
      if (await endsWithin(FINISH_MS, underWay())) return;
      for (const cut of running) cut();
      await endsWithin(RECORD_MS, underWay());
    },
  };
}

async function endsWithin(limitMs: number, work: readonly Promise<unknown>[]): Promise<boolean> {
  const stop = new AbortController();
  const ended = Promise.allSettled(work).then(() => true);
  const tooLate = sleep(limitMs, false, { signal: stop.signal }).catch(() => false);
  try {
    return await Promise.race([ended, tooLate]);
  } finally {
    stop.abort();
  }
}
