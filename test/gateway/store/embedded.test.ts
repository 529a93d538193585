import { spawn } from 'node:child_process';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { barrier } from '../../../gateway/store/embedded-account.ts';
import { createEmbeddedBench, homeOf, makeFolder, recorded, serverPids } from '../../fixtures/embedded.ts';

const ROOT = join(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const NOBODY = 65_534;
/** With root's checkout in a closed folder another account could not run what is to be tried. */
const isOpenToAll = barrier(join(ROOT, 'node_modules'), { uid: 1234, gid: 1234 }) === undefined;

// Every test makes a database on disk, some start several processes.
vi.setConfig({ testTimeout: 120_000 });

const bench = createEmbeddedBench();
beforeAll(() => bench.prepare());
afterEach(() => bench.clear());
afterAll(() => bench.end());

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = await connected(url);
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const setting = async (url: string, name: string) => (await query(url, `show ${name}`))[0]?.[name];

/** A process session of its own is not reached by Ctrl-C. */
function expectOwnSession(dataDir: string): void {
  const [postmaster = 0] = serverPids(dataDir);
  const stat = readFileSync(`/proc/${postmaster}/stat`, 'utf8');
  const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  expect([group, session]).toEqual([`${postmaster}`, `${postmaster}`]);
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the embedded database', () => {
  it('listens on a private socket only, flushes every commit, and is gone after the hub', async () => {
    const dataDir = bench.dataDir();
    const hub = bench.run('hub', dataDir);
    const url = await hub.says('url');
    expect(await setting(url, 'listen_addresses')).toBe('');
    expect(await setting(url, 'fsync')).toBe('on');
    expect(await setting(url, 'synchronous_commit')).toBe('on');
    expect(await setting(url, 'password_encryption')).toBe('scram-sha-256');
    const socket = String(new URL(url.replace('@/', '@local/')).searchParams.get('host'));
    expect(modeOf(socket)).toBe(0o700);
    expect(modeOf(join(homeOf(dataDir), 'password'))).toBe(0o600);
    expect(modeOf(join(homeOf(dataDir), 'cluster', 'data'))).toBe(0o700);
    await expect(query(url.replace(/:[0-9a-f]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    // The role of the store is no superuser.
    expect(await query(url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ]);
    if (isLinux) expectOwnSession(dataDir);
    if (isLinux && isRoot) {
      // As nobody, in DATA_DIR where nobody can come through.
      expect(recorded(dataDir).home).toBeUndefined();
      expect(serverPids(dataDir).map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([NOBODY]);
    }
    await hub.stop();
    expect(serverPids(dataDir)).toEqual([]);
    expect(hub.child.exitCode).toBe(0);
  });

  it('starts where the path has spaces and Russian letters', async () => {
    const hub = bench.run('hub', join(bench.folder(), 'data', 'папка с данными'));
    expect(await query(await hub.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
    await hub.stop();
    expect(hub.child.exitCode).toBe(0);
  });

  it('puts its socket into a private folder where the path would be too long, and remembers it', async () => {
    const dataDir = bench.dataDir('d'.repeat(120));
    const first = bench.run('hub', dataDir);
    await first.says('url');
    await first.stop();
    const { socket = '' } = recorded(dataDir);
    expect(modeOf(socket)).toBe(0o700);
    const second = bench.run('hub', dataDir);
    expect(await query(await second.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(recorded(dataDir).socket).toBe(socket);
    await second.stop();
  });

  it('refuses data of another major version, tells the way over and changes nothing', async () => {
    const dataDir = bench.dataDir();
    const version = join(homeOf(dataDir), 'cluster', 'data', 'PG_VERSION');
    writeFileSync(version, '17\n');
    const error = await bench.run('hub', dataDir).says('error');
    expect(error).toMatch(/made by PostgreSQL 17, and this Okno brings PostgreSQL 18/);
    expect(error).toMatch(/pg_dump.*DATABASE_URL/);
    expect(readFileSync(version, 'utf8')).toBe('17\n');
  });
});

describe('two at once', () => {
  it('refuses a second hub on one folder, naming the first, and lets a command join', async () => {
    const dataDir = bench.dataDir();
    const first = bench.run('hub', dataDir);
    const url = await first.says('url');
    const error = await bench.run('hub', dataDir).says('error');
    expect(error).toContain(`in use by "okno start" (pid ${first.child.pid} `);
    const command = bench.run('command', dataDir);
    expect(await query(await command.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
    await command.stop();
    // The server is left to the hub.
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets exactly one of many have it after a crash', async () => {
    const dataDir = bench.dataDir();
    const crashed = bench.run('hub', dataDir);
    await crashed.says('url');
    await crashed.kill();
    const hubs = [1, 2, 3, 4].map(() => bench.run('hub', dataDir));
    const heard = await Promise.allSettled(hubs.map((hub) => hub.says('url')));
    expect(heard.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  it('lets a command start the server, and the last command stop it', async () => {
    const dataDir = bench.dataDir();
    const first = bench.run('command', dataDir);
    await first.says('url');
    const second = bench.run('command', dataDir);
    const url = await second.says('url');
    await first.stop();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(serverPids(dataDir)).toEqual([]);
  });

  it('makes a hub wait for the command that runs the database', async () => {
    const dataDir = bench.dataDir();
    const command = bench.run('command', dataDir);
    await command.says('url');
    const hub = bench.run('hub', dataDir);
    expect(await hub.says('log')).toMatch(/waiting for a command/);
    await command.stop();
    expect(await query(await hub.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('after a crash', () => {
  it('takes over the server that a killed hub left, and ends the sessions of that hub', async () => {
    const dataDir = bench.dataDir();
    const crashed = bench.run('hub', dataDir);
    const url = await crashed.says('url');
    await query(url, 'create table kept (id int); insert into kept values (1)');
    const left = await connected(url);
    await left.query('begin; insert into kept values (2)');
    const ended = new Promise((resolve) => left.once('end', resolve));
    const before = serverPids(dataDir);
    await crashed.kill();

    const hub = bench.run('hub', dataDir);
    const again = await hub.says('url');
    await ended;
    expect(await query(again, 'select id from kept')).toEqual([{ id: 1 }]);
    expect(serverPids(dataDir)).toEqual(before);
    await hub.stop();
    expect(serverPids(dataDir)).toEqual([]);
  });

  it('keeps what was committed when hub and server are killed, and starts over what outlived the server', async () => {
    const dataDir = bench.dataDir();
    const crashed = bench.run('hub', dataDir);
    const url = await crashed.says('url');
    await query(url, 'create table kept (id int); insert into kept values (1)');
    const busy = await connected(url);
    // A calculation does not notice that its server is gone.
    const calculation = busy.query('select count(*) from generate_series(1, 100000000000)').catch(() => {});
    await crashed.kill();
    for (const pid of serverPids(dataDir)) process.kill(pid, 'SIGKILL');
    const hub = bench.run('hub', dataDir);
    expect(await query(await hub.says('url'), 'select id from kept')).toEqual([{ id: 1 }]);
    await calculation;
  });

  it('starts the server again that ends under a running hub', async () => {
    const dataDir = bench.dataDir();
    const hub = bench.run('hub', dataDir);
    const url = await hub.says('url');
    for (const pid of serverPids(dataDir)) process.kill(pid, 'SIGKILL');
    expect(await hub.says('log')).toMatch(/has ended/);
    const heard = [await hub.says('log')];
    // A slow machine hears that the server is waited for, once or more, before it runs.
    while (/waiting for the embedded database/.test(heard.at(-1) ?? '')) heard.push(await hub.says('log'));
    expect(heard.at(-1)).toMatch(/runs again/);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await hub.stop();
    expect(serverPids(dataDir)).toEqual([]);
  });

  it('is not misled by a process that got the number of the old server', async () => {
    const dataDir = bench.dataDir();
    const { uid, gid } = statSync(join(homeOf(dataDir), 'cluster'));
    const stranger = spawn('sleep', ['600'], { uid, gid });
    const file = join(homeOf(dataDir), 'cluster', 'data', 'postmaster.pid');
    writeFileSync(file, `${stranger.pid}\n${join(homeOf(dataDir), 'cluster', 'data')}\n`, { mode: 0o600 });
    chownSync(file, uid, gid);
    const hub = bench.run('hub', dataDir);
    expect(await query(await hub.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null);
    stranger.kill();
  });

  it('starts after kill -9 at any moment of the start or the stop', async () => {
    const dataDir = join(bench.folder(), 'data');
    for (let round = 0; round < 5; round += 1) {
      const hub = bench.run('hub', dataDir);
      await hub.says(round % 2 === 0 ? 'begins' : 'url');
      hub.child.stdin?.write('\n');
      // Not to wait for anything: the moment is what is tried.
      await sleep(Math.random() * 600);
      await hub.kill();
    }
    const hub = bench.run('hub', dataDir);
    expect(await query(await hub.says('url'), 'select 1 as one')).toEqual([{ one: 1 }]);
    await hub.stop();
    expect(serverPids(dataDir)).toEqual([]);
  });
});

describe.runIf(isRoot && isLinux)('as root', () => {
  it('keeps the data under /var/lib/okno where nobody cannot come through, and remembers where', async () => {
    const dataDir = join(bench.folder(0o700), 'data');
    const first = bench.run('hub', dataDir);
    await query(await first.says('url'), 'create table kept (id int)');
    const { home = '' } = recorded(dataDir);
    expect(home).toMatch(/^\/var\/lib\/okno\/[0-9a-f]{16}$/);
    expect(readFileSync(join(home, 'data-dir'), 'utf8')).toBe(`${dataDir}\n`);
    expect(serverPids(dataDir).map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([NOBODY]);
    await first.stop();
    const second = bench.run('hub', dataDir);
    expect(await query(await second.says('url'), 'select * from kept')).toEqual([]);
  });

  it('refuses to begin anew where the remembered folder is missing', async () => {
    const dataDir = makeFolder(join(bench.folder(), 'data'));
    writeFileSync(join(dataDir, 'embedded.json'), '{"home":"/var/lib/okno/0000000000000000"}');
    const error = await bench.run('hub', dataDir).says('error');
    expect(error).toMatch(/lies in \/var\/lib\/okno\/0000000000000000.*Bring it back, or delete the file/);
  });

  it.runIf(isOpenToAll)('joins and takes over what an ordinary user began, as that user', async () => {
    const folder = bench.folder(0o700);
    chownSync(folder, 1234, 1234);
    const dataDir = join(folder, 'data');
    const user = bench.run('hub', dataDir, NOBODY);
    await expect(user.says('url')).rejects.toThrow(/permission denied/);
    chownSync(folder, NOBODY, NOBODY);
    const theirs = bench.run('hub', dataDir, NOBODY);
    const url = await theirs.says('url');
    const command = bench.run('command', dataDir);
    expect(await command.says('joined')).toBe(true);
    await command.stop();
    await query(url, 'create table kept (id int)');
    await theirs.stop();
    const hub = bench.run('hub', dataDir);
    expect(await query(await hub.says('url'), 'select * from kept')).toEqual([]);
    expect(serverPids(dataDir).map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([NOBODY]);
    await hub.stop();
    const again = bench.run('hub', dataDir, NOBODY);
    expect(await query(await again.says('url'), 'select * from kept')).toEqual([]);
  });

  it.runIf(isOpenToAll)('refuses an ordinary user the data of another, with the way out', async () => {
    const dataDir = bench.dataDir();
    const error = await bench.run('hub', dataDir, 1234).says('error');
    expect(error).toMatch(/belongs to another account \(uid 65534\)/);
  });
});
