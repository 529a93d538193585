import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Log } from './connectors/connector.ts';

export interface ShardsOptions {
  readonly url: string;
  readonly log: Log;
}

/** What of the shards this node works. */
export interface Shards {
  /** This node's id, new with each start. */
  readonly node: string;
  /** Those that this node works now. */
  owned(): readonly number[];
  /** The term under which this node works a shard now; undefined: it does not. */
  termOf(shard: number): number | undefined;
  /**
   * Calls the listener with what this node begins to work and what it works no more. A shard is handed over once what
   * the listeners return has settled.
   */
  onChange(listener: (change: ShardChange) => void | Promise<void>): void;
  /** A write failed on its term: another node may have taken the shard, so what is held is read again at once. */
  doubt(): void;
  release(): Promise<void>;
}

export interface ShardChange {
  readonly taken: readonly number[];
  readonly lost: readonly number[];
}

// Any fixed number; it names the one running hub of a database among its advisory locks.
const LOCK = 1_330_335_311;
const LOCK_WAIT_MS = 4_000;
const LEASE_SECONDS = 15;
const HEARTBEAT_MS = 5_000;

/**
 * Takes all shards for this node. A lock that lives as long as its connection shows that no other node runs;
 * the node before may have crashed without ending its lease. Throws where another node is at work.
 */
export async function takeShards({ url, log }: ShardsOptions): Promise<Shards> {
  const node = randomUUID();
  let client = await lock(url);
  const terms = await take(client, node);
  let stopped = false;

  const heartbeat = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ err: error }, 'the lease could not be renewed'));
  }, HEARTBEAT_MS);

  async function renew(): Promise<void> {
    if (stopped) return;
    try {
      const { rowCount } = await client.query(RENEW, [node]);
      if (rowCount === 0) log.error({ node }, 'another node took the shards; restart this one');
    } catch (error) {
      client.release();
      client = await lock(url);
      throw error;
    }
  }

  return {
    node,
    owned: () => [...terms.keys()],
    termOf: (shard) => terms.get(shard),
    onChange() {},
    doubt() {},
    async release() {
      stopped = true;
      clearInterval(heartbeat);
      await client.query('delete from node where id = $1', [node]).catch(() => {});
      await client.end();
    },
  };
}

const RENEW = `update node set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}) where id = $1`;

interface LockedClient extends pg.Client {
  release(): void;
}

async function lock(url: string): Promise<LockedClient> {
  const client = new pg.Client({ connectionString: url, application_name: 'okno-shards', keepAlive: true });
  // A broken connection is noticed by the next heartbeat; unheard, the event would end the process.
  client.on('error', () => {});
  await client.connect();
  const until = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      LOCK,
    ]);
    if (rows[0]?.locked) return Object.assign(client, { release: () => void client.end().catch(() => {}) });
    if (Date.now() > until) {
      await client.end();
      throw new Error('another hub runs on this database; stop it first');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function take(client: pg.Client, node: string): Promise<ReadonlyMap<number, number>> {
  await client.query('delete from node');
  await client.query(
    `insert into node (id, lease_until) values ($1, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))`,
    [node],
  );
  const { rows } = await client.query<{ shard: number; term: number }>(
    `with taken as (update shard set node = $1, term = term + 1 returning shard, term, node)
     insert into shard_term (shard, term, node, taken_at)
     select shard, term, node, clock_timestamp() from taken returning shard, term`,
    [node],
  );
  if (rows.length === 0) throw new Error('the table of shards is empty; run `okno migrate`');
  return new Map(rows.map(({ shard, term }) => [shard, term]));
}
