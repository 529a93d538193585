import { type Kysely, sql } from 'kysely';

/** Conversations as shown in a channel that serves operators as a desk. Ids and times only. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // `thread` is the network's name, once the opening is posted; everything up to `seq` is shown, and `with_bot` says
  // whether the bot had it then; `opening` is the owner and epoch that the opening shows. Until `attended_until` its
  // operator counts as present without a page of ours.
  `create table desk_thread (
    channel text not null,
    conversation uuid not null references conversation,
    thread text,
    seq bigint not null,
    with_bot boolean not null default false,
    opening text not null default '',
    attended_until timestamptz,
    primary key (channel, conversation)
  )`,
  `create unique index desk_thread_named on desk_thread (channel, thread) where thread is not null`,
];
