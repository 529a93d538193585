import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../config/version.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub } from '../fixtures/hub.ts';
import { signIn } from '../fixtures/operator.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

/** A hub that starts again with other settings: what the desk says of clients whose channel is off now. */

let telegram: FakeTelegram;
let folder: string;
beforeAll(async () => {
  telegram = await startFakeTelegram();
  folder = mkdtempSync(join(tmpdir(), 'okno-off-'));
});
afterAll(async () => {
  await telegram.stop();
  rmSync(folder, { recursive: true });
});

test('says whether the policy pack keeps it off or the settings name it no more', {
  timeout: 120_000,
}, async () => {
  const databaseUrl = await freshDatabase('demo');
  const TELEGRAM = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const OKNO_CONFIG = join(folder, 'hub.yaml');
  const shipped = readFileSync(join(ROOT, 'config', 'hub.yaml'), 'utf8');
  writeFileSync(OKNO_CONFIG, shipped.replace('pack: neutral', 'pack: ru-bank'));

  const seen = async (env: Record<string, string>) => {
    const hub = await startHub({ databaseUrl, env });
    try {
      if (telegram.saidTo(7401).length === 0) {
        telegram.say(7401, 'добрый день');
        await telegram.hears(7401, 1, 20_000);
      }
      const olga = await signIn(hub.url);
      const [row] = await olga.list('all');
      if (!row) throw new Error('the conversation is not there');
      return (await olga.see(row.id)).channelOff;
    } finally {
      await hub.stop();
    }
  };
  expect(await seen(TELEGRAM)).toBeUndefined();
  expect(await seen({ ...TELEGRAM, OKNO_CONFIG })).toEqual({ why: 'policy' });
  expect(await seen({})).toEqual({ why: 'not-configured' });
});
