import { type Kysely, sql } from 'kysely';

/** Contacts that are linked, and what brings a conversation to another channel. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // `own`: the contact that the identity came with, while it is linked with another; an unlink goes back to it.
  // `link_due`: it was proved to be a customer, and nobody has looked yet who else is.
  `alter table identity add column own uuid references contact, add column linked_at timestamptz,
    add column linked_how text, add column link_due boolean not null default false`,
  `create index identity_own on identity (own) where own is not null`,
  `create index identity_customer on identity (customer) where customer is not null`,
  `create index identity_link_due on identity (id) where link_due`,

  // Links and codes are known by their hashes only. `bucket`: the digits of a code that may be known to others; a wrong
  // guess counts against each code of its bucket.
  `create table move (
    id uuid primary key,
    conversation uuid not null references conversation,
    link text not null,
    code text not null,
    bucket text not null,
    expires_at timestamptz not null,
    wrong smallint not null default 0,
    used_at timestamptz,
    used_by uuid
  )`,
  `create unique index move_link on move (link)`,
  `create index move_bucket on move (bucket) where used_at is null`,
  `create index move_conversation on move (conversation)`,
  `create index move_expires on move (expires_at)`,

  // Who guessed wrong, kept as long as it counts.
  `create table move_guess (
    channel text not null,
    external_user text not null,
    at timestamptz not null
  )`,
  `create index move_guess_by on move_guess (channel, external_user, at)`,
];
