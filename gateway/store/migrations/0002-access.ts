import { type Kysely, sql } from 'kysely';

/** People of ours with their sessions, the audit trail, and the orders in which the desk lists conversations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // An operator's id in the log is the id of a user, so users are disabled and never deleted.
  `create table users (
    id uuid primary key,
    email text not null,
    name text not null,
    password text not null,
    roles text[] not null,
    created_at timestamptz not null,
    disabled_at timestamptz
  )`,
  `create unique index users_email on users (lower(email))`,

  // The token itself is only in the cookie; address and agent are hashed with the id, to be compared and not read.
  `create table session (
    id bytea primary key check (length(id) = 32),
    holder uuid not null references users,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    address_hash bytea not null,
    agent_hash bytea not null
  )`,
  `create index session_holder on session (holder)`,

  // 'who' is a user's id, or 'cli', 'hub', 'unknown'; 'subject' is what it was done to.
  `create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    who text not null,
    act text not null,
    subject text,
    address text,
    detail jsonb not null default '{}'
  )`,
  `create index audit_at on audit (at)`,
  `create index audit_subject on audit (subject, id)`,
  `create function refuse_change_of_audit() returns trigger language plpgsql as
    $$ begin raise exception 'audit is append-only'; end $$`,
  `create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function refuse_change_of_audit()`,

  `create index conversation_waiting on conversation (owner_since, id) where status = 'open' and owner_kind = 'queue'`,
  `create index conversation_newest on conversation (id) where status = 'open'`,
];
