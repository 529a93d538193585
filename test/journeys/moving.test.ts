import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type FakeMax, startFakeMax } from '../fakes/max.ts';
import { chatOf, postUpdate, SECRET, textUpdate } from '../fakes/max-updates.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

const PHONE = '+79001234567';
const BANK = '+79000000000';

let telegram: FakeTelegram;
let twilio: FakeTwilio;
let max: FakeMax;
let hub: TestHub;
let olga: DeskOperator;

beforeAll(async () => {
  [telegram, twilio, max] = await Promise.all([startFakeTelegram(), startFakeTwilio(), startFakeMax()]);
  hub = await startHub({
    demo: 'bank',
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_API_ROOT: twilio.url,
      SMS_SENDER: BANK,
      MAX_BOT_TOKEN: max.token,
      MAX_API_ROOT: max.url,
      MAX_WEBHOOK_SECRET: SECRET,
      VOICE_TOKEN: 'voice-token-of-the-journey',
    },
  });
  olga = await signIn(hub.url);
});

afterAll(async () => {
  await hub.stop();
  await Promise.all([telegram.stop(), twilio.stop(), max.stop()]);
});

const codeIn = (text: string | undefined) => /\d{3} \d{3} \d{3}/.exec(text ?? '')?.[0];

test('из чата на сайте в SMS, в Telegram и в MAX: один диалог, ничего не спрошено дважды', {
  timeout: 90_000,
}, async () => {
  const page = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'a1', text: 'переведи 500 рублей' });
  await page.until(
    () => page.heard().some((text) => /с какого счёта/i.test(text)),
    'the question from which account',
  );
  page.send({ type: 'message', id: 'a2', text: 'продолжить в смс' });
  await page.until(() => page.heard().some(codeIn), 'a code');
  const first = codeIn(page.heard().find(codeIn)) ?? '';

  // By SMS: the same question, and not how much.
  const sms = (text: string, sid: string) =>
    twilio.post(`${hub.url}/channels/twilio/webhook`, {
      MessageSid: sid,
      AccountSid: twilio.accountSid,
      From: PHONE,
      To: BANK,
      Body: text,
      NumMedia: '0',
    });
  expect(await sms(first, 'SM1')).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(PHONE).join('\n')).toMatch(/с какого счёта/i), {
    timeout: 15_000,
  });
  expect(twilio.saidTo(PHONE).join('\n')).not.toMatch(/сколько|какую сумму/i);
  expect(await sms('с текущего', 'SM2')).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(PHONE).join('\n')).toMatch(/кому/i), { timeout: 15_000 });

  // An operator has it, sees the client's two channels, and sends them on.
  expect(await sms('позовите сотрудника', 'SM3')).toBe(200);
  const row = await vi.waitFor(
    async () => {
      const [waiting] = await olga.list('queue');
      if (!waiting) throw new Error('nobody waits');
      return waiting;
    },
    { timeout: 15_000 },
  );
  expect((await olga.act('take', row)).status).toBe(200);
  const seen = await olga.see(row.id);
  expect(seen.identities.map(({ channel }) => channel).sort()).toEqual(['twilio', 'webchat']);
  expect((await olga.move({ id: row.id, epoch: seen.epoch })).status).toBe(200);
  const second = await vi.waitFor(
    () => {
      const code = codeIn(twilio.saidTo(PHONE).at(-1));
      if (!code) throw new Error('no code yet');
      return code;
    },
    { timeout: 15_000 },
  );
  telegram.say(9001, second);
  await vi.waitFor(async () => expect((await olga.see(row.id)).identities).toHaveLength(3), {
    timeout: 15_000,
  });
  expect((await olga.say(row.id, 'Здравствуйте, вижу весь диалог.')).status).toBe(200);
  expect((await telegram.hears(9001, 1, 15_000)).join('\n')).toMatch(/вижу весь диалог/);

  // By a link to the page, which is in English: nothing is typed, and a reload with the same link is the same.
  expect((await olga.moveTargets(row.id)).channels).toEqual([
    { channel: 'webchat', byLink: true },
    { channel: 'twilio', byLink: false },
    { channel: 'voice', byLink: false },
    // Its link needs the bot's name, which MAX tells soon after the start.
    { channel: 'max', byLink: expect.any(Boolean) },
  ]);
  expect((await olga.move({ id: row.id, epoch: seen.epoch }, 'nowhere')).status).toBe(400);
  expect((await olga.move({ id: row.id, epoch: seen.epoch }, 'webchat')).status).toBe(200);
  const link = await vi.waitFor(
    async () => {
      const found = /http\S+okno=(okno_[\w-]{22})/.exec((await telegram.hears(9001, 2, 15_000)).join('\n'));
      if (!found?.[1]) throw new Error('no link yet');
      return found[1];
    },
    { timeout: 15_000 },
  );
  const english = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  const { token } = await english.hello({ locale: 'en', move: link });
  expect(await english.nth('move', 1)).toMatchObject({
    state: 'ask',
    channel: 'Telegram',
    contact: 'C••• 9•••',
  });
  expect((await olga.see(row.id)).identities).toHaveLength(3);
  await english.close();
  const agreed = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  await agreed.hello({ token, locale: 'en', move: link, agreed: true });
  await vi.waitFor(
    async () => {
      const { identities, locale } = await olga.see(row.id);
      expect([identities.length, locale]).toEqual([4, 'en']);
    },
    { timeout: 15_000 },
  );

  // On in MAX by a code.
  expect((await olga.move({ id: row.id, epoch: seen.epoch })).status).toBe(200);
  await agreed.until(() => agreed.heard().some(codeIn), 'a code on the page');
  const third = codeIn(agreed.heard().find(codeIn)) ?? '';
  expect(await postUpdate(`${hub.url}/channels/max/webhook`, JSON.stringify(textUpdate(501, third)))).toBe(
    200,
  );
  await vi.waitFor(async () => expect((await olga.see(row.id)).identities).toHaveLength(5), {
    timeout: 15_000,
  });
  expect((await olga.say(row.id, 'Вот и MAX.')).status).toBe(200);
  await max.until(() => max.saidTo(chatOf(501)).some((text) => /Вот и MAX/.test(text)));
  await agreed.close();

  const moves = (await olga.read(row.id)).flatMap((item) =>
    item.type === 'line' && item.what === 'conversation.moved' ? [item.detail] : [],
  );
  expect(moves).toEqual([
    { channel: 'twilio', fromChannel: 'webchat' },
    { channel: 'telegram', fromChannel: 'twilio' },
    { channel: 'webchat', fromChannel: 'telegram' },
    { channel: 'max', fromChannel: 'webchat' },
  ]);
  const { rows } = await hub.db.query('select count(*)::integer as count from conversation');
  expect(rows[0]?.count).toBe(1);

  // Undone by a supervisor; then what Telegram writes is a conversation of its own.
  const { identities } = await olga.see(row.id);
  const there = identities.find(({ channel }) => channel === 'telegram')?.id ?? '';
  expect((await olga.unlink(row.id, there)).status).toBe(403);
  const admin = await signIn(hub.url, 'admin@demo.bank');
  expect((await admin.unlink(row.id, there)).status).toBe(204);
  telegram.say(9001, 'привет');
  await vi.waitFor(
    async () => {
      const { rows } = await hub.db.query('select count(*)::integer as count from conversation');
      expect(rows[0]?.count).toBe(2);
    },
    { timeout: 15_000 },
  );

  // A call from the same number is perhaps the same client: shown, and not linked.
  const call = await fetch(`${hub.url}/channels/voice/transcripts`, {
    method: 'POST',
    headers: { authorization: 'Bearer voice-token-of-the-journey', 'content-type': 'application/json' },
    body: JSON.stringify({ call: 'c1', from: PHONE, segments: [{ text: 'Здравствуйте, я по переводу' }] }),
  });
  expect(call.status).toBe(200);
  const now = await olga.see(row.id);
  expect(now.alike.map(({ channel }) => channel)).toEqual(['voice']);
  expect(now.identities.map(({ channel }) => channel)).not.toContain('voice');
  await page.close();
  expect((await hub.verify()).broken).toEqual([]);
});
