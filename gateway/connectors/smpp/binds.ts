import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../within.ts';
import type { Log } from '../connector.ts';
import type { BindKind, BoundSession } from './session.ts';

export interface BindsOptions {
  readonly open: (kind: BindKind) => Promise<BoundSession>;
  /** One bind for both ways, or two. */
  readonly bind: 'transceiver' | 'transmitter+receiver';
  readonly log: Log;
}

/**
 * The sessions of one channel on this node. One node listens at a time (listen); a node that sends without listening
 * binds as transmitter by itself, for as long as it has something to send.
 */
export interface Binds {
  /** Receives until the signal aborts, over one session after another; rejects where none can be bound. */
  listen(signal: AbortSignal): Promise<void>;
  /** A session to send over. Rejects where there is none in time. */
  sending(): Promise<BoundSession>;
  /** Why the newest attempt to bind failed; undefined while a session stands. */
  readonly trouble: unknown;
}

/** A node that starts sends before it knows whether it listens. */
const LISTEN_GRACE_MS = 2_000;
const SENDING_LIMIT_MS = 5_000;
const IDLE_MS = 60_000;
const REFUSED_WAIT_MS = 5_000;
/** A session that ended is opened again soon, and ever later while sessions end as soon as they were opened. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const SHORT_SESSION_MS = 2_000;

export function createBinds({ open, bind, log }: BindsOptions): Binds {
  let receiving: Promise<BoundSession> | undefined;
  /** What is to be sent while a session that ended is opened again. */
  const waiting: ((session: BoundSession) => void)[] = [];
  /** Aborted once another node listens. */
  let role: AbortSignal | undefined;
  let transmitting: Promise<BoundSession> | undefined;
  let trouble: unknown;
  let idleTimer: NodeJS.Timeout | undefined;
  let startListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    startListening = resolve;
  });

  async function openAs(kind: BindKind): Promise<BoundSession> {
    try {
      const session = await open(kind);
      trouble = undefined;
      void session.ended.then((reason) => {
        trouble = new Error(reason);
        log.info({ bind: kind, reason }, 'an SMPP session ended');
      });
      return session;
    } catch (error) {
      trouble = error;
      throw error;
    }
  }

  /** Opened once for all that wait; a failure holds for a while, so that an SMSC is not stormed. */
  function transmitter(): Promise<BoundSession> {
    if (!transmitting) {
      const opening = openAs('transmitter');
      transmitting = opening;
      const forget = () => {
        if (transmitting === opening) transmitting = undefined;
      };
      opening.then(
        (session) => void session.ended.then(forget),
        () => setTimeout(forget, REFUSED_WAIT_MS).unref(),
      );
    }
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => void closeIdle(), IDLE_MS).unref();
    return transmitting;
  }

  /** One session from its bind to its end; rejects where it could not be bound. */
  async function receive(signal: AbortSignal): Promise<void> {
    const opening = openAs(bind === 'transceiver' ? 'transceiver' : 'receiver');
    receiving = opening;
    startListening();
    try {
      const session = await opening;
      for (const goOn of waiting.splice(0)) goOn(session);
      const stop = () => void session.close();
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      await session.ended;
      signal.removeEventListener('abort', stop);
    } finally {
      receiving = undefined;
    }
  }

  async function closeIdle(): Promise<void> {
    const session = await transmitting?.catch(() => undefined);
    await session?.close();
  }

  return {
    get trouble() {
      return trouble;
    },
    async listen(signal) {
      role = signal;
      try {
        for (let short = 0; !signal.aborted; short++) {
          const beganMs = performance.now();
          await receive(signal);
          if (performance.now() - beganMs > SHORT_SESSION_MS) short = 0;
          await pause(Math.min(FIRST_PAUSE_MS * 2 ** short, LONGEST_PAUSE_MS), signal);
        }
      } finally {
        if (signal.aborted) await closeIdle();
      }
    },
    async sending() {
      if (bind !== 'transceiver') return within(SENDING_LIMIT_MS, transmitter());
      await within(LISTEN_GRACE_MS, listening).catch(() => undefined);
      if (!role || role.aborted) return within(SENDING_LIMIT_MS, transmitter());
      return within(SENDING_LIMIT_MS, receiving ?? new Promise((resolve) => waiting.push(resolve)));
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
