import type pg from 'pg';
import type { ChannelId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** Of the nodes on one database: who lives, and who works which shard. */
export interface NodesView {
  /** Nodes whose lease holds, in a fixed order. */
  readonly alive: readonly string[];
  readonly shards: readonly { readonly shard: number; readonly node: string | null; readonly term: number }[];
  /** Until the next lease of another node ends, unless it is renewed, milliseconds. */
  readonly leaseEndsInMs?: number | undefined;
}

const ALIVE = 'select id from node where lease_until > clock_timestamp()';
/** Rows of nodes that are long gone and hold nothing are taken away after this. */
const FORGET_S = 600;

/** Begins or renews a node's lease. */
export async function renewLease(client: pg.Client, node: string, leaseMs: number): Promise<void> {
  await client.query(
    `insert into node (id, lease_until) values ($1, clock_timestamp() + make_interval(secs => $2))
     on conflict (id) do update set lease_until = excluded.lease_until`,
    [node, leaseMs / 1000],
  );
}

/** Ends the leases of all other nodes; only for who knows that none of them runs. */
export async function endOtherLeases(client: pg.Client, node: string): Promise<void> {
  await client.query(
    'update node set lease_until = clock_timestamp() where id <> $1 and lease_until > clock_timestamp()',
    [node],
  );
}

export async function viewNodes(client: pg.Client, node: string): Promise<NodesView> {
  const { rows: alive } = await client.query<{ id: string }>(`${ALIVE} order by id`);
  const { rows: shards } = await client.query<NodesView['shards'][number]>(
    'select shard, node, term from shard order by shard',
  );
  const { rows: ends } = await client.query<{ ms: number | null }>(
    `select extract(epoch from min(lease_until) - clock_timestamp())::float8 * 1000 as ms from node
     where id <> $1 and lease_until > clock_timestamp()`,
    [node],
  );
  return { alive: alive.map(({ id }) => id), shards, leaseEndsInMs: ends[0]?.ms ?? undefined };
}

/**
 * Takes up to so many shards that no living node has, each under its next term. Rows that commits of their last owner
 * hold are passed over, so this waits for nobody; they are free the next time.
 */
export async function takeShards(
  client: pg.Client,
  node: string,
  count: number,
): Promise<readonly { readonly shard: number; readonly term: number }[]> {
  const { rows } = await client.query<{ shard: number; term: number }>(
    `with free as (
       select shard from shard where node is null or node not in (${ALIVE})
       order by shard limit $2 for update skip locked
     ), taken as (
       update shard s set node = $1, term = s.term + 1 from free where s.shard = free.shard returning s.shard, s.term
     )
     insert into shard_term (shard, term, node, taken_at)
     select shard, term, $1, clock_timestamp() from taken returning shard, term`,
    [node, count],
  );
  return rows;
}

/** Gives shards back; their terms end, so that nothing late is written under them. Returns those that were free to go. */
export async function giveShards(
  client: pg.Client,
  node: string,
  shards: readonly number[],
): Promise<readonly number[]> {
  const { rows } = await client.query<{ shard: number }>(
    `with ours as (
       select shard from shard where node = $1 and shard = any($2::smallint[])
       order by shard for update skip locked
     ), given as (
       update shard s set node = null, term = s.term + 1 from ours where s.shard = ours.shard returning s.shard, s.term
     )
     insert into shard_term (shard, term, taken_at) select shard, term, clock_timestamp() from given returning shard`,
    [node, shards],
  );
  return rows.map(({ shard }) => shard);
}

/** Ends a node's own lease. */
export async function endLease(client: pg.Client, node: string): Promise<void> {
  await client.query('update node set lease_until = clock_timestamp() where id = $1', [node]);
}

/** Takes away nodes that ended long ago. */
export async function forgetNodes(client: pg.Client): Promise<void> {
  await client.query(
    `delete from node where lease_until < clock_timestamp() - make_interval(secs => $1)
       and not exists (select from shard where shard.node = node.id)`,
    [FORGET_S],
  );
}

/** Takes away terms that were over before that time; what was sent under them can no longer be checked against them. */
export async function forgetTerms(db: Database, before: Date): Promise<void> {
  await db.query(
    `delete from shard_term t using shard_term next
     where next.shard = t.shard and next.term = t.term + 1 and next.taken_at < $1`,
    [before],
  );
}

/** True where this node listens to the channel from now on, or does already: no other living node does. */
export async function claimListener(db: Database, channel: ChannelId, node: string): Promise<boolean> {
  const { rows } = await db.query<{ node: string | null; alive: boolean }>(
    `select node, node in (${ALIVE}) as alive from listener where channel = $1`,
    [channel],
  );
  const [listener] = rows;
  if (listener?.node === node) return true;
  if (listener?.alive) return false;
  const { rowCount } = await db.query(
    `insert into listener as l (channel, node) values ($1, $2)
     on conflict (channel) do update set node = excluded.node where l.node is null or l.node not in (${ALIVE})`,
    [channel, node],
  );
  return rowCount === 1;
}

/** Lets other nodes listen to what this one did. */
export async function releaseListeners(db: Database, node: string): Promise<void> {
  await db.query('update listener set node = null where node = $1', [node]);
}
