import type { Log } from '../../gateway/connectors/connector.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { ConversationRow } from '../api.ts';
import { type Counts, readCounts, readRows } from '../store/rows.ts';

export interface RowFeedOptions {
  readonly db: Database;
  readonly log: Log;
  /** Rows are read at most this often, milliseconds: what changes in between is read once. */
  readonly everyMs: number;
  readonly isWanted: () => boolean;
  readonly onRows: (rows: readonly ConversationRow[], counts: Counts) => void;
}

/** Turns changes of conversations into rows of lists, read once for all pages. */
export interface RowFeed {
  changed(id: ConversationId): void;
  stop(): void;
}

const MAX_ROWS = 200;

export function createRowFeed({ db, log, everyMs, isWanted, onRows }: RowFeedOptions): RowFeed {
  const changed = new Set<ConversationId>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let lastReadMs = 0;

  function schedule(): void {
    if (timer || isStopped || changed.size === 0) return;
    const waitMs = Math.max(0, lastReadMs + everyMs - performance.now());
    timer = setTimeout(() => void flush(), waitMs);
  }

  async function flush(): Promise<void> {
    const ids = [...changed].slice(0, MAX_ROWS);
    for (const id of ids) changed.delete(id);
    lastReadMs = performance.now();
    try {
      if (isWanted()) {
        const [rows, counts] = await Promise.all([readRows(db, ids), readCounts(db)]);
        if (!isStopped) onRows(rows, counts);
      }
    } catch (error) {
      log.warn({ err: error }, 'rows could not be read for the pages');
      for (const id of ids) changed.add(id);
    }
    timer = undefined;
    schedule();
  }

  return {
    changed(id) {
      if (!isWanted()) return;
      changed.add(id);
      schedule();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
