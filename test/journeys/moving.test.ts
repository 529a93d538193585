import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dial, type Line, prompt, result, setup } from '../fakes/caller.ts';
import { type FakeMax, startFakeMax } from '../fakes/max.ts';
import { chatOf, postUpdate, SECRET, textUpdate } from '../fakes/max-updates.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

const PHONE = '+79001234567';
const BANK = '+79000000000';
const VOICE_TOKEN = 'voice-token-of-the-journey';

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
      VOICE_TOKEN,
    },
  });
  olga = await signIn(hub.url);
});

afterAll(async () => {
  await hub.stop();
  await Promise.all([telegram.stop(), twilio.stop(), max.stop()]);
});

const openPage = () =>
  openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, { origin: hub.url });

/** The first answer that is not "put off": what a slow machine puts off comes again, as the same message. */
async function untilTaken(post: () => Promise<number>): Promise<number> {
  for (;;) {
    const status = await post();
    if (status !== 503) return status;
  }
}

const sms = (text: string, sid: string, from = PHONE) =>
  untilTaken(() =>
    twilio.post(`${hub.url}/channels/twilio/webhook`, {
      MessageSid: sid,
      AccountSid: twilio.accountSid,
      From: from,
      To: BANK,
      Body: text,
      NumMedia: '0',
    }),
  );

const toMax = (user: number, text: string) => {
  const update = JSON.stringify(textUpdate(user, text));
  return untilTaken(() => postUpdate(`${hub.url}/channels/max/webhook`, update));
};

const codeIn = (text: string | undefined) => /\d{3} \d{3} \d{3}/.exec(text ?? '')?.[0];

