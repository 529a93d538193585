import { type Kysely, sql } from 'kysely';

/**
 * The conversation store. Personal data stands only in columns that erasure empties: `event.body`,
 * `conversation.turn`, `identity.name`, `identity.username`, `quarantine.raw`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Every change of a row that pages show takes the next number, so that a page knows which of two is newer.
  `create sequence revision`,

  `create table contact (
    id uuid primary key,
    created_at timestamptz not null default now()
  )`,

  `create table identity (
    id uuid primary key,
    contact uuid not null references contact,
    channel text not null,
    external_user text not null,
    evidence text not null default 'claimed' check (evidence in ('claimed', 'code-confirmed', 'bank-authenticated')),
    customer text,
    proved_at timestamptz,
    name text,
    username text,
    created_at timestamptz not null default now(),
    unique (channel, external_user),
    check ((evidence = 'claimed') = (customer is null))
  )`,
  `create index identity_contact on identity (contact)`,

  `create table thread (
    id uuid primary key,
    identity uuid not null references identity,
    channel text not null,
    external_thread text not null,
    unique (channel, external_thread)
  )`,

  `create table conversation (
    id uuid primary key,
    contact uuid not null references contact,
    previous uuid,
    shard smallint not null,
    status text not null check (status in ('open', 'closed')),
    seq bigint not null,
    version integer not null,
    epoch integer not null,
    fence integer not null,
    owner_kind text not null check (owner_kind in ('bot', 'queue', 'operator', 'nobody')),
    owner_id text,
    owner_since timestamptz not null,
    thread uuid references thread,
    turn jsonb not null,
    unread integer not null default 0,
    last_message bigint,
    last_handoff bigint,
    last_at timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    revision bigint not null,
    check ((owner_kind in ('queue', 'operator')) = (owner_id is not null))
  ) with (fillfactor = 70)`,
  `create unique index conversation_open on conversation (contact) where status = 'open'`,
  `create index conversation_contact on conversation (contact, id)`,
  `create index conversation_owner on conversation (owner_kind, owner_id, owner_since, id) where status = 'open'`,
  `create index conversation_activity on conversation (last_at, id) where status = 'open'`,
  `create index conversation_closed on conversation (closed_at desc, id desc) where status = 'closed'`,

  // Which conversations a thread has carried; base + seq is the position that the thread's client sees.
  `create table binding (
    thread uuid not null references thread,
    conversation uuid not null references conversation,
    base bigint not null,
    bound_at timestamptz not null,
    primary key (thread, conversation)
  )`,

  `create table event (
    conversation uuid not null,
    seq bigint not null,
    at timestamptz not null,
    type text not null,
    schema smallint not null,
    facts jsonb not null,
    body jsonb,
    salt bytea,
    hash bytea,
    primary key (conversation, seq)
  ) partition by range (conversation)`,

  // Outside the log and small: keys live as long as their network may repeat an event.
  `create table dedupe (
    scope text not null,
    key text not null,
    conversation uuid not null,
    seq bigint not null,
    at timestamptz not null,
    primary key (scope, key)
  )`,
  `create index dedupe_at on dedupe (at)`,

  `create table due_turn (
    conversation uuid not null references conversation,
    seq bigint not null,
    failures smallint not null default 0,
    primary key (conversation, seq)
  )`,

  `create table timer (
    conversation uuid not null references conversation,
    timer text not null,
    due_at timestamptz not null,
    primary key (conversation, timer)
  )`,
  `create index timer_due on timer (due_at)`,

  `create table action (
    id uuid primary key,
    conversation uuid not null references conversation,
    seq bigint not null,
    state text not null check (state in ('requested', 'started', 'completed', 'unknown')),
    repeatable boolean not null,
    attempts smallint not null default 0,
    started_at timestamptz
  )`,
  `create index action_open on action (conversation) where state in ('requested', 'started')`,

  `create table delivery (
    id uuid primary key,
    position bigint generated always as identity,
    conversation uuid not null references conversation,
    seq bigint not null,
    message uuid not null,
    thread uuid not null references thread,
    channel text not null,
    author_kind text not null check (author_kind in ('bot', 'operator', 'system')),
    author_id text,
    epoch integer not null,
    once boolean not null,
    state text not null check (state in ('due', 'attempting', 'accepted', 'rejected', 'cancelled', 'dead', 'unknown')),
    receipt text check (receipt in ('sent', 'delivered', 'read', 'failed')),
    attempts smallint not null default 0,
    parts_accepted smallint not null default 0,
    due_at timestamptz not null,
    possibly_twice boolean not null default false,
    reason text,
    created_at timestamptz not null,
    revision bigint not null,
    unique (conversation, seq)
  ) with (fillfactor = 80)`,
  `create index delivery_unfinished on delivery (thread, position) where state in ('due', 'attempting')`,
  `create index delivery_message on delivery (message)`,
  `create index delivery_ended_badly on delivery (state, position) where state in ('dead', 'unknown', 'rejected')`,

  // One row an attempt, marked before the call out; without an outcome it is under way, or a crash cut it.
  `create table attempt (
    delivery uuid not null references delivery,
    number smallint not null,
    part smallint not null,
    epoch integer not null,
    fence integer not null,
    term bigint not null,
    marked_at timestamptz not null,
    ended_at timestamptz,
    outcome text check (outcome in ('accepted', 'rejected', 'retry', 'unknown')),
    reason text,
    external_id text,
    primary key (delivery, number)
  )`,
  `create index attempt_external on attempt (external_id) where external_id is not null`,

  `create table quarantine (
    id uuid primary key,
    channel text not null,
    at timestamptz not null,
    reason text not null,
    raw bytea,
    cut boolean not null
  )`,
  `create index quarantine_at on quarantine (at)`,

  // Who works which part of the conversations. A term is carried by turn commits and attempt marks.
  `create table shard (
    shard smallint primary key,
    node text,
    term bigint not null default 0,
    lease_until timestamptz
  )`,
  `insert into shard (shard) select generate_series(0, 63)`,
];
