import pg from 'pg';
import { within } from '../within.ts';

const INT8 = 20;
// Sequence numbers and counts stay far below 2^53.
pg.types.setTypeParser(INT8, Number);

export type Database = pg.Pool;

/** Longer than any query of the hub takes; a server that is silent for so long is given up. */
const QUERY_LIMIT_MS = 10_000;
/** Longer than any transaction of the hub says nothing, and short, since others wait for its locks. */
const SILENCE_LIMIT_MS = 5_000;
const IDLE_MS = 10 * 60_000;

/**
 * Connects to the store. Waits for nothing: the first query opens the first connection. `queryLimitMs`: how long one
 * query may take; 0 for commands that read everything. The server ends a transaction in which nothing is said for
 * `silenceLimitMs`: the locks of a process that is paused, or behind a cut, would else keep others from its shards and
 * conversations until it returns. Commands may be silent for as long as their reader is.
 */
export function openDatabase(
  url: string,
  onError: (error: Error) => void,
  queryLimitMs = QUERY_LIMIT_MS,
  silenceLimitMs = queryLimitMs === 0 ? 0 : SILENCE_LIMIT_MS,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    // A connection that is opened anew has to plan all statements anew.
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: 4_000,
    query_timeout: queryLimitMs,
    idle_in_transaction_session_timeout: silenceLimitMs,
    keepAlive: true,
    application_name: 'okno',
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', onError);
  // The same of one that breaks in the middle of a transaction: its query is told, the pool is not.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** How long the store may take to say that it can be written to. */
const PROBE_LIMIT_MS = 2_000;

/** True when the store answers soon and takes what is written: a standby or a read-only server does not. */
export async function isWritable(db: Database): Promise<boolean> {
  const probe = db.query<{ writable: boolean }>(
    `select current_setting('transaction_read_only') = 'off' as writable`,
  );
  try {
    return (await within(PROBE_LIMIT_MS, probe)).rows[0]?.writable === true;
  } catch {
    return false;
  }
}

/** Runs `work` in one transaction; rolls back when it throws. `begin`: SQL that opens it, with the locks it needs first. */
export async function inTransaction<Result>(
  db: Database,
  work: (client: pg.PoolClient) => Promise<Result>,
  begin = 'begin',
): Promise<Result> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    if (isUnanswered(error)) broken = error;
    else {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
    }
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The server has not answered the last query, so it would not answer a rollback: the connection is given up. */
function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}
