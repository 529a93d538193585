import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { makePassword, makeSocketFolder, type Place, passwordFile } from './embedded-place.ts';
import { findProgram } from './embedded-program.ts';
import { ADMIN } from './embedded-server.ts';
import { type Address, initialise, type Server } from './embedded-spawn.ts';

/** Owns the store's database and is no superuser. */
const ROLE = 'okno';
const DATABASE = 'okno';

/**
 * Makes ready all that the server of this place needs: programs within reach, password, socket folder, data folder.
 * Only under the lock. `settings` go over those of `durable`. Throws where the data is of another major version.
 */
export async function prepareServer(
  place: Place,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const program = findProgram(place.home, place.account);
  const socket = makeSocketFolder(place);
  const password = makePassword(place);
  const data = join(realpathSync(place.cluster), 'data');
  await initialise(program, data, ADMIN, passwordFile(place), place.account);
  return {
    program,
    data,
    socket,
    password,
    logFile: join(place.home, 'postgres.log'),
    account: place.account,
    settings: { ...durable(socket), ...settings },
  };
}

/** Makes the store's role and its empty database where they are missing. */
export async function makeDatabase(admin: pg.Client, password: string): Promise<void> {
  const role = await admin.query('select 1 from pg_roles where rolname = $1', [ROLE]);
  if (role.rowCount === 0) {
    await admin.query(`create role ${ROLE} login password ${admin.escapeLiteral(password)}`);
  }
  if (!(await hasDatabase(admin))) await admin.query(`create database ${DATABASE} owner ${ROLE}`);
}

export async function hasDatabase(admin: pg.Client): Promise<boolean> {
  const database = await admin.query('select 1 from pg_database where datname = $1', [DATABASE]);
  return database.rowCount === 1;
}

/** A connection string for `pg`; it holds the password. `about` names the sessions, over what the caller names them. */
export function databaseUrl({ socket, password }: Address, database = DATABASE, about?: string): string {
  const named = about === undefined ? '' : `&application_name=${about}`;
  return `postgresql://${ROLE}:${password}@/${database}?host=${encodeURIComponent(socket)}${named}`;
}

/** The settings of a server that keeps what we promise: private, durable, and with nothing of clients in its log. */
function durable(socket: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socket,
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '60',
    max_wal_size: '512MB',
    jit: 'off',
    // A new store is planned for as if it were a grown one: what is read by key is not scanned.
    random_page_cost: '1.1',
    autovacuum_naptime: '15s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The level `log` stands above `error`: texts of failed statements hold what people wrote.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}
