import { backoffMs } from '../../../../web/backoff.ts';
import type { ClientFrame, ServerFrame } from './frames.ts';

/** How long the hub may take from our connecting to its welcome, milliseconds. */
const WELCOME_MS = 10_000;

/** `connecting`: an attempt runs; `waiting`: the next one is due after a pause; `stopped`: none runs or is due. */
export type ConnectionState = 'stopped' | 'connecting' | 'open' | 'waiting';

/** A socket that is being opened or is open. */
export interface Opened {
  send(data: string | ArrayBuffer): void;
  close(): void;
}

/** Opens a socket. It calls nothing before it has returned. */
export type OpenSocket = (events: {
  opened(): void;
  received(data: unknown): void;
  closed(): void;
}) => Opened;

export interface Timers {
  /** Calls `run` once after that many milliseconds; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
}

export interface ConnectionNeeds {
  readonly openSocket: OpenSocket;
  readonly read: (data: unknown) => ServerFrame | undefined;
  /** Asked anew at each connection. */
  readonly hello: () => Extract<ClientFrame, { type: 'hello' }>;
  /** Frames after the welcome and the welcome itself, before the state changes to `open`. */
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: ConnectionState) => void;
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Connection {
  readonly state: ConnectionState;
  /** Attempts that failed since the last welcome. */
  readonly failures: number;
  /** Connects and from then on comes back by itself. */
  start(): void;
  /** Closes, and stays closed until `start`. */
  stop(): void;
  /** Closes and says hello anew at once. */
  restart(): void;
  /** Tries at once where it waits for its next attempt. */
  retryNow(): void;
  /** The connection is thought dead: drops it and comes back after the pause of a failure. */
  giveUp(): void;
  /** False, and nothing is kept, where it is not open. */
  send(frame: ClientFrame): boolean;
  /** The same for a piece of a file. */
  sendBytes(bytes: ArrayBuffer): boolean;
}

/** A socket that says hello and comes back by itself: pauses that double, with jitter, until a welcome. */
export function createConnection(needs: ConnectionNeeds): Connection {
  let state: ConnectionState = 'stopped';
  let socket: Opened | undefined;
  let failures = 0;
  let cancelTimer = () => {};

  const enter = (next: ConnectionState) => {
    if (next === state) return;
    state = next;
    needs.onState(next);
  };
  const drop = () => {
    cancelTimer();
    const old = socket;
    socket = undefined;
    old?.close();
  };
  const lose = () => {
    drop();
    cancelTimer = needs.timers.after(backoffMs(failures, needs.random()), connect);
    failures += 1;
    enter('waiting');
  };
  const receive = (mine: Opened, data: unknown) => {
    const frame = needs.read(data);
    if (!frame) return;
    const isWelcome = frame.type === 'welcome' && state === 'connecting';
    if (isWelcome) {
      cancelTimer();
      failures = 0;
    }
    needs.onFrame(frame);
    // The listener may have hung up on it.
    if (isWelcome && socket === mine) enter('open');
  };
  const connect = () => {
    drop();
    enter('connecting');
    cancelTimer = needs.timers.after(WELCOME_MS, lose);
    const mine = needs.openSocket({
      opened() {
        if (socket === mine) mine.send(JSON.stringify(needs.hello()));
      },
      received(data) {
        if (socket === mine) receive(mine, data);
      },
      closed() {
        if (socket === mine) lose();
      },
    });
    socket = mine;
  };

  const put = (data: string | ArrayBuffer) => {
    if (state !== 'open' || !socket) return false;
    socket.send(data);
    return true;
  };

  return {
    get state() {
      return state;
    },
    get failures() {
      return failures;
    },
    start() {
      if (state === 'stopped') connect();
    },
    stop() {
      drop();
      enter('stopped');
    },
    restart() {
      if (state !== 'stopped') connect();
    },
    retryNow() {
      if (state === 'waiting') connect();
    },
    giveUp() {
      if (state === 'open') lose();
    },
    send: (frame) => put(JSON.stringify(frame)),
    sendBytes: put,
  };
}
