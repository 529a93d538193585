import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureBuilt } from '../fixtures/built.ts';
import { recorded, serverPids } from '../fixtures/embedded.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

// Real starts.
vi.setConfig({ testTimeout: 120_000 });

const BIN = join(import.meta.dirname, '../../config/bin.mjs');
const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'okno-start-'));
chmodSync(folder, 0o711);
const DATA_DIR = join(folder, 'data');

beforeAll(() => ensureBuilt());
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const pid of serverPids(DATA_DIR)) process.kill(pid, 'SIGKILL');
  const { home } = recorded(DATA_DIR);
  for (const path of [home, folder]) if (path) rmSync(path, { recursive: true, force: true });
});

function okno(parameters: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [BIN, ...parameters], {
    env: { ...process.env, DATA_DIR, LANG: 'C', PORT: '0', LOG_LEVEL: 'warn', ...env },
  });
  children.push(child);
  return child;
}

async function run(parameters: string[], env: Record<string, string> = {}, input = '') {
  const child = okno(parameters, env);
  child.stdin.end(input);
  const closed = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, out, err };
}

/** Starts the hub; resolves with its address once it has told how to stop it. */
async function start(env: Record<string, string> = {}) {
  const child = okno(['start'], env);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (/Ctrl-C/.test(line)) break;
  }
  const said = lines.join('\n');
  return { child, said, url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '' };
}

async function stop(child: ChildProcess): Promise<number | null> {
  const exit = once(child, 'exit');
  // As from a terminal under npm: twice.
  child.kill('SIGINT');
  child.kill('SIGINT');
  return (await exit)[0];
}

describe('okno start', () => {
  let hub: Awaited<ReturnType<typeof start>>;

  it('serves, and tells addresses and demo logins', async () => {
    hub = await start();
    expect(hub.said).toMatch(/Okno is running/);
    expect(hub.said).toContain(`${hub.url}/window`);
    expect(hub.said).toMatch(/operator@demo\.bank/);
    expect((await fetch(`${hub.url}/health/ready`)).status).toBe(200);
  });

  it('starts again after kill -9, and speaks Russian to whom the system does', async () => {
    hub.child.kill('SIGKILL');
    await once(hub.child, 'exit');
    hub = await start({ LANG: 'ru_RU.UTF-8' });
    expect(hub.said).toMatch(/Окно работает/);
    expect((await fetch(`${hub.url}/health/ready`)).status).toBe(200);
  });

  it('lets commands join while it runs, and refuses a second start', async () => {
    const verified = await run(['verify', '--json']);
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, broken: [], dead: 0 });
    const second = await run(['start']);
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/in use by "okno start"/);
    expect((await fetch(`${hub.url}/health/ready`)).status).toBe(200);
  });

  it('stops gracefully with its database', async () => {
    expect(await stop(hub.child)).toBe(0);
    expect(serverPids(DATA_DIR)).toEqual([]);
  });

  it('ends with the reason where a setting is wrong', async () => {
    const { code, out, err } = await run(['start'], { PORT: 'x' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('okno start: PORT=x is not a whole number from 0 to 65535\n');
  });
});

describe('okno start on a database that does not let it in', () => {
  const password = 'do-not-print-me';

  it('names the variable and the fix where nobody answers, and never the password', async () => {
    const { code, err } = await run(['start'], {
      DATABASE_URL: `postgres://okno:${password}@127.0.0.1:1/okno`,
      OKNO_BANK_URL: 'http://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^okno start: DATABASE_URL: no PostgreSQL answers there \(ECONNREFUSED\); start it/);
    expect(err).not.toContain(password);
  });

  it('names the fix where there is no such database', async () => {
    const address = (await freshDatabase()).replace(/@([^/]*)\/[^?]*/, '@$1/there_is_none');
    const { code, err } = await run(['start'], {
      DATABASE_URL: address,
      OKNO_BANK_URL: 'http://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^okno start: DATABASE_URL: PostgreSQL refuses us: .*there_is_none.*; correct/);
  });
});

describe('a command without a running hub', () => {
  it('starts the database and stops it', async () => {
    const password = { OKNO_PASSWORD: 'a long enough password' };
    const added = await run(['user', 'add', 'ann@bank.example', '--role', 'supervisor', '--json'], password);
    expect([added.code, added.err]).toEqual([0, '']);
    expect(JSON.parse(added.out)).toMatchObject({ email: 'ann@bank.example', roles: ['supervisor'] });
    expect((await run(['user', 'list'])).out).toMatch(/ann@bank\.example\t.*\tsupervisor/);
    expect((await run(['user', 'disable', 'ann@bank.example'])).out).toBe('Disabled ann@bank.example.\n');
    expect((await run(['user', 'disable', 'nobody@bank.example'])).code).toBe(1);
    expect(serverPids(DATA_DIR)).toEqual([]);
  });

  it('tells how to make the schema where there is none', async () => {
    const env = { DATABASE_URL: await freshDatabase('empty') };
    const before = await run(['verify'], env);
    expect([before.code, before.err]).toEqual([
      1,
      "okno verify: the database has not this program's schema; run `okno migrate`\n",
    ]);
    expect(JSON.parse((await run(['migrate', '--json'], env)).out).applied).not.toEqual([]);
    expect((await run(['migrate'], env)).out).toBe('The schema is up to date.\n');
    expect((await run(['verify'], env)).code).toBe(0);
  });

  it('takes what is piped in and keeps its answers apart from the progress', async () => {
    const { code, out } = await run(['chat', '--locale', 'en', '--json'], {}, '{"text":"hello"}\n');
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(answers[0]).toMatchObject({ type: 'message' });
    expect(answers.at(-1)).toEqual({ type: 'turn' });
  });
});
