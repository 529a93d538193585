import type { ConversationId } from './model/ids.ts';

/** Why a conversation is looked at. */
export interface Wake {
  readonly conversation: ConversationId;
  /** True: something of it falls due by its time; false: another node committed something. */
  readonly isTimed: boolean;
}

/**
 * Tells the node that works a conversation that something of it is due. The store holds the truth: a wake may be lost,
 * doubled or late, and a sweep finds what it was about. Nothing here waits.
 */
export interface Wakes {
  /** Something was committed here, up to the event `seq`, in a conversation that another node works. */
  wakeOwner(conversation: ConversationId, seq: number): void;
  /** Something of the conversation falls due at that time; whichever node works it then is woken. */
  wakeAt(conversation: ConversationId, at: Date): void;
  /** Called for each wake that comes to this node. */
  onWake(listener: (wake: Wake) => void): void;
  /** Takes no more wakes and gives none. */
  stop(): Promise<void>;
}

/** Beyond this a wake is left to the sweep: a timer of Node's holds no more milliseconds. */
const FURTHEST_MS = 2 ** 31 - 1;
const MAX_TIMERS = 10_000;

/** Wakes within one node: there is no other owner, and what is due later waits in a timer. */
export function createWakes(now: () => Date): Wakes {
  const listeners: ((wake: Wake) => void)[] = [];
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    wakeOwner() {},
    wakeAt(conversation, at) {
      const waitMs = Math.max(0, at.getTime() - now().getTime());
      const key = `${conversation} ${at.getTime()}`;
      if (waitMs > FURTHEST_MS || timers.size >= MAX_TIMERS || timers.has(key)) return;
      const timer = setTimeout(() => {
        timers.delete(key);
        for (const listener of listeners) listener({ conversation, isTimed: true });
      }, waitMs);
      timers.set(key, timer.unref());
    },
    onWake(listener) {
      listeners.push(listener);
    },
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
