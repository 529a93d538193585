import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TranscriptItem } from '../../handoff/api.ts';
import { dial, setup } from '../fakes/caller.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

const ACCOUNT = 'Номер счёта 40817810099910004312.';
const VOICE_TOKEN = 'voice-token-of-the-journey';
const REFUSED = { state: 'cancelled', reason: 'data-class' };

let telegram: FakeTelegram;
let hub: TestHub;
let olga: DeskOperator;

// The echo bot says what it is told: an account number too.
beforeAll(async () => {
  telegram = await startFakeTelegram();
  hub = await startHub({
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      VOICE_TOKEN,
      VOICE_PHONE: '8 800 100-20-30',
    },
  });
  olga = await signIn(hub.url);
});
afterAll(async () => {
  const { broken } = await hub.verify();
  await hub.stop();
  await telegram.stop();
  expect(broken).toEqual([]);
});

vi.setConfig({ testTimeout: 60_000 });
const soon = { timeout: 20_000 };

const openPage = () =>
  openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, { origin: hub.url });

/** Olga takes the newest open conversation that she does not have yet. */
async function taken(): Promise<string> {
  const row = await vi.waitFor(async () => {
    const found = (await olga.list('all')).find(({ owner }) => owner.kind === 'bot');
    if (!found) throw new Error('nobody is there');
    return found;
  }, soon);
  expect((await olga.act('take', row)).status).toBe(200);
  return row.id;
}

type Said = Extract<TranscriptItem, { type: 'message' }>;

const messagesOf = async (id: string): Promise<readonly Said[]> =>
  (await olga.read(id)).filter((item): item is Said => item.type === 'message');

async function itemAt(id: string, seq: unknown): Promise<TranscriptItem | undefined> {
  return (await olga.read(id)).find((item) => item.seq === seq);
}

const fateIs = (id: string, seq: unknown, delivery: object) =>
  vi.waitFor(async () => expect(await itemAt(id, seq)).toMatchObject({ delivery }), soon);

test('what the bot may not say in Telegram the client is offered where it may be said, and hears it there', async () => {
  telegram.say(9101, ACCOUNT);
  const [said = ''] = await telegram.hears(9101, 1, 20_000);
  expect(said).toMatch(/^В ответе есть номер, который нельзя передавать здесь целиком\. Откройте ссылку/);
  expect(telegram.saidTo(9101).join()).not.toContain('40817');
  expect(said).not.toMatch(/t\.me|8 800/);

  const page = await openPage();
  const link = /https?:\S+okno=(okno_[\w-]{22})/.exec(said)?.[1];
  await page.hello({ locale: 'ru', move: link, agreed: true });
  await vi.waitFor(async () => {
    const [row] = await olga.list('all');
    expect((await olga.see(row?.id ?? '')).identities).toHaveLength(2);
  }, soon);
  page.send({ type: 'message', id: 'm1', text: ACCOUNT });
  await page.until(() => page.heard().some((text) => text.includes('40817810099910004312')), 'the number');
  await page.close();
});

test('the log keeps what was refused, with its reason, once a turn', async () => {
  telegram.say(9102, ACCOUNT);
  await telegram.hears(9102, 1, 20_000);
  const id = await taken();
  expect(await messagesOf(id)).toMatchObject([
    { from: 'client' },
    { from: 'bot', content: [{ text: expect.stringContaining('40817810099910004312') }], delivery: REFUSED },
    { from: 'system', delivery: { state: 'accepted' } },
  ]);
  const { rows } = await hub.db.query(
    `select count(*)::integer as attempts from attempt a join delivery d on d.id = a.delivery where d.reason = 'data-class'`,
  );
  expect(rows).toEqual([{ attempts: 0 }]);
});

test('in English, and in a call, where no address is spoken', async () => {
  telegram.say(9103, 'my account is 40817810099910004312', { language: 'en' });
  expect((await telegram.hears(9103, 1, 20_000))[0]).toMatch(/^The answer holds a number .*Open the link/);
  const line = await dial(hub.url, `relay?token=${VOICE_TOKEN}`);
  line.send(setup('+79165550101'));
  line.send({ type: 'prompt', voicePrompt: ACCOUNT, lang: 'ru-RU', last: true });
  expect(await line.hears(1)).toEqual([
    expect.stringMatching(/^В ответе есть номер.*в чате на сайте банка или в отделении\.$/),
  ]);
  line.socket.close();
  await line.closed;
});

test('an operator reads why it did not go, and the client does not; the tail of the number goes', async () => {
  telegram.say(9104, 'какой у меня счёт?');
  await telegram.hears(9104, 1, 20_000);
  const id = await taken();
  telegram.say(9104, 'алло?');
  const unread = async () => (await olga.see(id)).unread;
  await vi.waitFor(async () => expect(await unread()).toBe(1), soon);
  const said = await olga.say(id, ACCOUNT);
  expect(said.status).toBe(200);
  await fateIs(id, said.body.seq, REFUSED);
  // The client still waits for an answer.
  expect(await unread()).toBe(1);
  const tail = await olga.say(id, 'Счёт …4312');
  await fateIs(id, tail.body.seq, { state: 'accepted' });
  expect(telegram.saidTo(9104)).toEqual(['you said какой у меня счёт?', 'Счёт …4312']);
  expect(await olga.see(id)).toMatchObject({ unread: 0, dataClass: 'personal' });
});

test('an edit is asked like a message: refused in Telegram, where the old words stay', async () => {
  telegram.say(9105, 'какой у меня счёт?');
  await telegram.hears(9105, 1, 20_000);
  const id = await taken();
  const said = await olga.say(id, 'Сейчас посмотрю');
  await fateIs(id, said.body.seq, { state: 'accepted' });
  const edit = await olga.revise(id, Number(said.body.seq), 'edit', { id: 'e1', text: ACCOUNT });
  expect(edit.status).toBe(200);
  await fateIs(id, edit.body.seq, REFUSED);
  expect(telegram.saidTo(9105)).toEqual(['you said какой у меня счёт?', 'Сейчас посмотрю']);
});

test('in the chat on the page the same goes: from the bot, from an operator, and by an edit', async () => {
  const page = await openPage();
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'w1', text: ACCOUNT });
  await page.until(() => page.heard().includes(`you said ${ACCOUNT}`), 'the echo');
  const id = await taken();
  const said = await olga.say(id, 'Сейчас посмотрю');
  await page.until(() => page.heard().includes('Сейчас посмотрю'), 'the operator');
  const edit = await olga.revise(id, Number(said.body.seq), 'edit', { id: 'e1', text: ACCOUNT });
  await fateIs(id, edit.body.seq, { state: 'accepted' });
  await olga.say(id, `Ещё раз: ${ACCOUNT}`);
  await page.until(() => page.heard().includes(`Ещё раз: ${ACCOUNT}`), 'the number');
  expect((await messagesOf(id)).every(({ delivery }) => delivery?.state !== 'cancelled')).toBe(true);
  await page.close();
});
