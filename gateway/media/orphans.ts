import type { Log } from '../connectors/connector.ts';
import { repeating } from '../repeating.ts';
import type { Database } from '../store/database.ts';
import { removeOrphans } from '../store/kept-files.ts';
import type { MediaFiles } from './files.ts';

export interface OrphansOptions {
  readonly db: Database;
  readonly files: Pick<MediaFiles, 'remove'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Removes files that no message has come to name. */
export interface Orphans {
  /** Resolves with how many were removed. */
  sweep(): Promise<number>;
  start(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

const EVERY_MS = 600_000;

export function createOrphans({ db, files, now, log }: OrphansOptions): Orphans {
  const sweep = () => removeOrphans(db, (hash) => files.remove(hash), now());
  async function run(): Promise<void> {
    try {
      const removed = await sweep();
      if (removed > 0) log.info({ removed }, 'files that no message names were removed');
    } catch (error) {
      log.error({ err: error }, 'files that no message names could not be removed yet');
    }
  }

  return { sweep, ...repeating(EVERY_MS, run) };
}
