import type { Rates } from './connectors/capabilities.ts';
import type { ChannelId, ThreadId } from './model/ids.ts';

/** Spaces the requests of each channel, and of each thread of it, as its network asks. */
export interface RateLimits {
  /**
   * Gives the next request its place in time: milliseconds since 1970, `nowMs` where it may go at once.
   * The place is taken; a request that is not made after all leaves it empty.
   */
  reserve(channel: ChannelId, thread: ThreadId, nowMs: number): number | Promise<number>;
  /** As `reserve`, where that needs nobody else; undefined where it does, and no place is taken. */
  reserveAtOnce(channel: ChannelId, thread: ThreadId, nowMs: number): number | undefined;
  /** The network asked for silence on the whole channel: no place is before that time. */
  pause(channel: ChannelId, untilMs: number, nowMs: number): void;
}

/** Those of one node, which decides at once. */
export interface OwnRateLimits extends RateLimits {
  reserve(channel: ChannelId, thread: ThreadId, nowMs: number): number;
}

interface Spacing {
  readonly intervalMs: number;
  /** How far requests may run ahead of their spacing: a burst. */
  readonly aheadMs: number;
}

const MAX_THREADS = 10_000;
const SECOND_MS = 1000;
/** What a channel sends at once counts for this much of its time, so no second has much more than its rate. */
const CHANNEL_BURST_S = 0.1;

/** The even pace of a channel and of each thread of it. */
export function spacingsOf({ perSecond, perThreadPerSecond, perThreadBurst }: Rates): {
  readonly channel: Spacing;
  readonly thread: Spacing;
} {
  return {
    channel: spacing(perSecond, perSecond * CHANNEL_BURST_S),
    thread: spacing(perThreadPerSecond, perThreadBurst),
  };
}

/**
 * The generic cell rate algorithm (ITU-T I.371, annex A) for a channel and, within it, for a thread: each key keeps
 * the time when its next request would be due at an even pace.
 */
export function createRateLimits(
  ratesOf: (channel: ChannelId) => Rates | undefined,
  maxThreads = MAX_THREADS,
): OwnRateLimits {
  const channels = new Map<ChannelId, number>();
  const threads = new Map<ThreadId, number>();
  const pausedUntil = new Map<ChannelId, number>();

  function reserve(channel: ChannelId, thread: ThreadId, nowMs: number): number {
    const rates = ratesOf(channel);
    if (!rates) return nowMs;
    const spacings = spacingsOf(rates);
    const ofChannel = place(channels, channel, spacings.channel, nowMs);
    const ofThread = place(threads, thread, spacings.thread, ofChannel);
    if (threads.size > maxThreads) forgetIdle(threads, nowMs);
    return Math.max(ofThread, pausedUntil.get(channel) ?? 0);
  }

  return {
    reserve,
    reserveAtOnce: reserve,
    pause(channel, untilMs) {
      pausedUntil.set(channel, untilMs);
    },
  };
}

function spacing(perSecond: number, burst: number): Spacing {
  const intervalMs = SECOND_MS / perSecond;
  return { intervalMs, aheadMs: intervalMs * (Math.max(1, burst) - 1) };
}

function place<Key>(
  dueAt: Map<Key, number>,
  key: Key,
  { intervalMs, aheadMs }: Spacing,
  fromMs: number,
): number {
  const dueMs = Math.max(dueAt.get(key) ?? fromMs, fromMs);
  dueAt.set(key, dueMs + intervalMs);
  return Math.max(fromMs, dueMs - aheadMs);
}

/** A key whose time has come is as good as unknown. */
function forgetIdle<Key>(dueAt: Map<Key, number>, nowMs: number): void {
  for (const [key, dueMs] of dueAt) if (dueMs <= nowMs) dueAt.delete(key);
}
