import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { Log } from './connectors/connector.ts';
import type { ChannelId } from './model/ids.ts';

/** More comes in than goes out: nothing of this was taken, and it should come again. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';

  constructor() {
    super('more comes in than goes out');
  }
}

/** How loaded this process is, as a channel sees it. */
export interface LoadFacts {
  /** The part of the last moments in which it had no rest, 0 to 1. */
  readonly busy: number;
  /** Threads of the channel on which something is being sent or waits for that alone, not for its network's rate. */
  readonly underWay: number;
}

/** Tells when more comes in than goes out, so that what comes is put off before answers fall behind for good. */
export interface Load {
  /** True for a channel whose own answers are behind: what another's network holds up is no reason. */
  isTooMuch(channel: ChannelId): boolean;
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
export function createLoad(
  channels: Iterable<ChannelId>,
  underWay: (channel: ChannelId) => number,
  log: Log,
): Load {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  let busy = 0;
  const putOff = new Set<ChannelId>();
  const isMuchFor = (channel: ChannelId) => isTooMuch({ busy, underWay: underWay(channel) });
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    busy = performance.eventLoopUtilization(now, last).utilization;
    last = now;
    for (const channel of channels) tell(channel);
  }, LOOK_MS).unref();

  function tell(channel: ChannelId): void {
    if (isMuchFor(channel) === putOff.has(channel)) return;
    if (putOff.delete(channel)) {
      log.info({ channel }, 'what comes in is taken again');
      return;
    }
    putOff.add(channel);
    log.warn({ channel, underWay: underWay(channel) }, 'more comes in than goes out; it is put off');
  }

  return {
    isTooMuch: isMuchFor,
    stop: () => clearInterval(timer),
  };
}
