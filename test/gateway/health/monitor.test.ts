import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import { startHub, type TestHub } from '../../fixtures/hub.ts';

let telegram: FakeTelegram;
let hub: TestHub;
let cookie: string;

beforeEach(async () => {
  telegram = await startFakeTelegram();
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  hub = await startHub({ env });
  cookie = await signIn('admin@demo.bank');
});
afterEach(async () => {
  await hub.stop();
  await telegram.stop();
});

async function signIn(email: string): Promise<string> {
  const answer = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-okno': '1' },
    body: JSON.stringify({ email, password: 'demo-window' }),
  });
  expect(answer.status).toBe(200);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function channel(
  id: string,
): Promise<{ state: string; findings: { problem: string }[]; account?: string }> {
  const answer = await fetch(`${hub.url}/api/v1/channels`, { headers: { cookie } });
  const { channels } = await answer.json();
  return channels.find((one: { channel: string }) => one.channel === id);
}

async function testOf(id: string, body: object, as = cookie): Promise<Response> {
  return fetch(`${hub.url}/api/v1/channels/${id}/test`, {
    method: 'POST',
    headers: { cookie: as, 'content-type': 'application/json', 'x-okno': '1' },
    body: JSON.stringify(body),
  });
}

/** Longer than two rounds of asking. */
const SOON = { timeout: 60_000, interval: 500 };

describe('the health of channels', () => {
  test('says that a channel works and what the network calls us, and turns broken with its token', async () => {
    await expect
      .poll(() => channel('telegram'), SOON)
      .toMatchObject({ state: 'silent', account: '@fake_bank_bot' });
    telegram.fault({
      method: 'getMe',
      fault: { kind: 'refuse', status: 401, description: 'Unauthorized' },
      times: 1000,
    });
    await expect
      .poll(() => channel('telegram'), SOON)
      .toMatchObject({ state: 'broken', findings: [{ problem: 'unauthorized' }] });
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toContain('okno_channel_up{channel="telegram"} 0');
  }, 150_000);

  test('is tried step by step, with a message to a place of one’s own, by an administrator alone', async () => {
    telegram.say(7, 'привет');
    await telegram.hears(7, 1, 20_000);
    const answer = await testOf('telegram', { thread: '7' });
    expect(answer.status).toBe(200);
    const { steps } = await answer.json();
    const outcomes = steps.map(({ step, outcome }: { step: string; outcome: string }) => [step, outcome]);
    expect(outcomes.filter(([step]: string[]) => step !== 'inbound')).toEqual([
      ['settings', 'passed'],
      ['network', 'passed'],
      ['address', 'passed'],
      ['outbound', 'passed'],
    ]);
    expect(telegram.saidTo(7).at(-1)).toContain('Okno');
    expect((await testOf('nowhere', {})).status).toBe(404);
    expect((await testOf('telegram', {}, await signIn('operator@demo.bank'))).status).toBe(403);
  }, 60_000);
});
