import { type Kysely, sql } from 'kysely';

/** The words of messages and notes, for searching; what followers of the log could not take; what operators say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Personal, as the messages are: erasure and retention remove the row. The words are our own stems, so that PostgreSQL
  // needs no dictionary. `said`: the event that holds the words as they stand now; null once they were taken back.
  `create table message_search (
    conversation uuid not null references conversation,
    seq bigint not null,
    at timestamptz not null,
    said bigint,
    words tsvector not null,
    primary key (conversation, seq)
  )`,
  `create index message_search_words on message_search using gin (words)`,

  // The conversation could not be taken from somewhere up to this number on, and was passed over.
  `alter table log_followed add column passed_over bigint`,
  `create index log_passed_over on log_followed (follower) where passed_over is not null`,

  `alter table training_candidate drop constraint training_candidate_reason_check`,
  `alter table training_candidate add constraint training_candidate_reason_check
    check (reason in ('miss', 'correction', 'clarified', 'labelled'))`,
];
