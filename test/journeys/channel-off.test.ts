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

const FOREIGN = ['slack', 'telegram', 'twilio'];
const OTHERS = {
  SLACK_BOT_TOKEN: 'xoxb-1-made-up',
  SLACK_SIGNING_SECRET: '0'.repeat(32),
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'made-up',
  SMS_SENDER: '+15005550006',
};

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
      const channels = await (await signIn(hub.url, 'admin@demo.bank')).channels();
      return {
        why: (await olga.see(row.id)).channelOff,
        states: channels.flatMap(({ channel, state, network, findings }) =>
          FOREIGN.includes(channel) ? [[channel, state, network, ...findings]] : [],
        ),
        metrics: await (await fetch(`${hub.url}/metrics`)).text(),
      };
    } finally {
      await hub.stop();
    }
  };
  expect((await seen(TELEGRAM)).why).toBeUndefined();
  const kept = await seen({ ...TELEGRAM, ...OTHERS, OKNO_CONFIG });
  expect(kept.why).toEqual({ why: 'policy' });
  // All that have settings, whether something of them waits or not.
  const byPack = { problem: 'kept-off', detail: 'ru-bank' };
  expect(kept.states).toEqual(FOREIGN.map((channel) => [channel, 'off', undefined, byPack]));
  expect(kept.metrics).toContain('okno_channel_up{channel="webchat"}');
  expect(kept.metrics).not.toMatch(/okno_channel_up\{channel="(?:telegram|slack|twilio)"/);
  const gone = await seen({});
  expect(gone.why).toEqual({ why: 'not-configured' });
  expect(gone.states).toEqual([]);
});
