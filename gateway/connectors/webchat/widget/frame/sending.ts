import type { Timers } from './connection.ts';
import type { ClientFrame } from './frames.ts';
import type { Outbox, Unsent } from './outbox.ts';

/** A message that the hub has not stored by then makes us doubt the connection, milliseconds. */
const STORED_MS = 10_000;
/** A message that was sent so often without an answer may be what breaks the connection: it waits for the client. */
const MAX_SENDS = 5;
/** How long to hold back when the hub asks to slow down, milliseconds. */
const SLOW_DOWN_MS = 3_000;

export interface SendingNeeds {
  readonly outbox: Outbox;
  /** Milliseconds. */
  readonly now: () => number;
  readonly send: (frame: ClientFrame) => boolean;
  /** Messages were sent and nothing came back for too long. */
  readonly onSilence: () => void;
  /** It was sent too often in vain; it is to be refused. */
  readonly onHopeless: (unsent: Unsent) => void;
  readonly timers: Timers;
}

/** Sends the client's messages in their order, each until the hub has stored or refused it. */
export interface Sending {
  /** Keeps it, and sends it where the connection is open. */
  add(unsent: Unsent): void;
  /** The connection is open: sends what waits. */
  resume(): void;
  /** The hub has stored it. */
  settle(id: string): void;
  /** The hub refused it: it stays kept, and waits for the client. */
  refuse(unsent: Unsent): void;
  /** The hub wants it again later; until then nothing is sent, so that nothing overtakes it. */
  slowDown(id: string): void;
  /** The connection is gone: what is on its way is no longer waited for. */
  pause(): void;
}

export function createSending(needs: SendingNeeds): Sending {
  const { outbox, send, timers } = needs;
  const onTheirWay = new Set<string>();
  const sends = new Map<string, number>();
  let isHeld = false;
  let cancelTimer = () => {};

  const watch = () => {
    if (isHeld) return;
    cancelTimer();
    if (onTheirWay.size > 0) cancelTimer = timers.after(STORED_MS, needs.onSilence);
  };
  const sendOne = (unsent: Unsent) => {
    const { id } = unsent;
    const before = sends.get(id) ?? 0;
    if (before >= MAX_SENDS) {
      needs.onHopeless(unsent);
      return;
    }
    if (!send(frameOf(unsent))) return;
    sends.set(id, before + 1);
    onTheirWay.add(id);
  };
  const resume = () => {
    isHeld = false;
    for (const unsent of outbox.list(needs.now())) {
      if (unsent.failure === undefined && !onTheirWay.has(unsent.id)) sendOne(unsent);
    }
    watch();
  };
  return {
    add(unsent) {
      outbox.put(unsent);
      if (!isHeld) sendOne(unsent);
      watch();
    },
    resume,
    settle(id) {
      outbox.remove(id);
      sends.delete(id);
      if (onTheirWay.delete(id)) watch();
    },
    refuse(unsent) {
      outbox.put(unsent);
      sends.delete(unsent.id);
      onTheirWay.delete(unsent.id);
      watch();
    },
    slowDown(id) {
      onTheirWay.delete(id);
      sends.delete(id);
      cancelTimer();
      isHeld = true;
      cancelTimer = timers.after(SLOW_DOWN_MS, resume);
    },
    pause() {
      onTheirWay.clear();
      isHeld = false;
      cancelTimer();
    },
  };
}

function frameOf({ id, text, choice, place }: Unsent): ClientFrame {
  if (place) return { type: 'location', id, ...place };
  return choice === undefined ? { type: 'message', id, text } : { type: 'choice', id, choice };
}
