import { type Kysely, sql } from 'kysely';

/** Two open conversations of one client: which of them is the secondary one, and who spoke where on a shared thread. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // The contact with which the conversation's own was linked while operators had both; null: it is no secondary one.
  `alter table conversation add column secondary_to uuid`,
  `create index conversation_secondary on conversation (secondary_to) where secondary_to is not null and status = 'open'`,
  // The number of the conversation's first event whose position is counted from this base.
  `alter table binding add column since bigint not null default 0`,
  `alter table binding drop constraint binding_pkey`,
  `alter table binding add primary key (thread, conversation, since)`,
];
