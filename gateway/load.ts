import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { Log } from './connectors/connector.ts';

/** More comes in than goes out: nothing of this was taken, and it should come again. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';

  constructor() {
    super('more comes in than goes out');
  }
}

/** How loaded this process is. */
export interface LoadFacts {
  /** The part of the last moments in which it had no rest, 0 to 1. */
  readonly busy: number;
  /** Threads on which something is being sent or waits for that alone, not for a network's rate. */
  readonly underWay: number;
}

/** Tells when more comes in than goes out, so that what comes is put off before answers fall behind for good. */
export interface Load {
  isTooMuch(): boolean;
  stop(): void;
}

const LOOK_MS = 250;
/** So many answers are sent in about a second; with more of them behind, each waits longer than the one before. */
const MOST_UNDER_WAY = 500;
/** A process that rests a twentieth of the time still keeps up: what is under way then waits for networks. */
const BUSY = 0.95;

/** Pure. A network that does not answer leaves much under way and the process at rest: nothing is put off for it. */
export function isTooMuch({ busy, underWay }: LoadFacts): boolean {
  return busy > BUSY && underWay > MOST_UNDER_WAY;
}

/** https://nodejs.org/docs/latest-v20.x/api/perf_hooks.html#performanceeventlooputilizationutilization1-utilization2 */
export function createLoad(underWay: () => number, log: Log): Load {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  let busy = 0;
  let wasTooMuch = false;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    busy = performance.eventLoopUtilization(now, last).utilization;
    last = now;
    const isMuch = isTooMuch({ busy, underWay: underWay() });
    if (isMuch && !wasTooMuch)
      log.warn({ underWay: underWay() }, 'more comes in than goes out; it is put off');
    if (!isMuch && wasTooMuch) log.info({}, 'what comes in is taken again');
    wasTooMuch = isMuch;
  }, LOOK_MS).unref();
  return {
    isTooMuch: () => isTooMuch({ busy, underWay: underWay() }),
    stop: () => clearInterval(timer),
  };
}
