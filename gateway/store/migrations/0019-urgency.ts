import { type Kysely, sql } from 'kysely';

/** Why a conversation goes before the others of its queue, such as `fraud`; null: it does not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table conversation add column urgent text`,
  // The queue's order: what is urgent first, then who has waited longest.
  `create index conversation_queue on conversation ((urgent is null), owner_since, id)
    where status = 'open' and owner_kind = 'queue'`,
];