test('из чата на сайте в SMS, в Telegram и в MAX: один диалог, ничего не спрошено дважды', {
  timeout: 180_000,
}, async () => {
  const page = await openPage();
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
  expect(await sms(first, 'SM1')).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(PHONE).join('\n')).toMatch(/с какого счёта/i), {
    timeout: 30_000,
  });
  expect(twilio.saidTo(PHONE).join('\n')).not.toMatch(/сколько|какую сумму/i);
  expect(await sms('с текущего', 'SM2')).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(PHONE).join('\n')).toMatch(/кому/i), { timeout: 30_000 });

  // An operator has it, sees the client's two channels, and sends them on.
  expect(await sms('позовите сотрудника', 'SM3')).toBe(200);
  const row = await vi.waitFor(
    async () => {
      const [waiting] = await olga.list('queue');
      if (!waiting) throw new Error('nobody waits');
      return waiting;
    },
    { timeout: 30_000 },
  );
  expect((await olga.act('take', row)).status).toBe(200);
  const seen = await olga.see(row.id);
  expect(seen.identities.map(({ channel }) => channel).sort()).toEqual(['twilio', 'webchat']);
  expect((await olga.move({ id: row.id, epoch: seen.epoch })).status).toBe(200);
  const second = await vi.waitFor(
    () => {
      const code = codeIn(twilio.saidTo(PHONE).findLast(codeIn));
      if (!code) throw new Error('no code yet');
      return code;
    },
    { timeout: 30_000 },
  );
  telegram.say(9001, second);
  await vi.waitFor(async () => expect((await olga.see(row.id)).identities).toHaveLength(3), {
    timeout: 30_000,
  });
  expect((await olga.say(row.id, 'Здравствуйте, вижу весь диалог.')).status).toBe(200);
  expect((await telegram.hears(9001, 1, 30_000)).join('\n')).toMatch(/вижу весь диалог/);

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
      const found = /http\S+okno=(okno_[\w-]{22})/.exec((await telegram.hears(9001, 2, 30_000)).join('\n'));
      if (!found?.[1]) throw new Error('no link yet');
      return found[1];
    },
    { timeout: 30_000 },
  );
  const english = await openPage();
  const { token } = await english.hello({ locale: 'en', move: link });
  expect(await english.nth('move', 1)).toMatchObject({
    state: 'ask',
    channel: 'Telegram',
    contact: 'C••• 9•••',
  });
  expect((await olga.see(row.id)).identities).toHaveLength(3);
  await english.close();
  const agreed = await openPage();
  await agreed.hello({ token, locale: 'en', move: link, agreed: true });
  await vi.waitFor(
    async () => {
      const { identities, locale } = await olga.see(row.id);
      expect([identities.length, locale]).toEqual([4, 'en']);
    },
    { timeout: 30_000 },
  );

  // On in MAX by a code.
  expect((await olga.move({ id: row.id, epoch: seen.epoch })).status).toBe(200);
  await agreed.until(() => agreed.heard().some(codeIn), 'a code on the page');
  const third = codeIn(agreed.heard().find(codeIn)) ?? '';
  expect(await toMax(501, third)).toBe(200);
  await vi.waitFor(async () => expect((await olga.see(row.id)).identities).toHaveLength(5), {
    timeout: 30_000,
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
    { timeout: 30_000 },
  );

  // A call from the same number is perhaps the same client: shown, and not linked.
  const call = await fetch(`${hub.url}/channels/voice/transcripts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${VOICE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ call: 'c1', from: PHONE, segments: [{ text: 'Здравствуйте, я по переводу' }] }),
  });
  expect(call.status).toBe(200);
  const now = await olga.see(row.id);
  expect(now.alike.map(({ channel }) => channel)).toEqual(['voice']);
  expect(now.identities.map(({ channel }) => channel)).not.toContain('voice');
  await page.close();
  expect((await hub.verify()).broken).toEqual([]);
});

const DIGITS = ['ноль', 'один', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять'];
const aloud = (code: string) => [...code.replaceAll(' ', '')].map((digit) => DIGITS[Number(digit)]).join(' ');
/** The same code with another last digit. */
const wrong = (code: string) => `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;

async function hears(line: Line, sought: RegExp): Promise<string> {
  return vi.waitFor(
    () => {
      const heard = line.heard.find((text) => sought.test(text));
      if (heard === undefined) throw new Error(`never heard ${sought}, but ${line.heard.join(' | ')}`);
      return heard;
    },
    { timeout: 30_000 },
  );
}

async function channelsOf(text: string): Promise<readonly string[]> {
  const { rows } = await hub.db.query<{ channel: string }>(
    `select i.channel from conversation c join identity i on i.contact = c.contact
     where c.status = 'open' and exists (select from event e where e.conversation = c.id
       and e.body -> 'content' -> 0 ->> 'text' = $1) order by i.linked_at nulls first`,
    [text],
  );
  return rows.map(({ channel }) => channel);
}

test('из чата в SMS, оттуда по коду, названному в звонке, и в MAX: ничего не спрошено дважды, сотрудник видит всё', {
  timeout: 180_000,
}, async () => {
  const from = '+79005550011';
  const wish = 'переведи 700 рублей';
  const page = await openPage();
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'c1', text: wish });
  await page.until(() => page.heard().some((text) => /с какого счёта/i.test(text)), 'the first question');
  page.send({ type: 'message', id: 'c2', text: 'продолжить в смс' });
  await page.until(() => page.heard().some(codeIn), 'a code');
  expect(await sms(codeIn(page.heard().find(codeIn)) ?? '', 'SC1', from)).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(from)).not.toEqual([]), { timeout: 30_000 });
  expect(await sms('с накопительного', 'SC2', from)).toBe(200);
  await vi.waitFor(() => expect(twilio.saidTo(from).join()).toMatch(/кому/i), { timeout: 30_000 });
  expect(await sms('продолжить по телефону', 'SC3', from)).toBe(200);
  const code = await vi.waitFor(
    () => {
      const found = codeIn(twilio.saidTo(from).find(codeIn));
      if (!found) throw new Error('no code yet');
      return found;
    },
    { timeout: 30_000 },
  );

  // They call, from another number, and are asked for the code. What is still being said does nothing.
  const line = await dial(hub.url, `relay?token=${VOICE_TOKEN}`);
  line.send(setup('+79165550022'));
  await line.hears(1);
  line.send(prompt('я начинала на сайте, у меня код из чата'));
  await hears(line, /девять цифр/);
  line.send(prompt(aloud(code), false));
  line.send(prompt(aloud(wrong(code))));
  await hears(line, /не подходит/);
  expect(await channelsOf(wish)).toEqual(['webchat', 'twilio']);
  const { rows: guesses } = await hub.db.query('select channel, external_user from move_guess');
  expect(guesses).toEqual([{ channel: 'voice', external_user: '+79165550022' }]);

  // In two breaths; then the question that was open, and neither the sum nor the account.
  const before = line.heard.length;
  line.send(prompt(`код ${aloud(code.slice(0, 6))}`));
  line.send(prompt(aloud(code.slice(6))));
  await hears(line, /кому/i);
  expect(line.heard.slice(before).join()).not.toMatch(/сколько|какую сумму|с какого|девять цифр/i);
  line.send(prompt('Маше'));
  expect(await hears(line, /всё верно/i)).toMatch(/700 рублей с накопительного счёта, получатель Маша/);

  // On in MAX with a code that was read to them digit by digit.
  line.send(prompt('продолжить в макс'));
  const spoken = /\d(?:,? \d){8}/.exec(await hears(line, /\d(?:,? \d){8}/))?.[0] ?? '';
  const typed = spoken.replace(/\D/g, '');
  expect(await toMax(601, typed)).toBe(200);
  await max.until(() => max.saidTo(chatOf(601)).some((text) => /получатель Маша/.test(text)));
  line.socket.close();

  expect(await toMax(601, 'позовите сотрудника')).toBe(200);
  const row = await vi.waitFor(
    async () => {
      const waiting = (await olga.list('queue')).find(({ channel }) => channel === 'max');
      if (!waiting) throw new Error('nobody waits');
      return waiting;
    },
    { timeout: 30_000 },
  );
  const { identities } = await olga.see(row.id);
  expect(identities.map(({ channel }) => channel).sort()).toEqual(['max', 'twilio', 'voice', 'webchat']);
  const items = await olga.read(row.id);
  const moves = items.flatMap((item) =>
    item.type === 'line' && item.what === 'conversation.moved' ? [item.detail] : [],
  );
  expect(moves).toEqual([
    { channel: 'twilio', fromChannel: 'webchat' },
    { channel: 'voice', fromChannel: 'twilio' },
    { channel: 'max', fromChannel: 'voice' },
  ]);
  const whole = JSON.stringify(items);
  for (const said of [wish, 'с накопительного', 'Маше', 'позовите сотрудника']) expect(whole).toContain(said);
  await page.close();
});

