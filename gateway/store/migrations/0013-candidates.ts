import { type Kysely, sql } from 'kysely';

/** Who follows the log, and what clients said that the bot could learn from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // How far a follower of the log is: everything that happened before `up_to` is taken, and of each conversation all up
  // to `seq`.
  `create table log_follower (
    name text primary key,
    up_to timestamptz not null
  )`,
  `create table log_followed (
    follower text not null,
    conversation uuid not null references conversation,
    seq bigint not null,
    primary key (conversation, follower)
  )`,
  // By the hour, as for open conversations: an index by the instant would make every change of a row dearer.
  `create index conversation_quiet_closed on conversation (active_hour, id) where status = 'closed'`,

  // Personal data stands in `text` and `context`, already masked; erasure and retention remove the row.
  `create table training_candidate (
    id bigint generated always as identity primary key,
    conversation uuid not null references conversation,
    seq bigint not null,
    at timestamptz not null,
    reason text not null check (reason in ('miss', 'correction', 'clarified')),
    text text not null,
    words text not null,
    context text,
    proposed text,
    decision text check (decision in ('accepted', 'rejected')),
    decided_intent text,
    decided_by text,
    decided_at timestamptz,
    unique (conversation, seq, reason),
    check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
  )`,
  // The same words are one candidate, whoever said them.
  `create index training_candidate_words on training_candidate (words)`,
  `create index training_candidate_open on training_candidate (id) where decision is null`,
];
