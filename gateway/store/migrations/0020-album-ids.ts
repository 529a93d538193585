import { type Kysely, sql } from 'kysely';

/** The network's ids of the further messages of an album: a request names only its first by `external_id`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table attempt add column other_ids jsonb').execute(db);
}
