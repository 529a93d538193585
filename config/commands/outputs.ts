import { setImmediate } from 'node:timers/promises';
import type { Io } from './command.ts';

/** What becomes of the places where a command writes. */
export interface Outputs {
  /** True of an error of theirs, which a command that waits for its reader is ended by. */
  isOurs(error: unknown): boolean;
  /** Why something could not be written, such as a full disk; undefined where all was, or nobody reads any more. */
  failure(): Promise<Error | undefined>;
}

/**
 * Whoever reads may stop early, as `head` does: nothing is wrong then. A command that has more to do than to write goes
 * on, unread.
 */
export function watchOutputs({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): Outputs {
  const errors = new WeakSet<Error>();
  let failure: Error | undefined;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      errors.add(error);
      if (error.code !== 'EPIPE') failure ??= error;
    });
  }
  return {
    isOurs: (error) => error instanceof Error && errors.has(error),
    async failure() {
      // What the last write came to is told after it.
      await setImmediate();
      return failure;
    },
  };
}
