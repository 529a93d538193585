import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelHealth } from '../../../gateway/connectors/health.ts';
import { telegram } from '../../../gateway/connectors/telegram/index.ts';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import { memoryHost } from './host.ts';

let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram();
});
afterEach(() => fake.stop());

const host = memoryHost('telegram');
const WEBHOOK = { url: host.webhookUrl, secret: 'a-secret', maxConnections: 40 };

function healthOf(settings: Record<string, unknown> = {}): Promise<ChannelHealth | undefined> {
  const checked = telegram.settings.parse({ token: fake.token, apiRoot: fake.url, ...settings });
  return Promise.resolve(telegram.connect(checked, host).health?.(AbortSignal.timeout(5_000)));
}

describe("telegram's health", () => {
  it('finds nothing wrong with a bot that polls, and says its name', async () => {
    expect(await healthOf()).toEqual({ account: '@fake_bank_bot', findings: [] });
  });

  it('finds nothing wrong with a bot whose webhook is ours', async () => {
    fake.updates.set(WEBHOOK);
    expect(await healthOf({ webhookSecret: WEBHOOK.secret })).toMatchObject({ findings: [] });
  });

  it('sees a token that was revoked', async () => {
    expect(await healthOf({ token: '110201543:another' })).toEqual({
      findings: [{ problem: 'unauthorized' }],
    });
  });

  it('sees that Telegram is away', async () => {
    const { url } = fake;
    await fake.stop();
    fake = await startFakeTelegram();
    expect((await healthOf({ apiRoot: url }))?.findings).toMatchObject([{ problem: 'unreachable' }]);
  });

  it('sees that Telegram answers with errors', async () => {
    fake.fault({ method: 'getMe', fault: { kind: 'proxy-error', status: 502 } });
    expect((await healthOf())?.findings).toMatchObject([{ problem: 'network-trouble' }]);
  });

  it('sees a webhook that is missing, or leads to another hub', async () => {
    const secret = { webhookSecret: WEBHOOK.secret };
    expect((await healthOf(secret))?.findings).toEqual([{ problem: 'webhook-missing' }]);
    fake.updates.set({ ...WEBHOOK, url: 'http://127.0.0.1:9/elsewhere' });
    expect((await healthOf(secret))?.findings).toEqual([{ problem: 'webhook-elsewhere' }]);
    expect((await healthOf())?.findings).toEqual([{ problem: 'webhook-elsewhere' }]);
  });

  it('sees that Telegram cannot hand over updates, and tells why in its words', async () => {
    fake.updates.set({ ...WEBHOOK, url: host.webhookUrl });
    fake.say(7, 'привет');
    await expect
      .poll(async () => (await healthOf({ webhookSecret: WEBHOOK.secret }))?.findings, { timeout: 5_000 })
      .toMatchObject([{ problem: 'webhook-failing', detail: expect.any(String) }]);
  });

  it('sees that many updates wait', async () => {
    for (let number = 0; number <= 100; number++) fake.say(7, `${number}`);
    expect((await healthOf())?.findings).toEqual([{ problem: 'backlog', detail: '101' }]);
  });
});
