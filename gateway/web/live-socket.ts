import { backoffMs } from './backoff.ts';

/** `lost` from the first failure until it is open again. */
export type LiveState = 'connecting' | 'open' | 'lost';

export interface LiveSocketNeeds<Frame> {
  readonly connect: () => WebSocket;
  /** A frame as JSON to what it means; undefined is passed over (a type that this page does not know). */
  readonly parse: (frame: unknown) => Frame | undefined;
  readonly onFrame: (frame: Frame) => void;
  readonly onState: (state: LiveState) => void;
  readonly random: () => number;
  /** With nothing heard for this long the connection counts as dead. */
  readonly silenceMs: number;
}

export interface LiveSocket {
  readonly state: LiveState;
  /** Sends a frame; false where the connection is not open, and nothing is kept. */
  send(frame: unknown): boolean;
  /** Tries at once instead of waiting, such as when the browser says that it is online again. */
  retryNow(): void;
  /** Ends it for good. */
  close(): void;
}

/** A WebSocket that comes back by itself, with back-off, and notices a silent connection. */
export function createLiveSocket<Frame>(needs: LiveSocketNeeds<Frame>): LiveSocket {
  let state: LiveState = 'connecting';
  let socket: WebSocket | undefined;
  let attempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  const enter = (next: LiveState) => {
    if (next === state) return;
    state = next;
    needs.onState(next);
  };
  const drop = () => {
    clearTimeout(silenceTimer);
    const old = socket;
    socket = undefined;
    old?.close();
  };
  const lose = () => {
    drop();
    enter('lost');
    retryTimer = setTimeout(connect, backoffMs(attempt, needs.random()));
    attempt += 1;
  };
  const heard = () => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(lose, needs.silenceMs);
  };
  const connect = () => {
    clearTimeout(retryTimer);
    const current = needs.connect();
    socket = current;
    heard();
    current.onopen = () => {
      if (socket !== current) return;
      heard();
      enter('open');
    };
    current.onmessage = (event) => {
      if (socket !== current) return;
      // Only now: a connection that is taken and dropped at once must not be tried again without pause.
      attempt = 0;
      heard();
      const frame = needs.parse(readJson(event.data));
      if (frame !== undefined) needs.onFrame(frame);
    };
    current.onclose = () => {
      if (socket === current) lose();
    };
  };
  connect();

  return {
    get state() {
      return state;
    },
    send(frame) {
      if (state !== 'open' || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    retryNow() {
      if (state !== 'lost') return;
      drop();
      connect();
    },
    close() {
      clearTimeout(retryTimer);
      drop();
    },
  };
}

function readJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
