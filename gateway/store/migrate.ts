import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations/index.ts';
import { ensurePartitions } from './partitions.ts';

/**
 * Brings the database to this program's schema. Safe to run twice and from two processes at once. Throws where the
 * schema is of a newer program. Returns the names of the migrations that were applied.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseNewer(pool);
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    await ensurePartitions(pool, new Date());
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

/** The migrations that the database lacks, and those of it that only a newer program knows. */
export async function pendingMigrations(
  pool: pg.Pool,
): Promise<{ readonly pending: readonly string[]; readonly newer: readonly string[] }> {
  const applied = await appliedMigrations(pool);
  return {
    pending: Object.keys(migrations).filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !Object.hasOwn(migrations, name)),
  };
}

async function appliedMigrations(pool: pg.Pool): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ found: boolean }>(
    `select to_regclass('kysely_migration') is not null as found`,
  );
  if (!tables[0]?.found) return [];
  const { rows } = await pool.query<{ name: string }>('select name from kysely_migration order by name');
  return rows.map(({ name }) => name);
}

/** The schema is of a program that knows more than this one, which could only harm it. */
class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/** Throws NewerSchemaError where the database was migrated by a newer program. */
async function refuseNewer(pool: pg.Pool): Promise<void> {
  const { newer } = await pendingMigrations(pool);
  if (newer.length === 0) return;
  throw new NewerSchemaError(
    `the database has the schema of a newer Okno (${newer.join(', ')}); run that version, or restore a backup from before it`,
  );
}
