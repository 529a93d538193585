import { type Kysely, sql } from 'kysely';

/** What networks say of our channels, and what went through them lately. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // One node at a time asks a network; `asked_at` says whose turn it is, on the database's clock.
  `create table channel_health (
    channel text primary key,
    asked_at timestamptz not null,
    answered_at timestamptz,
    findings jsonb not null default '[]',
    account text,
    own_thread text,
    last_inbound_at timestamptz
  )`,
  // Counts of a minute over all nodes; a window of an hour is kept.
  `create table channel_minute (
    channel text not null,
    minute timestamptz not null,
    inbound integer not null,
    accepted integer not null,
    failed integer not null,
    primary key (channel, minute)
  )`,
  `create index channel_minute_minute on channel_minute (minute)`,
];
