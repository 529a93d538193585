import { type Kysely, sql } from 'kysely';

/** Codes by which clients show who they are, sent by a channel of the hub's own. Kept for a day, for the limits. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // `id`: the action that asked for it. `contact` and `code`: hashes. `customer`: null where nobody has that contact, so
  // that no code is right.
  `create table client_code (
    id uuid primary key,
    identity uuid not null,
    contact text not null,
    code text not null,
    customer text,
    at timestamptz not null,
    tries smallint not null default 0,
    used_at timestamptz
  )`,
  `create index client_code_identity on client_code (identity, at)`,
  `create index client_code_contact on client_code (contact, at)`,
  `create index client_code_at on client_code (at)`,

  // What each check was answered, so that its repetition is answered alike and counts once.
  `create table client_code_check (
    action uuid primary key,
    code uuid not null references client_code on delete cascade,
    outcome text not null
  )`,
  `create index client_code_check_code on client_code_check (code)`,
];
