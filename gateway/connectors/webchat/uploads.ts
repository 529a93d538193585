import type { FileFrame } from './frames.ts';

/** Files that are received at the same time on all sockets of the channel: each is held in memory until it is whole. */
const MAX_AT_ONCE = 8;
/** Of those, the files of one visitor, however many pages they have open. */
const MAX_OF_VISITOR = 2;

/** How long a file may keep its place, milliseconds. */
export interface Patience {
  /** Without a byte of it. */
  readonly idleMs: number;
  /** Longest, whatever its size. */
  readonly longestMs: number;
}

const PATIENCE: Patience = { idleMs: 10_000, longestMs: 120_000 };
/** The slowest connection that is waited for: small files keep no place for long, bytes a second. */
const SLOWEST = 16 * 1024;

/** Gives out the places of files that are being received. */
export interface Uploads {
  /** Undefined where all places are taken, or this visitor's. `late` is called where its bytes do not come. */
  begin(frame: FileFrame, visitor: string, late: () => void): Upload | undefined;
}

/** A file that is being received. */
export interface Upload {
  readonly frame: FileFrame;
  /** `more`: the file is not whole yet; `over`: there are more bytes than were announced. */
  add(bytes: Buffer): 'more' | 'whole' | 'over';
  /** Once it is whole. */
  bytes(): Uint8Array;
  /** Gives its place back; more than once is the same. */
  end(): void;
}

export function createUploads({ idleMs, longestMs }: Patience = PATIENCE): Uploads {
  /** The visitor of each. */
  const running = new Map<Upload, string>();
  const countOf = (visitor: string) => [...running.values()].filter((one) => one === visitor).length;
  return {
    begin(frame, visitor, late) {
      if (running.size >= MAX_AT_ONCE || countOf(visitor) >= MAX_OF_VISITOR) return undefined;
      // One piece of memory, however small the pieces of the file are. What is not written yet is never read.
      const whole = Buffer.allocUnsafe(frame.size);
      let got = 0;
      const atMostMs = Math.min(longestMs, idleMs + (frame.size / SLOWEST) * 1_000);
      const timer = setTimeout(late, atMostMs).unref();
      const idle = setTimeout(late, idleMs).unref();
      const stopWaiting = () => {
        clearTimeout(timer);
        clearTimeout(idle);
      };
      const upload: Upload = {
        frame,
        add(bytes) {
          if (got + bytes.length > frame.size) return 'over';
          got += bytes.copy(whole, got);
          if (bytes.length > 0) idle.refresh();
          if (got < frame.size) return 'more';
          stopWaiting();
          return 'whole';
        },
        bytes: () => whole,
        end() {
          stopWaiting();
          running.delete(upload);
        },
      };
      running.set(upload, visitor);
      return upload;
    },
  };
}
