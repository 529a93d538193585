import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type FakeMax, startFakeMax } from '../fakes/max.ts';
import { chatOf, messageOf, postUpdate, SECRET, updateOf, userOf } from '../fakes/max-updates.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type ChatClient, openChat } from '../gateway/connectors/chat-client.ts';

let telegram: FakeTelegram;
let max: FakeMax;
let hub: TestHub;

beforeAll(async () => {
  [telegram, max] = await Promise.all([startFakeTelegram(), startFakeMax()]);
  hub = await startHub({
    demo: 'bank',
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      MAX_BOT_TOKEN: max.token,
      MAX_API_ROOT: max.url,
      MAX_WEBHOOK_SECRET: SECRET,
    },
  });
});

afterAll(async () => {
  const { broken } = await hub.verify();
  await hub.stop();
  await Promise.all([telegram.stop(), max.stop()]);
  expect(broken).toEqual([]);
});

vi.setConfig({ testTimeout: 60_000 });
const soon = { timeout: 15_000 };

const openPage = () =>
  openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, { origin: hub.url });

/** Somebody with a dialogue on the page, and a one-time link that leads into it. */
async function startsDialogue(): Promise<{ page: ChatClient; link: string }> {
  const page = await openPage();
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'a', text: 'продолжить в другом канале' });
  const linkIn = (text: string) => /start=(okno_[\w-]{22})/.exec(text)?.[1];
  await page.until(() => page.heard().some(linkIn), 'a link');
  return { page, link: page.heard().map(linkIn).find(Boolean) ?? '' };
}

/** How often links were followed, and how many contacts are linked. */
async function joined(): Promise<{ moves: number; links: number }> {
  const { rows } = await hub.db.query<{ moves: number; links: number }>(
    `select (select count(*)::integer from event where type = 'conversation.moved') as moves,
       (select count(*)::integer from identity where own is not null) as links`,
  );
  return rows[0] ?? { moves: -1, links: -1 };
}

test('Telegram asks who comes with a link of somebody else, and joins nothing before they agree', async () => {
  const before = await joined();
  const { page, link } = await startsDialogue();
  telegram.say(7101, `/start ${link}`, { firstName: 'Жертва' });
  const [question = ''] = await telegram.hears(7101, 1, 15_000);
  expect(question).toMatch(/начатый в другом канале: Чат на сайте/);
  expect(question).toMatch(/сможет прочитать/);
  expect(await joined()).toEqual(before);

  // Whatever they write next is theirs alone.
  telegram.say(7101, 'переведи 500 рублей');
  await vi.waitFor(
    async () => expect((await telegram.hears(7101, 2, 15_000)).at(-1)).toMatch(/с какого/i),
    soon,
  );
  telegram.press(7101, 'Начать свой');
  await telegram.hears(7101, 3, 15_000);
  expect(await joined()).toEqual(before);
  const { rows } = await hub.db.query(
    `select count(distinct e.conversation)::integer as conversations from event e
     where e.type = 'message.received' and (e.body -> 'content' -> 0 ->> 'text') in ('переведи 500 рублей', 'продолжить в другом канале')`,
  );
  expect(rows[0]?.conversations).toBe(2);

  // The link was not used up by asking; whoever began the dialogue agrees, and it goes on there.
  telegram.say(7102, `/start ${link}`, { firstName: 'Анна' });
  await telegram.hears(7102, 1, 15_000);
  telegram.press(7102, 'Продолжить диалог');
  await vi.waitFor(async () => expect((await joined()).moves).toBe(before.moves + 1), soon);
  await page.close();
});

