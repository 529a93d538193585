import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../connectors/connector.ts';
import { SOCKET_FILE } from './embedded-place.ts';
import { processes, processStart } from './embedded-process.ts';
import { type Address, logTail, type Server, type Spawned, spawnServer } from './embedded-spawn.ts';

/** The server's own superuser; the hub's role is not one. */
export const ADMIN = 'postgres';

const LOOK_AGAIN_MS = 20;
/** Recovery after a crash replays at most some hundred megabytes; what takes longer than this is stuck. */
const READY_LIMIT_MS = 300_000;
const START_LIMIT_MS = 10_000;
const START_AGAIN_MS = 200;
const NOTICE_MS = 5_000;
const LEAVING_LIMIT_MS = 60_000;
const ORPHANS_LIMIT_MS = 5_000;
const SESSION_ENDS_MS = 500;
const STOP_FAST_MS = 8_000;
const STOP_AT_ONCE_MS = 3_000;

/** Connects as the superuser; rejects as `pg` does. */
export async function connectAdmin(server: Address, about: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: server.socket,
    port: 5432,
    user: ADMIN,
    password: server.password,
    database: 'postgres',
    application_name: about,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks is told by `end`; unheard, the error would end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Brings the server up, or finds it up, and connects as the superuser. Only under the lock. A server that is just
 * starting, recovering or going down is waited for; what a crash left of one is cleared away.
 */
export async function bringUp(
  server: Server,
  about: string,
  log: Log,
  signal?: AbortSignal,
): Promise<pg.Client> {
  const found = await connectWhenUp(server, about, undefined, log, signal);
  if (found) {
    if (await isOurs(found, server)) return found;
    log.info({}, 'restarting the embedded database: its program or its settings have changed');
    await found.end();
    await stopServer(server);
  }
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    await clearRemains(server);
    const spawned = spawnServer(server, { ...server.settings, cluster_name: fingerprint(server) });
    const client = await connectWhenUp(server, about, spawned, log, signal);
    if (client) return client;
    // The last process of a killed server may not have let go of its memory yet, or another start was a moment ahead.
    if (Date.now() > limit) {
      throw new Error(
        `The embedded database does not start. ${spawned.ended()} The end of ${server.logFile}:\n${logTail(server)}`,
      );
    }
    await sleep(START_AGAIN_MS);
  }
}

/** Stops the server and waits until it is gone: open transactions are rolled back, all that is committed is on disk. */
export async function stopServer(server: Server): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', STOP_FAST_MS],
    ['SIGQUIT', STOP_AT_ONCE_MS],
    ['SIGKILL', STOP_AT_ONCE_MS],
  ] as const) {
    const left = running(server);
    if (left.length === 0) return;
    const postmaster = postmasterPid(server.data);
    const ended = signal === 'SIGKILL' || postmaster === undefined ? left : [postmaster];
    for (const pid of ended) end(pid, signal);
    if (await settles(() => running(server).length === 0, limitMs)) return;
  }
  throw new Error(`The embedded database in ${server.data} does not stop.`);
}

/** Ends the sessions of a hub that crashed, so that nothing of it can still commit; those of commands go on. */
export async function endLeftSessions(admin: pg.Client, commandsAre: string): Promise<number> {
  const { rows } = await admin.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $1`,
    [commandsAre],
  );
  return rows.length;
}

/** Whether others than `about` have a session there; one that has just closed its own is given time to vanish. */
export async function isUsedByOthers(server: Address, about: string): Promise<boolean> {
  const client = await connectAdmin(server, about);
  try {
    return !(await settles(async () => {
      const { rowCount } = await client.query(
        `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      return rowCount === 0;
    }, SESSION_ENDS_MS));
  } finally {
    await client.end();
  }
}

async function isOurs(client: pg.Client, server: Server): Promise<boolean> {
  const { rows } = await client.query('show cluster_name');
  return rows[0]?.cluster_name === fingerprint(server);
}

/** Tells a server of this program and these settings from any other; its processes show it in their titles. */
function fingerprint(server: Server): string {
  return `${dataMark(server)}${server.program.version}-${hash(JSON.stringify(server.settings))}`;
}

const dataMark = (server: Server): string => `okno-${hash(server.data)}-`;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * The living processes of the server, the postmaster by its command line and the others by their titles. (The folder
 * they work in would tell as well, but in a container root may not see it of another account's process.)
 */
function running(server: Server): number[] {
  return processes()
    .filter(
      ({ command }) =>
        command.includes(` -D ${server.data} `) || command.startsWith(`postgres: ${dataMark(server)}`),
    )
    .map(({ pid }) => pid);
}

/** Waits while somebody answers there that cannot serve yet; undefined where nobody does, or what we started ended. */
async function connectWhenUp(
  server: Server,
  about: string,
  spawned: Spawned | undefined,
  log: Log,
  signal?: AbortSignal,
): Promise<pg.Client | undefined> {
  const limit = Date.now() + READY_LIMIT_MS;
  let notice = Date.now() + NOTICE_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await connectAdmin(server, about);
    } catch (error) {
      const state = whatRefused(error);
      if (state === 'wrong') throw error;
      if (spawned ? spawned.ended() !== undefined : state === 'absent') return undefined;
      if (Date.now() > limit) {
        throw new Error(
          `The embedded database in ${server.data} does not become ready; see ${server.logFile}.`,
        );
      }
    }
    if (Date.now() > notice) {
      log.info({}, 'waiting for the embedded database');
      notice = Date.now() + NOTICE_MS;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** `absent`: nobody listens; `busy`: it starts, recovers, goes down or hangs; `wrong`: it answers and will not have us. */
export function whatRefused(error: unknown): 'absent' | 'busy' | 'wrong' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'absent';
  if (code === 'EACCES' || code === 'EPERM') return 'wrong';
  // 57P03: cannot_connect_now. Without an SQLSTATE the connection broke before an answer, or none came in time.
  const isAnswer = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE';
  return isAnswer && code !== '57P03' ? 'wrong' : 'busy';
}

/**
 * Nobody listens on the socket. Waits for a server that is on its way up or down, ends processes that outlived their
 * postmaster, and removes a pid file whose number now belongs to somebody else.
 */
async function clearRemains(server: Server): Promise<void> {
  const isLed = (): boolean => {
    const postmaster = postmasterPid(server.data);
    return postmaster !== undefined && running(server).includes(postmaster);
  };
  if (!(await settles(() => !isLed(), LEAVING_LIMIT_MS))) {
    const pid = postmasterPid(server.data);
    throw new Error(
      `The server of ${server.data} (pid ${pid}) runs and does not answer. End it, then start again.`,
    );
  }
  if (!(await settles(() => running(server).length === 0, ORPHANS_LIMIT_MS))) {
    for (const pid of running(server)) end(pid, 'SIGKILL');
    await settles(() => running(server).length === 0, ORPHANS_LIMIT_MS);
  }
  const claimed = postmasterPid(server.data);
  // PostgreSQL would take the stranger for its own server and refuse. No process of the server is left: it is safe.
  if (claimed !== undefined && processStart(claimed) !== undefined && running(server).length === 0) {
    rmSync(join(server.data, 'postmaster.pid'), { force: true });
    rmSync(join(server.socket, `${SOCKET_FILE}.lock`), { force: true });
  }
}

function postmasterPid(data: string): number | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return pid > 0 ? pid : undefined;
}

async function settles(isSettled: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const limit = Date.now() + limitMs;
  while (!(await isSettled())) {
    if (Date.now() > limit) return false;
    await sleep(LOOK_AGAIN_MS);
  }
  return true;
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
