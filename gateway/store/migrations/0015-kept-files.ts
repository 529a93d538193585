import { type Kysely, sql } from 'kysely';

/** Files that were kept in the last day: who sent how much, and which of them no message has come to name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Written before the bytes. `sender`: the network's id of the person, where they are bounded.
  `create table kept_file (
    id bigint generated always as identity primary key,
    hash bytea not null,
    channel text,
    sender text,
    size bigint not null,
    at timestamptz not null
  )`,
  `create index kept_file_hash on kept_file (hash)`,
  `create index kept_file_of on kept_file (channel, at) where channel is not null`,
];
