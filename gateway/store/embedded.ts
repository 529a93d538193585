import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../connectors/connector.ts';
import { type Holder, type Lock, takeLock } from './embedded-lock.ts';
import { findPlace, knownPassword, knownSocketFolder, type Place } from './embedded-place.ts';
import {
  bringUp,
  connectAdmin,
  endLeftSessions,
  isUsedByOthers,
  stopServer,
  whatRefused,
} from './embedded-server.ts';
import { databaseUrl, hasDatabase, makeDatabase, prepareServer } from './embedded-setup.ts';
import type { Address, Server } from './embedded-spawn.ts';
import { keepUp } from './embedded-watch.ts';

/** Names of sessions: those of a crashed hub are ended, those of commands go on. */
const HUB = 'okno-hub';
const COMMAND = 'okno-command';
/** Commands are short; the hub waits this long for one that runs the database just now. */
const COMMAND_LIMIT_MS = 30_000;
/** A hub that holds the lock has its database up within seconds, or recovers it. */
const HUB_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 50;

export interface EmbeddedOptions {
  /** The folder that keeps the database; made where it is missing. */
  readonly dataDir: string;
  readonly log: Log;
}

/** The hub's own database, running. */
export interface Embedded {
  /** For `pg`: a connection string over the private socket. It holds the password: never log it. */
  readonly url: string;
  /** Stops the server; open sessions are ended, what was committed is on disk. Close your own before. */
  stop(): Promise<void>;
}

/**
 * Starts the hub's own PostgreSQL in `dataDir`, or takes over the one that a crashed hub left there (its sessions are
 * ended first). It listens on a private socket only, flushes every commit to disk, runs in a process session of its
 * own, and as `nobody` where we are root. Where it ends by itself it is started again.
 *
 * Throws, for a person to read: another hub runs on this folder; the data is of another major version or another
 * account; the server does not start.
 */
export async function startEmbedded({ dataDir, log }: EmbeddedOptions): Promise<Embedded> {
  const place = findPlace(dataDir);
  const lock = await takeHubLock(place, log);
  try {
    const { server, admin } = await start(place, HUB, log);
    const watch = keepUp(server, admin, HUB, log);
    return {
      url: databaseUrl(server),
      async stop() {
        await watch.end();
        await stopServer(server);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The database as a command of the CLI uses it. */
export interface OpenEmbedded {
  /** As `Embedded.url`. */
  readonly url: string;
  /** Whether it ran before. */
  readonly joined: boolean;
  /** Ends this use; close your own connections before. The last to leave stops a server that no hub keeps. */
  close(): Promise<void>;
}

/**
 * Joins the database of `dataDir` where a hub or another command runs it, else starts it. `what` names the command to
 * those who have to wait for it. Throws as `startEmbedded` does.
 */
export async function openEmbedded(
  options: EmbeddedOptions & { readonly what: string },
): Promise<OpenEmbedded> {
  const { log, what } = options;
  const place = findPlace(options.dataDir);
  const limit = Date.now() + HUB_LIMIT_MS;
  for (;;) {
    const taken = takeLock(place.home, { kind: 'command', what });
    if ('lock' in taken) return startForCommand(place, taken.lock, what, log);
    const running = await join(place);
    if (running) {
      const { address, session } = running;
      const url = databaseUrl(address, undefined, COMMAND);
      return { url, joined: true, close: () => leave(place, session, what) };
    }
    // It is just being started or stopped.
    if (Date.now() > limit) throw new Error(inUse(place, taken.heldBy, 'and its database does not answer'));
    await sleep(LOOK_AGAIN_MS);
  }
}

async function startForCommand(place: Place, lock: Lock, what: string, log: Log): Promise<OpenEmbedded> {
  try {
    const { server, admin } = await start(place, COMMAND, log);
    const url = databaseUrl(server, undefined, COMMAND);
    return { url, joined: false, close: () => leave(place, admin, what, lock) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Under the lock: the server up, nothing of a crashed hub connected, the store's database there. */
async function start(place: Place, about: string, log: Log): Promise<{ server: Server; admin: pg.Client }> {
  const server = await prepareServer(place);
  const admin = await bringUp(server, about, log);
  const ended = await endLeftSessions(admin, COMMAND);
  if (ended > 0) log.info({ sessions: ended }, 'took over the embedded database that a crash had left');
  await makeDatabase(admin, server.password);
  return { server, admin };
}

/** Connects to a server that somebody else keeps; the session stays open to show that it is used. */
async function join(place: Place): Promise<{ address: Address; session: pg.Client } | undefined> {
  const socket = knownSocketFolder(place);
  const password = knownPassword(place);
  if (socket === undefined || password === undefined) return undefined;
  const address = { socket, password };
  try {
    const session = await connectAdmin(address, COMMAND);
    if (await hasDatabase(session)) return { address, session };
    await session.end();
  } catch (error) {
    if (whatRefused(error) === 'wrong') throw error;
  }
  return undefined;
}

/**
 * The last to leave stops the server. First our session ends, then we look whether anybody else keeps or uses it; and
 * who gives the lock back looks once more, for one who left while the lock was held.
 */
async function leave(place: Place, session: pg.Client, what: string, lock?: Lock): Promise<void> {
  await session.end();
  let held = lock;
  for (;;) {
    if (!held) {
      const taken = takeLock(place.home, { kind: 'command', what });
      if ('heldBy' in taken) return;
      held = taken.lock;
    }
    const server = await prepareServer(place);
    if (!(await isUsed(server))) {
      await stopServer(server);
      held.release();
      return;
    }
    held.release();
    held = undefined;
    if (await isUsed(server)) return;
  }
}

async function isUsed(server: Server): Promise<boolean> {
  try {
    return await isUsedByOthers(server, COMMAND);
  } catch {
    // It does not serve: nobody uses it.
    return false;
  }
}

async function takeHubLock(place: Place, log: Log): Promise<Lock> {
  const limit = Date.now() + COMMAND_LIMIT_MS;
  for (let told = false; ; told = true) {
    const taken = takeLock(place.home, { kind: 'hub', what: 'okno start' });
    if ('lock' in taken) return taken.lock;
    const { heldBy } = taken;
    if (heldBy.kind === 'hub') throw new Error(inUse(place, heldBy, 'Stop it, or set another DATA_DIR.'));
    if (Date.now() > limit) throw new Error(inUse(place, heldBy, 'Try again when it is done.'));
    if (!told)
      log.info({ command: heldBy.what, pid: heldBy.pid }, 'waiting for a command to leave the database');
    await sleep(LOOK_AGAIN_MS);
  }
}

function inUse(place: Place, { what, pid, host, since }: Holder, advice: string): string {
  const where = host.split(' ')[0];
  return `The data folder ${place.dataDir} is in use by "${what}" (pid ${pid} on ${where}, since ${since}). ${advice}`;
}
