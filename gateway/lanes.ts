import type { ChannelId, DeliveryId, ThreadId } from './model/ids.ts';

/** A thread of which something is due. */
export interface Lane {
  readonly thread: ThreadId;
  readonly channel: ChannelId;
  running: boolean;
  /** Woken while running: look again before going. */
  woken: boolean;
  /** The last that it knows of: when that has ended, the lane has. */
  last?: DeliveryId | undefined;
  /** When its next request has its place among those of the channel and the thread, milliseconds since 1970. */
  placeMs?: number | undefined;
  timer?: NodeJS.Timeout;
}

/**
 * The threads that a node looks after at once, so many of each channel that a network which answers slowly or not at
 * all takes neither memory nor the places of other channels. What finds no place waits in the store.
 */
export interface Lanes {
  /** Of each channel. */
  readonly most: number;
  of(thread: ThreadId): Lane | undefined;
  isFull(channel: ChannelId): boolean;
  /** A new one that rests; undefined where the channel has no place left. */
  open(thread: ThreadId, channel: ChannelId): Lane | undefined;
  /** The thread's from now on, whatever it had. */
  put(lane: Lane): void;
  close(lane: Lane): void;
  stopTimers(): void;
}

/** `onRoom`: of a channel where some found no place, half of the places are free again. */
export function createLanes(most: number, onRoom: () => void): Lanes {
  const lanes = new Map<ThreadId, Lane>();
  const counts = new Map<ChannelId, number>();
  const leftOut = new Set<ChannelId>();

  const countOf = (channel: ChannelId) => counts.get(channel) ?? 0;
  const isFull = (channel: ChannelId) => countOf(channel) >= most;

  function put(lane: Lane): void {
    if (!lanes.has(lane.thread)) counts.set(lane.channel, countOf(lane.channel) + 1);
    lanes.set(lane.thread, lane);
  }

  return {
    most,
    of: (thread) => lanes.get(thread),
    isFull,
    open(thread, channel) {
      if (isFull(channel)) {
        leftOut.add(channel);
        return undefined;
      }
      const lane: Lane = { thread, channel, running: false, woken: false };
      put(lane);
      return lane;
    },
    put,
    close({ thread, channel }) {
      if (!lanes.delete(thread)) return;
      counts.set(channel, countOf(channel) - 1);
      if (countOf(channel) > most / 2 || !leftOut.delete(channel)) return;
      onRoom();
    },
    stopTimers() {
      for (const { timer } of lanes.values()) clearTimeout(timer);
    },
  };
}
