import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations/index.ts';
import { ensurePartitions } from './partitions.ts';

/**
 * Brings the database to this program's schema. Safe to run twice and from two processes at once.
 * Returns the names of the migrations that were applied.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    await ensurePartitions(pool, new Date());
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}
