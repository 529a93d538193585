import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPlace } from '../../gateway/store/embedded-place.ts';
import { bringUp, stopServer } from '../../gateway/store/embedded-server.ts';
import { databaseUrl, makeDatabase, prepareServer } from '../../gateway/store/embedded-setup.ts';
import type { Server } from '../../gateway/store/embedded-spawn.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { serverPids } from '../fixtures/embedded.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { parentOf } from '../fixtures/process-parent.ts';

/** The store in trouble: what a webhook hears, and that all goes on by itself afterwards. */

const SECRET = 'a-secret';
/** A webhook is answered within five seconds, and all is served again within fifteen. */
const ANSWER_LIMIT_MS = 5_000;
const BACK_LIMIT_MS = 15_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'okno-store-'));
chmodSync(folder, 0o711);
const dataDir = join(folder, 'data');
const place = findPlace(dataDir);
let server: Server;
let telegram: FakeTelegram;
let hub: TestHub;
/** Changes settings of the server and holds locks; a connection of its own each time it is asked for. */
let admin: () => Promise<pg.Client>;
/** Far from those that the network itself makes. */
let update = 1_000_000;
let chat = 500;

async function bringServerUp(): Promise<void> {
  const client = await bringUp(server, 'tests', silent);
  await client.end();
}

beforeAll(async () => {
  server = await prepareServer(place, { fsync: 'off' });
  const first = await bringUp(server, 'tests', silent);
  await makeDatabase(first, server.password);
  await first.end();
  const superuser = databaseUrl(server, 'okno').replace('//okno:', '//postgres:');
  admin = async () => {
    const client = new pg.Client({ connectionString: superuser });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  telegram = await startFakeTelegram();
  const env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
  };
  hub = await startHub({ env, databaseUrl: databaseUrl(server) });
});

afterAll(async () => {
  await hub?.stop();
  await telegram?.stop();
  await stopServer(server);
  for (const path of [place.home, folder]) rmSync(path, { recursive: true, force: true });
});

// A client of its own for each test, whom the network knows.
beforeEach(async () => {
  chat += 1;
  telegram.say(chat, 'начало');
  await telegram.hears(chat, 1, 30_000);
});

/** An update as Telegram posts it (https://core.telegram.org/bots/api#update). */
function said(text: string) {
  update += 1;
  const person = { id: chat, is_bot: false, first_name: 'Анна', language_code: 'ru' };
  const message = {
    message_id: update,
    date: 1_700_000_000,
    chat: { id: chat, type: 'private' },
    from: person,
    text,
  };
  return { update_id: update, message };
}

async function post(body: object): Promise<{ status: number; retryAfter: string | null }> {
  const answer = await fetch(`${hub.url}/channels/telegram/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  await answer.arrayBuffer();
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
}

const readiness = async () =>
  (await fetch(`${hub.url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })).status;

/** Telegram's own way: the same update again until it is taken. */
async function deliver(body: object): Promise<void> {
  await vi.waitFor(async () => expect((await post(body)).status).toBe(200), {
    timeout: BACK_LIMIT_MS,
    interval: 250,
  });
}

async function refusesMeanwhile(): Promise<object[]> {
  const refused = ['раз', 'два', 'три'].map(said);
  for (const one of refused) {
    const { status, retryAfter } = await post(one);
    expect(status).toBe(503);
    expect(Number(retryAfter)).toBeGreaterThan(0);
  }
  await vi.waitFor(async () => expect(await readiness()).toBe(503), { timeout: 10_000, interval: 100 });
  return refused;
}

/** Commits that were under way when their webhook was put off may end before the network comes again. */
type Order = 'in order' | 'in any order';

async function servesAgain(refused: readonly object[], order: Order = 'in order'): Promise<void> {
  for (const one of refused) await deliver(one);
  await vi.waitFor(async () => expect(await readiness()).toBe(200), {
    timeout: BACK_LIMIT_MS,
    interval: 100,
  });
  await telegram.hears(chat, refused.length + 1, 30_000);
  const expected = ['you said начало', 'you said раз', 'you said два', 'you said три'];
  const said = telegram.saidTo(chat);
  if (order === 'in order') expect(said).toEqual(expected);
  else expect([...said].sort()).toEqual([...expected].sort());
  expect((await hub.verify()).broken).toEqual([]);
}

/** The server with all its backends. */
function serverTree(): number[] {
  const [postmaster] = serverPids(dataDir);
  if (postmaster === undefined) throw new Error('the server does not run');
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === postmaster)
    .map(Number);
  return [postmaster, ...children];
}

describe('a webhook is put off and taken later, once, where the store', () => {
  it('is stopped and started again', async () => {
    await stopServer(server);
    const refused = await refusesMeanwhile();
    await bringServerUp();
    await servesAgain(refused);
  });

  it('is frozen', async () => {
    const frozen = serverTree();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    let refused: object[];
    try {
      refused = await refusesMeanwhile();
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await servesAgain(refused);
  });

  it('can only be read', async () => {
    const client = await admin();
    const readOnly = async (to: 'on' | 'off') => {
      await client.query('set default_transaction_read_only = off');
      await client.query(`alter system set default_transaction_read_only = ${to}`);
      await client.query('select pg_reload_conf()');
    };
    await readOnly('on');
    await vi.waitFor(async () => expect(await readiness()).toBe(503), { timeout: 10_000, interval: 100 });
    const refused = await refusesMeanwhile();
    await readOnly('off');
    await client.end();
    await servesAgain(refused);
  });

  it('has a table locked', async () => {
    const client = await admin();
    await client.query('begin');
    await client.query('lock table event in access exclusive mode');
    const refused = ['раз', 'два', 'три'].map(said);
    for (const one of refused) expect((await post(one)).status).toBe(503);
    await client.query('rollback');
    await client.end();
    await servesAgain(refused, 'in any order');
  });

  it('ends every connection', async () => {
    const client = await admin();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'okno%' and datname = current_database()
         and pid <> pg_backend_pid()`,
    );
    await client.end();
    await servesAgain(['раз', 'два', 'три'].map(said));
  });
});