test.each([
  ['said to a Vosk server, unasked', 'vosk'],
  ['keyed', 'keys'],
])('a code that is %s brings the chat into the call, once', { timeout: 120_000 }, async (_, how) => {
  const wish = `переведи ${how === 'vosk' ? 810 : 820} рублей`;
  const from = how === 'vosk' ? '79165550033' : '79165550044';
  const page = await openPage();
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'v1', text: wish });
  await page.until(() => page.heard().some((text) => /с какого счёта/i.test(text)), 'the question');
  page.send({ type: 'message', id: 'v2', text: 'продолжить по телефону' });
  await page.until(() => page.heard().some(codeIn), 'a code');
  const code = codeIn(page.heard().find(codeIn)) ?? '';

  const calls = async (number: string): Promise<Line> => {
    const path = how === 'vosk' ? `vosk?call=m-${number}&from=${number}&` : 'relay?';
    const line = await dial(hub.url, `${path}token=${VOICE_TOKEN}`);
    if (how === 'keys') line.send(setup(`+${number}`));
    await line.hears(1);
    if (how === 'vosk') {
      line.send({ partial: aloud(code) });
      line.send(result(`код ${aloud(code)}`, 1));
    } else for (const digit of [...code.replaceAll(' ', ''), '#']) line.send({ type: 'dtmf', digit });
    return line;
  };
  const line = await calls(from);
  await hears(line, /с какого счёта/i);
  expect(await channelsOf(wish)).toEqual(['webchat', 'voice']);

  const late = await calls(`${from.slice(0, -1)}9`);
  await late.hears(2);
  expect(late.heard.join()).not.toMatch(/с какого счёта/i);
  expect(await channelsOf(wish)).toEqual(['webchat', 'voice']);
  for (const { socket } of [line, late]) socket.close();
  await page.close();
  expect((await hub.verify()).broken).toEqual([]);
});

