import { type Kysely, sql } from 'kysely';

/**
 * The bytes that messages carry: a row is written before its message is committed, and fetched after. Personal data
 * stands in `source` and `name`; erasure empties them and takes the file away.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // `type`, `size` and `hash` are the true ones, once stored. `channel` is empty for what an operator attached.
  `create table media (
    id uuid primary key,
    channel text,
    kind text not null,
    state text not null check (state in ('pending', 'stored', 'refused', 'failed', 'erased')),
    source text,
    name text,
    type text,
    size bigint,
    hash bytea,
    reason text,
    attempts smallint not null default 0,
    due_at timestamptz not null,
    created_at timestamptz not null,
    uploaded_by uuid references users,
    check ((state = 'stored') = (hash is not null)),
    check (state <> 'pending' or source is not null)
  )`,
  `create index media_due on media (due_at) where state = 'pending'`,
  // Equal bytes are kept once, so a file goes only with the last row that has its hash.
  `create index media_hash on media (hash) where hash is not null`,
  // Signs links; one for all nodes.
  `create table media_key (key bytea not null check (length(key) = 32))`,
  `insert into media_key select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`,
];
