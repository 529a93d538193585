import { readdirSync, rmSync } from 'node:fs';
import pg from 'pg';
import { findPlace, knownPassword, knownSocketFolder } from '../../gateway/store/embedded-place.ts';
import { bringUp, stopServer } from '../../gateway/store/embedded-server.ts';
import { databaseUrl, makeDatabase, prepareServer } from '../../gateway/store/embedded-setup.ts';
import { serverPids } from '../fixtures/embedded.ts';
import { parentOf } from './process-parent.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A PostgreSQL that can be killed. */
export interface PostgresProcess {
  readonly url: string;
  /** kill -9 of the server with all its backends. */
  kill(): void;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A server of its own, with the settings that the embedded one has: all that is committed is on disk. */
export async function startPostgres(dataDir: string): Promise<PostgresProcess> {
  const place = findPlace(dataDir);
  const server = await prepareServer(place, { max_connections: '150' });
  const up = async () => (await bringUp(server, 'chaos', silent)).end();
  const admin = await bringUp(server, 'chaos', silent);
  await makeDatabase(admin, server.password);
  await admin.end();
  return {
    url: databaseUrl(server),
    kill: () => killServer(dataDir),
    restart: up,
    async stop() {
      await stopServer(server);
      rmSync(place.home, { recursive: true, force: true });
    },
  };
}

/** The server that a hub runs for itself in DATA_DIR; the hub starts it again by itself. */
export function embeddedPostgres(dataDir: string): PostgresProcess {
  return {
    get url() {
      const place = findPlace(dataDir);
      const [socket, password] = [knownSocketFolder(place), knownPassword(place)];
      if (socket === undefined || password === undefined)
        throw new Error('the embedded database was not made');
      return databaseUrl({ socket, password });
    },
    kill: () => killServer(dataDir),
    async restart() {},
    async stop() {
      rmSync(findPlace(dataDir).home, { recursive: true, force: true });
    },
  };
}

function killServer(dataDir: string): void {
  const [postmaster] = serverPids(dataDir);
  if (postmaster === undefined) return;
  const backends = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
  for (const pid of [postmaster, ...backends.map(Number)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself since we looked.
    }
  }
}

/** Runs one query; a server that is just starting is waited for by the caller. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
