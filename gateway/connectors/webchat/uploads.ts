import type { FileFrame } from './frames.ts';

/** Files that are received at the same time on all sockets of the channel: each is held in memory until it is whole. */
const MAX_AT_ONCE = 8;
/** A file that is not whole by then gives its place to another, milliseconds. */
const PATIENCE_MS = 120_000;

/** Gives out the places of files that are being received. */
export interface Uploads {
  /** Undefined where all places are taken. `late` is called where the file takes too long. */
  begin(frame: FileFrame, late: () => void): Upload | undefined;
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

export function createUploads(): Uploads {
  const running = new Set<Upload>();
  return {
    begin(frame, late) {
      if (running.size >= MAX_AT_ONCE) return undefined;
      // One piece of memory, however small the pieces of the file are. What is not written yet is never read.
      const whole = Buffer.allocUnsafe(frame.size);
      let got = 0;
      const timer = setTimeout(late, PATIENCE_MS).unref();
      const upload: Upload = {
        frame,
        add(bytes) {
          if (got + bytes.length > frame.size) return 'over';
          got += bytes.copy(whole, got);
          return got === frame.size ? 'whole' : 'more';
        },
        bytes: () => whole,
        end() {
          clearTimeout(timer);
          running.delete(upload);
        },
      };
      running.add(upload);
      return upload;
    },
  };
}
