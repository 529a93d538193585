import { type Kysely, sql } from 'kysely';

/** Nodes with their leases, which of them works which shard, and the history of that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // A lease is renewed here alone: rows of shards are held by commits and marks, which a heartbeat must not wait for.
  `create table node (
    id text primary key,
    started_at timestamptz not null default clock_timestamp(),
    lease_until timestamptz not null
  )`,
  `alter table shard drop column lease_until`,
  `update shard set node = null`,

  // A term of a shard holds from its row here until that of the next term, on the database's clock. Without a node
  // nobody worked the shard, or what was before this table is not known.
  `create table shard_term (
    shard smallint not null references shard,
    term bigint not null,
    node text,
    taken_at timestamptz not null,
    primary key (shard, term)
  )`,
  `insert into shard_term (shard, term, taken_at) select shard, term, clock_timestamp() from shard`,

  // Which node listens to a channel that does not call us: polling, mail.
  `create table listener (
    channel text primary key,
    node text
  )`,

  // At which nodes an operator has pages. Without left_at they are there, for as long as the node lives.
  `create table presence (
    operator text not null,
    node text not null,
    left_at timestamptz,
    primary key (operator, node)
  )`,
];
