import type { ChannelId } from './model/ids.ts';

/** Bounds the requests under way at once on one channel: a slow network holds so many, and no other channel's. */
export interface InFlight {
  /** Takes a place now, or says that there is none. */
  tryEnter(channel: ChannelId): boolean;
  /** Waits for a place and takes it. */
  enter(channel: ChannelId): Promise<void>;
  leave(channel: ChannelId): void;
}

interface Gate {
  count: number;
  readonly waiting: (() => void)[];
}

export function createInFlight(max: number): InFlight {
  const gates = new Map<ChannelId, Gate>();

  function gateOf(channel: ChannelId): Gate {
    const gate = gates.get(channel) ?? { count: 0, waiting: [] };
    gates.set(channel, gate);
    return gate;
  }

  function tryEnter(channel: ChannelId): boolean {
    const gate = gateOf(channel);
    if (gate.count >= max) return false;
    gate.count++;
    return true;
  }

  return {
    tryEnter,
    async enter(channel) {
      if (!tryEnter(channel)) await new Promise<void>((resolve) => gateOf(channel).waiting.push(resolve));
    },
    leave(channel) {
      const gate = gateOf(channel);
      const next = gate.waiting.shift();
      if (next) next();
      else gate.count--;
    },
  };
}
