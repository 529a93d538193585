import pg from 'pg';
import { within } from '../within.ts';

/** A node's own connection: as long as it lives the node has its place among those of the database. */
export interface NodeClient {
  readonly pg: pg.Client;
  /** Tells the other nodes that something about shards changed. */
  tellOthers(): Promise<void>;
  end(): Promise<void>;
}

export interface NodeClientOptions {
  readonly url: string;
  /** False: no other node may have a place. */
  readonly isShared: boolean;
  /** How long a query may take, milliseconds. */
  readonly limitMs: number;
  /** Another node told that something changed. */
  readonly onTold: () => void;
}

// Any fixed number; it names the running hubs of a database among its advisory locks.
const LOCK = 1_330_335_311;
const LOCK_WAIT_MS = 4_000;
const END_LIMIT_MS = 1_000;
const CHANNEL = 'okno_shards';

const REFUSED = {
  alone:
    'another hub runs on this database; stop it first, or give both the same REDIS_URL to share the work',
  shared: 'a hub without REDIS_URL runs on this database; stop it first, or give it the same REDIS_URL',
};

/** Connects and takes the node's place. Throws where another hub's place excludes it, with what to do. */
export async function connectNode(options: NodeClientOptions): Promise<NodeClient> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'okno-shards',
    keepAlive: true,
    connectionTimeoutMillis: options.limitMs,
    query_timeout: options.limitMs,
  });
  // A broken connection is noticed by the next heartbeat; unheard, the event would end the process.
  client.on('error', () => {});
  client.on('notification', () => options.onTold());
  try {
    await client.connect();
    await takePlace(client, options.isShared);
    await client.query(`listen ${CHANNEL}`);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return {
    pg: client,
    async tellOthers() {
      await client.query(`notify ${CHANNEL}`);
    },
    // A server that does not answer would not answer this either; the process goes on without it.
    end: () => within(END_LIMIT_MS, client.end()).catch(() => {}),
  };
}

/** A hub that was killed a moment ago may still have its place: its backend has to notice. */
async function takePlace(client: pg.Client, isShared: boolean): Promise<void> {
  const attempt = isShared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const until = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(`select ${attempt}($1) as locked`, [LOCK]);
    if (rows[0]?.locked) return;
    if (performance.now() > until) throw new Error(isShared ? REFUSED.shared : REFUSED.alone);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
