import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

const PHONE = '+79001234567';

let telegram: FakeTelegram;
let twilio: FakeTwilio;
let hub: TestHub;
let olga: DeskOperator;

beforeAll(async () => {
  [telegram, twilio] = await Promise.all([startFakeTelegram(), startFakeTwilio()]);
  hub = await startHub({
    demo: 'bank',
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_API_ROOT: twilio.url,
      SMS_SENDER: '+79000000000',
    },
  });
  olga = await signIn(hub.url);
});

afterAll(async () => {
  const { broken } = await hub.verify();
  await hub.stop();
  await Promise.all([telegram.stop(), twilio.stop()]);
  expect(broken).toEqual([]);
});

vi.setConfig({ testTimeout: 60_000 });
const soon = { timeout: 15_000 };

/** Takes and closes the conversation that waits. */
async function closesIt(): Promise<string> {
  const row = await vi.waitFor(async () => {
    const [waiting] = await olga.list('queue');
    if (!waiting) throw new Error('nobody waits');
    return waiting;
  }, soon);
  const taken = await olga.act('take', row);
  expect((await olga.act('close', { id: row.id, epoch: Number(taken.body.epoch) })).status).toBe(200);
  return row.id;
}

/** The scores of a conversation, as the desk shows them, and how many conversations there are. */
async function scoresOf(id: string): Promise<readonly unknown[]> {
  return (await olga.read(id)).flatMap((item) =>
    item.type === 'line' && item.what === 'conversation.rated' ? [item.detail.score] : [],
  );
}
async function conversations(): Promise<number> {
  const { rows } = await hub.db.query<{ n: number }>('select count(*)::integer as n from conversation');
  return rows[0]?.n ?? -1;
}

test('the chat asks after an operator closed; the answer counts once and opens nothing', async () => {
  const page = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  const { token } = await page.hello({ locale: 'en' });
  page.send({ type: 'message', id: 'a', text: 'I want to talk to a person' });
  const id = await closesIt();
  const question = await page.message(({ choices }) => choices?.length === 5);
  expect(question).toMatchObject({ from: 'system', text: expect.stringMatching(/How did we help/) });
  const before = await conversations();
  page.send({ type: 'choice', id: 'r', choice: question.choices?.[3]?.id });
  await page.message((frame) => frame.id === 'r' && frame.text === 'Well');
  await page.message(({ from, text }) => from === 'system' && text === 'Thank you for your rating.');
  expect((await page.nth('stored', 2)).seq).toBeGreaterThan(question.seq);
  expect(await scoresOf(id)).toEqual(['4']);
  // The same again, after a lost answer, and another choice from another tab.
  page.send({ type: 'choice', id: 'r', choice: question.choices?.[3]?.id });
  page.send({ type: 'choice', id: 'r2', choice: question.choices?.[0]?.id });
  await page.nth('stored', 4);
  expect(await scoresOf(id)).toEqual(['4']);
  expect(await conversations()).toBe(before);
  expect(await (await fetch(`${hub.url}/metrics`)).text()).toMatch(
    /okno_ratings_total\{channel="webchat",score="4"\} 1/,
  );
  // What our own page has with the commit counts as sent.
  expect(await (await fetch(`${hub.url}/metrics`)).text()).toMatch(
    /okno_shown_total\{channel="webchat"\} [3-9]/,
  );
  await page.close();

  // The client still sees their answer after a reload.
  const again = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  await again.hello({ token, locale: 'en' });
  await again.message((frame) => frame.id === 'r');
  await again.close();

  // Nobody rates a conversation that is not theirs.
  const stranger = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  await stranger.hello({ locale: 'en' });
  stranger.send({ type: 'choice', id: 's', choice: `rate:${id}:1` });
  await stranger.nth('stored', 1);
  expect(await scoresOf(id)).toEqual(['4']);
  await stranger.close();
});

test('Telegram asks by buttons, and a late press reopens nothing', async () => {
  telegram.say(7301, 'позовите сотрудника');
  const id = await closesIt();
  await vi.waitFor(async () => {
    expect((await telegram.hears(7301, 1, 15_000)).join('\n')).toMatch(/Как мы вам помогли/);
  }, soon);
  const asked = await conversations();
  telegram.say(7301, 'привет');
  await vi.waitFor(async () => expect(await conversations()).toBe(asked + 1), soon);
  const before = await conversations();
  telegram.press(7301, 'Отлично');
  await vi.waitFor(async () => expect(await scoresOf(id)).toEqual(['5']), soon);
  expect(await conversations()).toBe(before);
});

test('by SMS the number of the list is the score, and a second number is a message', async () => {
  let sid = 0;
  const sms = (text: string) =>
    twilio.post(`${hub.url}/channels/twilio/webhook`, {
      MessageSid: `SM${++sid}`,
      AccountSid: twilio.accountSid,
      From: PHONE,
      To: '+79000000000',
      Body: text,
      NumMedia: '0',
    });
  expect(await sms('позовите сотрудника')).toBe(200);
  const id = await closesIt();
  await vi.waitFor(
    () =>
      expect(twilio.saidTo(PHONE).join('\n')).toMatch(/помогли\?[\s\S]*1\. Очень плохо[\s\S]*5\. Отлично/),
    soon,
  );
  const before = await conversations();
  expect((await olga.see(id)).contact.name).toBe('+7•••67');
  expect(await sms('2')).toBe(200);
  expect(await scoresOf(id)).toEqual(['2']);
  expect(await conversations()).toBe(before);
  await vi.waitFor(() => expect(twilio.saidTo(PHONE).join('\n')).toMatch(/Спасибо за оценку/), soon);
  expect(await sms('3')).toBe(200);
  expect(await scoresOf(id)).toEqual(['2']);
  expect(await conversations()).toBe(before + 1);
});

test('a script asks by itself: the words of a choice are the answer, other words go on as a message', async () => {
  telegram.say(7302, 'сколько на текущем?');
  const heard = (text: RegExp) =>
    vi.waitFor(async () => expect((await telegram.hears(7302, 1, 15_000)).join('\n')).toMatch(text), soon);
  await heard(/Код для чата|На текущем/);
  telegram.say(7302, 'отмена');
  await heard(/Отменено|отменять нечего/);
  const { rows } = await hub.db.query<{ id: string; thread: string }>(
    `select c.id, c.thread from conversation c join thread t on t.id = c.thread
     where t.external_thread = '7302' and c.status = 'open'`,
  );
  const id = rows[0]?.id ?? '';
  expect(await scoresOf(id)).toEqual([]);
  telegram.say(7302, 'какой курс доллара?');
  await heard(/доллар: покупка/);
  telegram.say(7302, 'пока');
  await heard(/Как я вам помог/);
  telegram.press(7302, 'Хорошо');
  await heard(/Спасибо за оценку/);
  expect(await scoresOf(id)).toEqual(['4']);
  telegram.say(7302, 'какой курс евро?');
  await heard(/евро: покупка/);
});
