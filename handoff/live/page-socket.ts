/** As much of a WebSocket as a page's connection needs. */
export interface PageSocket {
  /** Bytes that were sent and that the network has not taken yet. */
  readonly bufferedAmount: number;
  /** `done` is called when the network took it, or when the socket is gone. */
  send(text: string, done: () => void): void;
  ping(): void;
  close(code: number): void;
  /** Ends it at once, without waiting for the other side. */
  terminate(): void;
}

/** Beyond this many unsent bytes a page is slow: what can wait for it waits. */
const SLOW_BYTES = 128 * 1024;
/** What may wait for a slow page; with more it is better off reconnecting and reading snapshots. */
const MAX_WAITING = 1_000;

/** Close codes that pages know; 4000 to 4999 are for applications (RFC 6455, 7.4.2). */
export const CLOSE = { signedOut: 4401, badFrame: 1008, tooBig: 1009 } as const;

/**
 * Sends to one page in bounded memory. Of updates with a key only the newest waits; what is fleeting is left out.
 */
export interface PageSender {
  /** Must arrive, and the sender goes on when it is on its way. */
  deliver(text: string): Promise<void>;
  /** Must arrive in its newest version: a later text of the same key replaces one that waits. */
  update(key: string, text: string): void;
  /** Need not arrive. */
  tell(text: string): void;
  /** False once the page was given up. */
  readonly isOpen: boolean;
  readonly isSlow: boolean;
  end(): void;
}

export function createPageSender(socket: PageSocket): PageSender {
  const waiting = new Map<string, string>();
  let isOpen = true;
  const isSlow = () => socket.bufferedAmount > SLOW_BYTES;

  function drain(): void {
    for (const [key, text] of waiting) {
      if (!isOpen || isSlow()) return;
      waiting.delete(key);
      socket.send(text, drain);
    }
  }

  return {
    deliver(text) {
      return new Promise((resolve) => {
        if (!isOpen) return resolve();
        socket.send(text, () => {
          drain();
          resolve();
        });
        if (!isSlow()) resolve();
      });
    },
    update(key, text) {
      if (!isOpen) return;
      // Behind what waits already: nothing overtakes it.
      if (waiting.size === 0 && !isSlow()) {
        socket.send(text, drain);
        return;
      }
      waiting.delete(key);
      waiting.set(key, text);
      if (waiting.size <= MAX_WAITING) return;
      isOpen = false;
      waiting.clear();
      socket.terminate();
    },
    tell(text) {
      if (isOpen && !isSlow()) socket.send(text, drain);
    },
    get isOpen() {
      return isOpen;
    },
    get isSlow() {
      return isSlow();
    },
    end() {
      isOpen = false;
      waiting.clear();
    },
  };
}
