import { type Kysely, sql } from 'kysely';

/**
 * Since when a client waits for a person of ours; null: they do not, or a node of the version before, which knows no
 * such column, took them into the queue: then since they came there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table conversation add column waits_since timestamptz`,
  // The queue's order: what is urgent first, then who has waited longest.
  `create index conversation_waits on conversation ((urgent is null), (coalesce(waits_since, owner_since)), id)
    where status = 'open' and owner_kind = 'queue'`,
];
