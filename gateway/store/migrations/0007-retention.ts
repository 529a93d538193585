import { type Kysely, sql } from 'kysely';

/** What must be kept although its time is over, and the ways to what belongs to a conversation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Of a contact with all its conversations, or of one conversation; it holds until it is released.
  `create table legal_hold (
    id uuid primary key,
    contact uuid references contact,
    conversation uuid references conversation,
    reason text not null,
    held_at timestamptz not null,
    held_by text not null,
    released_at timestamptz,
    released_by text,
    check (num_nonnulls(contact, conversation) = 1),
    check ((released_at is null) = (released_by is null))
  )`,
  `create index legal_hold_contact on legal_hold (contact) where released_at is null`,
  `create index legal_hold_conversation on legal_hold (conversation) where released_at is null`,

  // Removing a conversation looks for what is of it.
  `create index binding_conversation on binding (conversation)`,
  `create index action_conversation on action (conversation)`,
];
