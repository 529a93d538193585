import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Log } from './connectors/connector.ts';

export interface ShardsOptions {
  readonly url: string;
  readonly log: Log;
}

/** This node's hold on the shards; one node owns all of them. */
export interface Shards {
  /** Carried by attempt marks; a node that lost its shards carries a stale one. */
  readonly term: number;
  release(): Promise<void>;
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
  const term = await take(client, node);
  let stopped = false;

  const heartbeat = setInterval(() => {
    renew().catch((error: unknown) =>
      log.warn({ err: error }, 'the lease of the shards could not be renewed'),
    );
  }, HEARTBEAT_MS);

  async function renew(): Promise<void> {
    if (stopped) return;
    try {
      const { rowCount } = await client.query(
        `update shard set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) where node = $1 and term = $2`,
        [node, term],
      );
      if (rowCount === 0) log.error({ node }, 'another node took the shards; restart this one');
    } catch (error) {
      client.release();
      client = await lock(url);
      throw error;
    }
  }

  return {
    term,
    async release() {
      stopped = true;
      clearInterval(heartbeat);
      await client
        .query('update shard set lease_until = null, node = null where node = $1', [node])
        .catch(() => {});
      await client.end();
    },
  };
}

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

async function take(client: pg.Client, node: string): Promise<number> {
  const { rows } = await client.query<{ term: number }>(
    `update shard set node = $1, term = (select max(term) + 1 from shard),
       lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) returning term`,
    [node],
  );
  const term = rows[0]?.term;
  if (term === undefined) throw new Error('the table of shards is empty; run `okno migrate`');
  return term;
}
