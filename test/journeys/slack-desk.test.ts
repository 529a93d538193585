import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BOT_TOKEN, type FakeSlack, SIGNING_SECRET, startFakeSlack } from '../fakes/slack.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';

const DESK = 'CDESK';
let slack: FakeSlack;
let telegram: FakeTelegram;
let hub: TestHub;
let ivan: DeskOperator;

beforeAll(async () => {
  slack = await startFakeSlack();
  telegram = await startFakeTelegram();
  slack.users.set('UOLGA', { email: 'Operator@demo.bank', name: 'Olga' });
  slack.users.set('UMARK', { email: 'marketer@demo.bank', name: 'Mark' });
  slack.users.set('UEVE', { email: 'eve@elsewhere.example', name: 'Eve' });
  hub = await startHub({
    demo: 'bank',
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slack.apiUrl,
      SLACK_DESK_CHANNEL: DESK,
    },
  });
  slack.tell(`${hub.url}/channels/slack/webhook`);
  ivan = await signIn(hub.url, 'operator2@demo.bank');
});

afterAll(async () => {
  await hub.stop();
  await slack.stop();
  await telegram.stop();
});

let chats = 8000;

/** A client who asked for a person, and their thread at the desk. */
async function handedOff(...texts: string[]) {
  const chat = ++chats;
  const openings = openingsAtDesk().length;
  for (const text of [...texts, 'позовите сотрудника']) telegram.say(chat, text);
  await slack.until(() => openingsAtDesk().length > openings, 'an opening post');
  const opening = openingsAtDesk()[openings];
  if (!opening) throw new Error('no opening post');
  const thread = opening.ts;
  return {
    chat,
    thread,
    opening: () => slack.posts.find(({ ts }) => ts === thread),
    lines: () => slack.heardIn(DESK, thread),
    shows: (pattern: RegExp) =>
      vi.waitFor(() => expect(slack.heardIn(DESK, thread).join('\n')).toMatch(pattern), { timeout: 60_000 }),
    buttons: () => buttonsOf(slack.posts.find(({ ts }) => ts === thread)?.blocks ?? []),
    says: (user: string, text: string) => slack.say(user, DESK, text, { threadTs: thread }),
    clientHears: (pattern: RegExp) =>
      vi.waitFor(() => expect(telegram.saidTo(chat).join('\n')).toMatch(pattern), { timeout: 60_000 }),
  };
}

const openingsAtDesk = () =>
  slack.posts.filter(({ channel, threadTs, from }) => channel === DESK && from === 'bot' && !threadTs);

function buttonsOf(blocks: readonly unknown[]): readonly string[] {
  return blocks.flatMap((block) =>
    ((block as { elements?: { text: { text: string } }[] }).elements ?? []).map(({ text }) => text.text),
  );
}

const answers = async () => (await hub.verify()).ok;

test('a handoff opens a thread with its context; taken there, answered there, returned to the bot', async () => {
  const { opening, shows, buttons, says, clientHears, lines } = await handedOff('какой у меня баланс?');
  expect(opening()?.text).toMatch(/telegram/);
  expect(opening()?.text).toMatch(/клиент просит сотрудника/i);
  await shows(/Клиент: какой у меня баланс\?/);
  expect(buttons()).toEqual(['Взять']);

  expect((await slack.press('UOLGA', DESK, 'Взять')).status).toBe(200);
  await vi.waitFor(() => expect(buttons()).toEqual(['Вернуть боту', 'Завершить']), { timeout: 60_000 });

  await says('UOLGA', 'Здравствуйте, чем помочь? <b>');
  await clientHears(/Здравствуйте, чем помочь\? <b>/);
  await says('UOLGA', 'заметка: клиент торопится');
  const before = lines().length;
  await slack.press('UOLGA', DESK, 'Вернуть боту');
  await shows(/Отвечает бот/);
  // What she wrote there herself is not repeated to her, and the note went nowhere else.
  expect(
    lines()
      .slice(before - 1)
      .join('\n'),
  ).not.toMatch(/Здравствуйте/);
  expect(telegram.saidTo(chats).join('\n')).not.toMatch(/торопится/);
  expect(await answers()).toBe(true);
});

test('a number that Slack or the client’s channel may not carry is cut to its tail, and the operator is told', async () => {
  const { opening, shows, says, chat, lines } = await handedOff('мой счёт 40817810099910004312');
  await shows(/Клиент: мой счёт •••• 4312/);
  await slack.press('UOLGA', DESK, 'Взять');
  await says('UOLGA', 'Да, 40817810099910004312');
  expect(slack.whispers.at(-1)).toMatchObject({
    user: 'UOLGA',
    text: expect.stringMatching(/^Клиент этого не получил: .*«Продолжить в другом канале»/),
  });
  await says('UOLGA', 'Да, счёт с 4312 на конце');
  await vi.waitFor(() => expect(telegram.saidTo(chat).at(-1)).toBe('Да, счёт с 4312 на конце'), {
    timeout: 60_000,
  });
  expect(telegram.saidTo(chat).join()).not.toContain('40817');
  expect(`${opening()?.text} ${lines().join(' ')}`).not.toContain('40817');
});

