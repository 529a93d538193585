import { createLog } from '../../gateway/log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { openEmbedded } from '../../gateway/store/embedded.ts';
import { migrate } from '../../gateway/store/migrate.ts';
import { readSettings, type Settings } from '../settings.ts';
import { ROOT } from '../version.ts';

/** A command may read the whole ledger, for as long as that takes. */
const NO_LIMIT = 0;

/** Runs `work` with the address of the configured database; the embedded one is joined, or started and stopped. */
export async function withDatabaseUrl<Result>(
  what: string,
  work: (url: string, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const settings = readSettings(process.env, ROOT);
  if (settings.databaseUrl) return work(settings.databaseUrl, settings);
  const embedded = await openEmbedded({ dataDir: settings.dataDir, log: createLog('error'), what });
  try {
    return await work(embedded.url, settings);
  } finally {
    await embedded.close();
  }
}

/** As `withDatabaseUrl`, with a connection. */
export function withDatabase<Result>(what: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  return withDatabaseUrl(what, (url) => connected(url, work));
}

/** As `withDatabase`, after the database was brought to this program's schema. */
export function withMigratedDatabase<Result>(
  what: string,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  return withDatabaseUrl(what, async (url) => {
    await migrate(url);
    return connected(url, work);
  });
}

async function connected<Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = openDatabase(url, () => {}, NO_LIMIT);
  try {
    return await work(db);
  } catch (error) {
    if (!isWithoutSchema(error)) throw error;
    throw new Error("the database has not this program's schema; run `okno migrate`", { cause: error });
  } finally {
    await db.end();
  }
}

/** SQLSTATE undefined_table. */
function isWithoutSchema(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42P01';
}
