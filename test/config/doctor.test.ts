import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../config/cli.ts';
import type { Check } from '../../config/doctor/check.ts';
import { ROOT } from '../../config/version.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { freePort } from '../fixtures/hub.ts';
import { freshDatabase } from '../fixtures/postgres.ts';
import { HAS_REDIS, startRedis } from '../fixtures/redis.ts';

afterEach(() => vi.unstubAllEnvs());

/** What the doctor says of a machine with these settings, by what it is about. */
async function examine(env: Readonly<Record<string, string>>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'okno-doctor-'));
  const all = { PORT: String(await freePort()), DATA_DIR: dataDir, OKNO_DEMO: '0', ...env };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  const stdout = new PassThrough();
  const code = await main(['doctor', '--json'], {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
  });
  stdout.end();
  const line = await text(stdout);
  const { ok, checks } = JSON.parse(line) as { ok: boolean; checks: Check[] };
  expect(code).toBe(ok ? 0 : 1);
  return { ok, line, of: (about: string) => checks.find((check) => check.about === about) };
}

describe('okno doctor', () => {
  it('finds nothing wrong with a store of this program, and says that no hub answers', async () => {
    const { ok, of } = await examine({ DATABASE_URL: await freshDatabase() });
    expect(ok).toBe(true);
    expect(of('database')).toMatchObject({ verdict: 'ok', said: expect.stringMatching(/^PostgreSQL \d/) });
    expect(of('schema')).toMatchObject({ verdict: 'ok' });
    expect(of('clock')).toMatchObject({ verdict: 'ok' });
    expect(of('log followers')).toMatchObject({ verdict: 'ok' });
    expect(of('model')).toMatchObject({ verdict: 'ok' });
    expect(of('data folder')).toMatchObject({ verdict: 'ok' });
    expect(of('hub')).toMatchObject({ verdict: 'warn', fix: 'start it with `npm start`' });
    expect(of('public address')).toMatchObject({
      verdict: 'warn',
      fix: expect.stringContaining('PUBLIC_URL'),
    });
  });

  it('takes an encrypted public address for well, and another not', async () => {
    const url = await freshDatabase();
    const well = await examine({ DATABASE_URL: url, PUBLIC_URL: 'https://bot.example.org' });
    expect(well.of('public address')).toMatchObject({ verdict: 'ok' });
    const plain = await examine({ DATABASE_URL: url, PUBLIC_URL: 'http://bot.example.org' });
    expect(plain.of('public address')).toMatchObject({ verdict: 'warn' });
  });

  it('says which database does not answer, and never its password', async () => {
    const port = await freePort();
    const { ok, of, line } = await examine({
      DATABASE_URL: `postgresql://okno:s3cret@127.0.0.1:${port}/okno`,
    });
    expect(ok).toBe(false);
    expect(of('database')?.said).toContain('DATABASE_URL: no PostgreSQL answers there');
    expect(line).not.toContain('s3cret');
  });

  it('tells an older schema, a newer one and a read-only server', async () => {
    const url = await freshDatabase();
    const db = openDatabase(url, () => {});
    const { rows } = await db.query('delete from kysely_migration returning name');
    const older = await examine({ DATABASE_URL: url });
    expect(older.of('schema')).toMatchObject({
      verdict: 'warn',
      said: expect.stringContaining(rows[0].name),
      fix: expect.stringContaining('okno migrate'),
    });
    await db.query(`insert into kysely_migration (name, timestamp) values ('9999-later', now())`);
    const newer = await examine({ DATABASE_URL: url });
    expect(newer.ok).toBe(false);
    expect(newer.of('schema')?.said).toContain('9999-later');
    await db.query(`do $$ begin execute format('alter database %I set default_transaction_read_only = on',
      current_database()); end $$`);
    await db.end();
    expect((await examine({ DATABASE_URL: url })).of('database')).toMatchObject({ verdict: 'fail' });
  });

  it('tells a channel whose token is dead, as a hub saw it last', async () => {
    const url = await freshDatabase();
    const db = openDatabase(url, () => {});
    await db.query(
      `insert into channel_health (channel, asked_at, answered_at, findings)
       values ('telegram', now(), now(), '[{"problem":"unauthorized"}]')`,
    );
    await db.end();
    const { ok, of } = await examine({ DATABASE_URL: url, TELEGRAM_BOT_TOKEN: '1:dead' });
    expect(ok).toBe(false);
    expect(of('channel telegram')).toMatchObject({ verdict: 'fail', said: 'unauthorized' });
    expect(of('public address')).toMatchObject({ verdict: 'warn' });
  });

  it('tells a channel that the pack of Russian banks keeps off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'okno-doctor-'));
    const file = join(folder, 'hub.yaml');
    const shipped = readFileSync(join(ROOT, 'config', 'hub.yaml'), 'utf8');
    writeFileSync(file, shipped.replace('pack: neutral', 'pack: ru-bank'));
    const env = { DATABASE_URL: await freshDatabase(), OKNO_CONFIG: file };
    const { ok, of } = await examine({ ...env, TELEGRAM_BOT_TOKEN: '1:token', MAX_BOT_TOKEN: 'token' });
    expect(ok).toBe(true);
    expect(of('settings')).toMatchObject({ said: 'channels that are on: 2' });
    expect(of('channel telegram')).toMatchObject({ said: 'off', fix: expect.stringContaining('ru-bank') });
    rmSync(folder, { recursive: true });
  });

  it('says that the published model cannot be read, and what to do', async () => {
    const url = await freshDatabase();
    const db = openDatabase(url, () => {});
    await db.query(
      `with made as (insert into model_version (model, checksum, file, answers, figures, trained_by, trained_at)
         values ('old', '', 'OKNONLU', '[]', '{}', 'test', now()) returning version)
       insert into model_publication (version, published_by, published_at) select version, 'test', now() from made`,
    );
    await db.end();
    const { ok, of } = await examine({ DATABASE_URL: url });
    expect(ok).toBe(true);
    expect(of('model')).toMatchObject({
      verdict: 'warn',
      said: expect.stringContaining('version 1 of the model is not a model of Okno'),
      fix: expect.stringContaining('/window/training'),
    });
  });

  it('stops at settings that are wrong, naming the value', async () => {
    const { ok, of } = await examine({ PORT: 'eighty' });
    expect(ok).toBe(false);
    expect(of('settings')?.said).toContain('PORT=eighty');
    expect(of('database')).toBeUndefined();
  });

  it.skipIf(!HAS_REDIS)('asks Redis, and warns where it may throw away what it was given', async () => {
    const redis = await startRedis();
    const env = { DATABASE_URL: await freshDatabase(), REDIS_URL: redis.url };
    try {
      expect((await examine(env)).of('Redis')).toMatchObject({ verdict: 'ok' });
      await redis.kill();
      expect((await examine(env)).of('Redis')).toMatchObject({ verdict: 'fail' });
    } finally {
      await redis.stop();
    }
  });
});