test('с одним клиентом говорят двое в двух диалогах: страница видит обоих, а после первого он остаётся у второго', {
  timeout: 120_000,
}, async () => {
  const ivan = await signIn(hub.url, 'operator2@demo.bank');
  const asksFor = async (operator: DeskOperator) => {
    const before = new Set((await operator.list('queue')).map(({ id }) => id));
    const page = await openPage();
    const { token } = await page.hello({ locale: 'ru' });
    page.send({ type: 'message', id: 'p1', text: 'позовите сотрудника' });
    const row = await vi.waitFor(
      async () => {
        const waiting = (await operator.list('queue')).find(({ id }) => !before.has(id));
        if (!waiting) throw new Error('nobody waits');
        return waiting;
      },
      { timeout: 30_000 },
    );
    const taken = await operator.act('take', row);
    expect(taken.status).toBe(200);
    return { page, token, row: { id: row.id, epoch: Number(taken.body.epoch) } };
  };
  const [one, other] = [await asksFor(olga), await asksFor(ivan)];
  expect((await olga.move(one.row)).status).toBe(200);
  await one.page.until(() => one.page.heard().some(codeIn), 'a code');
  other.page.send({ type: 'message', id: 'p2', text: codeIn(one.page.heard().find(codeIn)) });
  const linked = await vi.waitFor(
    async () => {
      const line = (await ivan.read(other.row.id)).find(
        (item) => item.type === 'line' && item.what === 'identity.linked',
      );
      if (!line) throw new Error('not linked');
      return line;
    },
    { timeout: 30_000 },
  );
  expect(linked).toMatchObject({ detail: { secondary: 'true' } });

  other.page.send({ type: 'message', id: 'p3', text: 'я тут' });
  await other.page.nth('stored', 3);
  expect((await ivan.say(other.row.id, 'и я тут')).status).toBe(200);
  const live = await other.page.message(({ text }) => text === 'и я тут');
  expect(live.seq).toBeGreaterThan((await other.page.nth('stored', 3)).seq);
  await other.page.close();
  expect((await ivan.say(other.row.id, 'вы ушли')).status).toBe(200);
  const again = await openPage();
  await again.hello({ token: other.token, after: live.seq });
  const missed = await again.message(({ text }) => text === 'вы ушли');
  expect(missed.seq).toBeGreaterThan(live.seq);
  expect(again.heard()).not.toContain('и я тут');

  expect((await olga.act('close', one.row)).status).toBe(200);
  again.send({ type: 'message', id: 'p4', text: 'а теперь?' });
  await vi.waitFor(async () => expect(JSON.stringify(await ivan.read(other.row.id))).toContain('а теперь?'), {
    timeout: 30_000,
  });
  expect((await ivan.say(other.row.id, 'теперь со мной')).status).toBe(200);
  await again.message(({ text }) => text === 'теперь со мной');
  await Promise.all([one.page.close(), again.close()]);
  expect((await hub.verify()).broken).toEqual([]);
});
