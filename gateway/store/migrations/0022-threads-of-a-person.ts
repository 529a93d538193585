import { type Kysely, sql } from 'kysely';

/** Where a network names the person alone, their own threads are looked through. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('create index thread_identity on thread (identity)').execute(db);
}
