import { type Kysely, sql } from 'kysely';

/**
 * Pieces of messages that a network split, receipts by part and receipts that came before their message's id did, and
 * who wants no messages that they did not ask for. Personal data: `piece.text`, `piece_group.sender`,
 * `early_receipt.receipt`, each for a short time; phone numbers as in `identity.external_user`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // One split message. The network uses a name again after a while, so the newest of a name counts.
  `create table piece_group (
    id uuid primary key,
    channel text not null,
    external_thread text not null,
    name text not null,
    sender jsonb,
    total smallint not null,
    begun_at timestamptz not null,
    joined_at timestamptz
  )`,
  `create index piece_group_name on piece_group (channel, external_thread, name, begun_at desc)`,
  `create index piece_group_open on piece_group (begun_at) where joined_at is null`,

  // UTF-16, since a piece may end with half a character. Emptied once the message is whole; the hash knows a repetition.
  `create table piece (
    "group" uuid not null references piece_group on delete cascade,
    number smallint not null,
    text bytea,
    hash bytea not null,
    primary key ("group", number)
  )`,

  // Each part of a long message has receipts of its own.
  `alter table attempt add column receipt text check (receipt in ('sent', 'delivered', 'read', 'failed'))`,

  // A network may tell the fate of a message before it has told its id.
  `create table early_receipt (
    id uuid primary key,
    channel text not null,
    receipt jsonb not null,
    came_at timestamptz not null,
    next_at timestamptz not null,
    tries smallint not null
  )`,
  `create index early_receipt_next on early_receipt (next_at)`,

  `create table opt_out (
    channel text not null,
    external_thread text not null,
    at timestamptz not null,
    primary key (channel, external_thread)
  )`,
];