test('what a client writes comes into the thread, once and in order', async () => {
  const { chat, lines, shows } = await handedOff();
  await slack.press('UOLGA', DESK, 'Взять');
  const texts = Array.from({ length: 12 }, (_, n) => `строка ${n + 1}.`);
  for (const text of texts) telegram.say(chat, text);
  await shows(/строка 12\./);
  const said = lines().flatMap((line) => /строка \d+\./.exec(line)?.[0] ?? []);
  expect(said).toEqual(texts);
});

test('what becomes urgent while it waits says so above its context and in the thread, until the bot has it', async () => {
  const { chat, opening, shows, buttons } = await handedOff();
  expect(opening()?.text).not.toMatch(/Срочно/);
  telegram.say(chat, 'мошенники сняли у меня деньги');
  await shows(/❗ Срочно: мошенничество/);
  const head = (text: RegExp) =>
    vi.waitFor(() => expect(opening()?.text.split('\n')[0]).toMatch(text), { timeout: 60_000 });
  await head(/^❗ Срочно: мошенничество$/);
  expect(opening()?.text).toMatch(/telegram/);
  await slack.press('UOLGA', DESK, 'Взять');
  await vi.waitFor(() => expect(buttons()).toContain('Вернуть боту'), { timeout: 60_000 });
  await head(/^❗ Срочно: мошенничество$/);
  await slack.press('UOLGA', DESK, 'Вернуть боту');
  await head(/telegram/);
});

test('who is no operator of ours is told so and changes nothing', async () => {
  const { says, clientHears, buttons } = await handedOff();
  for (const user of ['UEVE', 'UMARK']) {
    const before = slack.whispers.length;
    expect((await slack.press(user, DESK, 'Взять')).status).toBe(200);
    expect((await says(user, 'я отвечу')).status).toBe(200);
    expect(slack.whispers.slice(before).map((whisper) => whisper.user)).toEqual([user, user]);
  }
  expect(buttons()).toEqual(['Взять']);
  await says('UOLGA', 'без спроса');
  expect(slack.whispers.at(-1)).toMatchObject({ user: 'UOLGA', text: expect.stringMatching(/возьмите/) });
  await slack.press('UOLGA', DESK, 'Взять');
  await says('UOLGA', 'по праву');
  await clientHears(/по праву/);
  expect(telegram.saidTo(chats).join('\n')).not.toMatch(/я отвечу|без спроса/);
});

test('a race between the window and Slack has one winner, and the loser is told', async () => {
  for (let round = 0; round < 5; round++) {
    const { opening } = await handedOff();
    const row = (await ivan.list('queue')).at(-1);
    if (!row) throw new Error('the queue is empty');
    const before = slack.whispers.length;
    const [taken] = await Promise.all([ivan.act('take', row), slack.press('UOLGA', DESK, 'Взять')]);
    const won = taken.status === 200;
    expect(slack.whispers.length - before, 'told in Slack').toBe(won ? 1 : 0);
    const { rows } = await hub.db.query<{ owner_id: string; name: string }>(
      `select c.owner_id, u.name from conversation c join users u on u.id::text = c.owner_id where c.id = $1`,
      [row.id],
    );
    await vi.waitFor(() => expect(opening()?.text).toContain(`Ведёт ${rows[0]?.name}`), { timeout: 60_000 });
  }
});

test('what Slack puts off or leaves open comes after all, in order', async () => {
  slack.fault({ method: 'chat.postMessage', channel: DESK, fault: { kind: 'proxy-error', status: 503 } });
  const { chat, lines, shows } = await handedOff();
  await slack.press('UOLGA', DESK, 'Взять');
  slack.fault({ method: 'chat.postMessage', channel: DESK, fault: { kind: 'too-many', retryAfter: 1 } });
  slack.fault({ method: 'chat.postMessage', channel: DESK, fault: { kind: 'cut-after' } });
  for (const text of ['раз!', 'два!', 'три!']) telegram.say(chat, text);
  await shows(/три!/);
  const said = lines().flatMap((line) => /(раз|два|три)!/.exec(line)?.[0] ?? []);
  expect([...new Set(said)]).toEqual(['раз!', 'два!', 'три!']);
  expect(said.length).toBeLessThanOrEqual(4);
});

test('an event that comes twice takes effect once', async () => {
  const { says, clientHears } = await handedOff();
  await slack.press('UOLGA', DESK, 'Взять');
  const told = await says('UOLGA', 'один раз');
  await Promise.all([slack.again(told), slack.again(told), slack.again(told)]);
  await clientHears(/один раз/);
  await says('UOLGA', 'и ещё');
  await clientHears(/и ещё/);
  expect(telegram.saidTo(chats).filter((text) => text === 'один раз')).toHaveLength(1);
});
