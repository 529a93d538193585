import pg from 'pg';

const INT8 = 20;
// Sequence numbers and counts stay far below 2^53.
pg.types.setTypeParser(INT8, Number);

export type Database = pg.Pool;

/** Connects to the store. Waits for nothing: the first query opens the first connection. */
export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 4_000,
    query_timeout: 10_000,
    keepAlive: true,
    application_name: 'okno',
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', onError);
  return pool;
}

/** Runs `work` in one transaction; rolls back when it throws. */
export async function inTransaction<Result>(
  db: Database,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
