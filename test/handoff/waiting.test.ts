import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { conversationList } from '../../handoff/api.ts';
import { createWaitingClients } from '../../handoff/waiting.ts';
import { MAX_AHEAD, placeText, WAITING_WORDS } from '../../handoff/waiting-words.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { type DeskHub, silent, startDeskHub } from './desk-hub.ts';

/** What clients hear who wait for an operator, and who of them comes first. */

let telegram: FakeTelegram;
let hub: TestHub;
let olga: DeskOperator;

beforeAll(async () => {
  telegram = await startFakeTelegram();
  hub = await startHub({
    demo: 'bank',
    env: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
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
const soon = { timeout: 15_000 };

/** All that a chat has heard once the text comes. */
async function heardOf(chat: number, text: RegExp): Promise<readonly string[]> {
  return vi.waitFor(async () => {
    const all = await telegram.hears(chat, 1, 15_000);
    expect(all.join('\n')).toMatch(text);
    return all;
  }, soon);
}

test('what a client writes meanwhile is answered once; fraud moves them to the front and says so', async () => {
  telegram.say(8101, 'позовите сотрудника');
  await heardOf(8101, /Зову сотрудника/);
  telegram.say(8102, 'позовите сотрудника');
  await heardOf(8102, /Зову сотрудника/);
  const inQueue = async () => (await olga.list('queue')).map(({ id }) => id);
  await vi.waitFor(async () => expect(await inQueue()).toHaveLength(2), soon);
  const [first, second] = await inQueue();

  telegram.say(8102, 'и ещё вопрос про справку');
  await heardOf(8102, /Передали/);
  telegram.say(8102, 'мошенники сняли у меня деньги');
  const heard = await heardOf(8102, /Отметили как срочное/);
  expect(heard.filter((text) => /Передали/.test(text))).toHaveLength(1);
  telegram.say(8102, 'украли карту');
  telegram.say(8102, 'вы тут?');
  await vi.waitFor(async () => {
    const said = (await olga.read(second ?? '')).filter(
      (it) => it.type === 'message' && it.from === 'client',
    );
    expect(said).toHaveLength(5);
  }, soon);

  expect(await inQueue()).toEqual([second, first]);
  const [row] = await olga.list('queue');
  expect(row).toMatchObject({ id: second, reason: 'fraud', urgent: true });
  const lines = (await olga.read(second ?? '')).filter((it) => it.type === 'line');
  expect(lines.filter(({ what }) => what === 'urgency.raised')).toMatchObject([
    { detail: { reason: 'fraud' } },
  ]);
  const systems = (await olga.read(second ?? '')).filter(
    (it) => it.type === 'message' && it.from === 'system',
  );
  expect(systems).toHaveLength(2);
});

test('a fraud that the bot hears goes before those who have waited longer', async () => {
  telegram.say(8103, 'у меня мошенники списали деньги с карты');
  await heardOf(8103, /срочно/);
  await vi.waitFor(async () => {
    const reasons = (await olga.list('queue')).map(({ reason }) => reason);
    expect(reasons).toEqual(['fraud', 'fraud', 'asked']);
  }, soon);
});

test('a stolen card moves those who wait to the front as well, whatever the bot would have done', async () => {
  telegram.say(8105, 'позовите сотрудника');
  await heardOf(8105, /Зову сотрудника/);
  telegram.say(8105, 'украли карту');
  await heardOf(8105, /Отметили как срочное/);
  const rows = (await olga.list('queue')).map(({ reason, urgent }) => [reason, urgent]);
  expect(rows).toContainEqual(['card-at-risk', true]);
});

test('the words of a place are those of the settings, in the language of the client', () => {
  const words = { ...WAITING_WORDS, ahead: { ru: 'Ещё {ahead}.', en: '{ahead} more.' } };
  expect(placeText(words, 0, 'en')).toBe(WAITING_WORDS.next.en);
  expect(placeText(words, 7, 'ru')).toBe('Ещё 7.');
  expect(placeText(words, MAX_AHEAD, 'ru')).toContain(`не меньше ${MAX_AHEAD}`);
});

test('who has waited long enough hears their place once a wait, and whoever is taken hears none', async () => {
  const desk: DeskHub = await startDeskHub();
  try {
    const ann = await desk.person('Ann', 'operator');
    const waiting = createWaitingClients({
      db: desk.db,
      change: desk.change,
      now: desk.clock.now,
      log: silent,
      afterMs: 60_000,
      words: WAITING_WORDS,
    });
    const rows = [await desk.waiting('one'), await desk.waiting('two'), await desk.waiting('three')];
    expect(await waiting.sweep()).toBe(0);
    const [one, two, three] = rows;
    if (!one || !two || !three) throw new Error('nobody waits');
    expect((await ann.act('take', one)).statusCode).toBe(200);
    desk.clock.advance(61_000);
    // As two nodes would.
    expect((await Promise.all([waiting.sweep(), waiting.sweep()])).reduce((sum, told) => sum + told)).toBe(2);
    expect(await waiting.sweep()).toBe(0);
    const placeOf = async (id: string) =>
      (await ann.read(id)).flatMap((it) =>
        it.type === 'message' && it.from === 'system'
          ? it.content.map((part) => part.kind === 'text' && part.text)
          : [],
      );
    expect(await placeOf(one.id)).toEqual([]);
    expect(await placeOf(two.id)).toEqual([WAITING_WORDS.next.ru]);
    expect(await placeOf(three.id)).toEqual([WAITING_WORDS.ahead.ru.replace('{ahead}', '1')]);

    // A second wait is told again, at the place of the first; pages of a queue go on behind what is urgent.
    const { epoch } = await ann.open(one.id);
    await ann.act('release', { id: one.id, epoch });
    desk.clock.advance(61_000);
    expect(await waiting.sweep()).toBe(1);
    expect(await placeOf(one.id)).toEqual([WAITING_WORDS.next.ru]);
    await desk.db.query(
      `update conversation set urgent = 'fraud', revision = nextval('revision') where id = $1`,
      [two.id],
    );
    const ids: string[] = [];
    let before = '';
    do {
      const page = conversationList.parse(
        (await ann.get(`/conversations?view=queue&limit=1${before}`)).json(),
      );
      ids.push(...page.rows.map(({ id }) => id));
      before = page.next ? `&before=${page.next}` : '';
    } while (before);
    expect(ids).toEqual([two.id, one.id, three.id]);
  } finally {
    await desk.close();
  }
});

test('who takes a conversation from the bot sees what was under way there, with its values', async () => {
  telegram.say(8104, 'переведи 500 рублей Маше с текущего');
  await heardOf(8104, /Всё верно/);
  telegram.say(8104, 'да');
  await heardOf(8104, /Код для чата/);
  const row = await vi.waitFor(async () => {
    const [found] = (await olga.list('all')).filter(({ owner }) => owner.kind === 'bot');
    if (!found) throw new Error('the bot has none');
    return found;
  }, soon);
  await olga.act('take', row);
  expect((await olga.see(row.id)).context).toMatchObject({
    reason: 'taken-over',
    intent: 'transfer_money',
    slots: [{ value: 'текущий счёт' }, { value: expect.stringMatching(/^500\s₽$/) }, { value: 'Маша' }],
    summary: expect.stringMatching(/хочет перевести деньги: .*Маша/),
  });
});
