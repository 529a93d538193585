import type { Timers } from './connection.ts';
import type { ClientFrame } from './frames.ts';

/** Bytes of one frame: the hub takes twice as much. */
const PIECE_BYTES = 64 * 1024;
/** How long to hold back when the hub has no place for a file, milliseconds. */
const SLOW_DOWN_MS = 3_000;

/** A file that the client chose. */
export interface OwnFile {
  readonly name: string;
  /** MIME type, as the browser says. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface FileSendingNeeds {
  readonly send: (frame: ClientFrame) => boolean;
  readonly sendBytes: (bytes: ArrayBuffer) => boolean;
  /** The browser cannot read it any more. */
  readonly onUnreadable: (id: string) => void;
  readonly timers: Timers;
}

/** Sends files one after another, each until the hub has stored or refused it. They last as long as the page. */
export interface FileSending {
  add(id: string, file: OwnFile): void;
  /** The connection is open: begins anew with the first that waits. */
  resume(): void;
  /** The connection is gone. */
  pause(): void;
  /** The hub waits for the bytes. */
  ready(id: string): void;
  /** The hub has stored or refused it, or the client took it back; refused ones are kept for `retry`. */
  settle(id: string): void;
  refuse(id: string): void;
  retry(id: string): void;
  slowDown(): void;
  has(id: string): boolean;
  clear(): void;
}

export function createFileSending({ send, sendBytes, onUnreadable, timers }: FileSendingNeeds): FileSending {
  const files = new Map<string, OwnFile>();
  const refused = new Set<string>();
  /** The one on its way. Another object for each attempt, so that pieces of a lost one stop. */
  let current: { readonly id: string } | undefined;
  let cancelTimer = () => {};

  const next = () => {
    if (current) return;
    for (const [id, { name, type, size }] of files) {
      if (refused.has(id)) continue;
      if (send({ type: 'file', id, name: nameOf(name), mime: type.slice(0, 100), size })) current = { id };
      return;
    }
  };
  const drop = (id: string) => {
    if (current?.id === id) current = undefined;
  };
  const pour = async (mine: { readonly id: string }) => {
    const file = files.get(mine.id);
    for (let start = 0; file && start < file.size; start += PIECE_BYTES) {
      const piece = await file.slice(start, start + PIECE_BYTES).arrayBuffer();
      if (current !== mine || !sendBytes(piece)) return;
    }
  };
  return {
    add(id, file) {
      files.set(id, file);
      next();
    },
    resume: next,
    pause() {
      cancelTimer();
      current = undefined;
    },
    ready(id) {
      const mine = current;
      if (mine?.id === id) pour(mine).catch(() => onUnreadable(id));
    },
    settle(id) {
      files.delete(id);
      refused.delete(id);
      drop(id);
      next();
    },
    refuse(id) {
      refused.add(id);
      drop(id);
      next();
    },
    retry(id) {
      refused.delete(id);
      next();
    },
    slowDown() {
      current = undefined;
      cancelTimer();
      cancelTimer = timers.after(SLOW_DOWN_MS, next);
    },
    has: (id) => files.has(id),
    clear() {
      files.clear();
      refused.clear();
      current = undefined;
    },
  };
}

/** As the hub takes it: not empty, without control characters and halves of them, the end kept. */
function nameOf(name: string): string {
  const clean = name.slice(-200).replace(/[\p{Cc}\p{Surrogate}]/gu, '');
  return clean === '' ? 'file' : clean;
}