test('MAX asks too, and a link that was used meanwhile joins nobody', async () => {
  const before = await joined();
  const { page, link } = await startsDialogue();
  const comes = (user: number) =>
    postUpdate(
      `${hub.url}/channels/max/webhook`,
      JSON.stringify(updateOf('bot_started', { chat_id: chatOf(user), user: userOf(user), payload: link })),
    );
  const asked = (user: number) =>
    max.until(() => max.saidTo(chatOf(user)).some((text) => /начатый в другом канале/.test(text)));
  const agrees = (user: number) =>
    postUpdate(
      `${hub.url}/channels/max/webhook`,
      JSON.stringify(
        updateOf('message_callback', {
          callback: { callback_id: `c${user}`, timestamp: Date.now(), payload: link, user: userOf(user) },
          message: messageOf(user, { text: 'вопрос' }),
        }),
      ),
    );
  for (const user of [7201, 7202]) {
    expect(await comes(user)).toBe(200);
    await asked(user);
  }
  expect(await joined()).toEqual(before);
  expect(await agrees(7202)).toBe(200);
  expect(await agrees(7201)).toBe(200);
  expect((await joined()).moves).toBe(before.moves + 1);
  await page.close();
});

test('the page shows nothing of a dialogue begun elsewhere and joins nothing before its client agrees', async () => {
  const before = await joined();
  const { page: attacker, link } = await startsDialogue();
  attacker.send({ type: 'message', id: 'b', text: 'моё тайное слово' });
  await attacker.message(({ text }) => text === 'моё тайное слово');

  const page = await openPage();
  const { token } = await page.hello({ locale: 'en', move: link });
  const asked = await page.nth('move', 1);
  expect(asked).toEqual({ type: 'move', state: 'ask', channel: 'Web chat' });
  page.send({ type: 'message', id: 'v', text: 'my card is lost' });
  await page.until(() => page.heard().length > 0, 'an answer of its own');
  expect(page.frames.some((frame) => JSON.stringify(frame).includes('тайное'))).toBe(false);
  expect(attacker.frames.some((frame) => JSON.stringify(frame).includes('my card'))).toBe(false);
  expect(await joined()).toEqual(before);
  await page.close();

  const agreed = await openPage();
  await agreed.hello({ token, locale: 'en', move: link, agreed: true });
  expect((await agreed.nth('move', 1)).state).toBe('moved');
  expect((await joined()).moves).toBe(before.moves + 1);

  const late = await openPage();
  await late.hello({ locale: 'en', move: link });
  expect((await late.nth('move', 1)).state).toBe('ended');
  await Promise.all([agreed.close(), late.close(), attacker.close()]);
});

test('a page that is signed in as a client joins no dialogue that the bank does not know as theirs', async () => {
  const before = await joined();
  const { page: attacker, link } = await startsDialogue();
  const signed = (await (await fetch(`${hub.url}/demo/identity?locale=ru`)).json()) as { token: string };
  const page = await openPage();
  const { token } = await page.hello({ identity: signed.token, move: link });
  expect((await page.nth('move', 1)).state).toBe('another-client');
  await page.close();

  // A page that skips the question is refused where it is joined.
  const forced = await openPage();
  await forced.hello({ token, identity: signed.token, move: link, agreed: true });
  expect((await forced.nth('move', 1)).state).toBe('another-client');
  expect(await joined()).toEqual(before);
  await Promise.all([forced.close(), attacker.close()]);
});

test('what only looks at a link, as a messenger does for its preview, uses nothing up and joins nothing', async () => {
  const before = await joined();
  const { page, link } = await startsDialogue();
  // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers and https://core.telegram.org/api/web-preview
  for (const agent of ['TelegramBot (like TwitterBot)', 'facebookexternalhit/1.1', 'WhatsApp/2.23.20.0'])
    for (const method of ['GET', 'HEAD'])
      for (const path of ['/', '/widget.js', '/channels/webchat/socket']) {
        const url = `${hub.url}${path}?okno=${link}`;
        const seen = await fetch(url, { method, headers: { 'user-agent': agent } });
        expect(seen.status).toBeLessThan(500);
        await seen.arrayBuffer();
      }
  expect(await joined()).toEqual(before);
  const there = await openPage();
  await there.hello({ locale: 'ru', move: link, agreed: true });
  expect((await there.nth('move', 1)).state).toBe('moved');
  await Promise.all([there.close(), page.close()]);
});
