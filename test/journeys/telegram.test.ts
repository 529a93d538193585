import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ConversationRow } from '../../handoff/api.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';

let telegram: FakeTelegram;
let hub: TestHub;
let olga: DeskOperator;

beforeAll(async () => {
  telegram = await startFakeTelegram();
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  hub = await startHub({ demo: 'bank', env });
  olga = await signIn(hub.url);
});

afterAll(async () => {
  await hub.stop();
  await telegram.stop();
});

/** A client of the bank who writes to its Telegram bot. */
function client(chat: number) {
  let heard = 0;
  return {
    says: (text: string) => void telegram.say(chat, text),
    presses: (label: string) => void telegram.press(chat, label),
    /** The next thing that the bank says. */
    async hears(expected: RegExp): Promise<void> {
      heard++;
      const said = await telegram.hears(chat, heard, 20_000);
      expect(said[heard - 1]).toMatch(expected);
    },
    /** The code that the demo bank shows on its page, as a bank's app would. */
    async typesTheCode(): Promise<void> {
      const codes = (await (await fetch(`${hub.url}/demo/codes`)).json()) as { code: string }[];
      telegram.say(chat, codes[0]?.code ?? 'no code was sent');
    },
    heardSoFar: () => telegram.saidTo(chat),
  };
}

async function inTheQueue(count: number): Promise<ConversationRow> {
  return vi.waitFor(
    async () => {
      const rows = await olga.list('queue');
      expect(rows).toHaveLength(count);
      const newest = rows.at(-1);
      if (!newest) throw new Error('the queue is empty');
      return newest;
    },
    { timeout: 15_000, interval: 50 },
  );
}

test('по-русски: перевод с кодом и поправкой, сотрудник, заметка, снова бот', {
  timeout: 120_000,
}, async () => {
  const anna = client(7001);
  anna.says('переведи 500 маше с накопительного');
  await anna.hears(/500\s₽ с накопительного.*Маша/s);
  anna.says('нет, не 500, а 5000');
  await anna.hears(/5\s000\s₽/);
  anna.presses('Да');
  await anna.hears(/код/i);
  await anna.typesTheCode();
  await anna.hears(/подтверждено/i);
  await anna.hears(/Готово: 5\s000\s₽/);
  anna.says('позовите сотрудника');
  await anna.hears(/сотрудник/i);

  const row = await inTheQueue(1);
  const { context, contact } = await olga.see(row.id);
  expect(contact.evidence).toBe('code-confirmed');
  expect(context).toMatchObject({ reason: 'asked', channel: 'telegram', locale: 'ru' });
  expect(context?.steps.map(({ script }) => script)).toContain('transfer');

  const taken = await olga.act('take', row);
  expect(taken.status).toBe(200);
  await olga.note(row.id, 'клиент ВИП, не говорить об этом');
  await olga.say(row.id, 'Здравствуйте, чем помочь?');
  await anna.hears(/^Здравствуйте, чем помочь\?$/);
  anna.says('уже ничем, спасибо');
  await vi.waitFor(async () => expect((await olga.see(row.id)).unread).toBe(1), { timeout: 10_000 });

  expect((await olga.act('return', { id: row.id, epoch: Number(taken.body.epoch) })).status).toBe(200);
  await anna.hears(/бот/i);
  anna.says('сколько на накопительном?');
  await anna.hears(/На накопительном счёте/);
  expect(anna.heardSoFar().join('\n')).not.toContain('ВИП');
  expect((await hub.verify()).broken).toEqual([]);
});

test('in English: not understood twice, then a person, who closes', { timeout: 120_000 }, async () => {
  const bob = client(7002);
  bob.says('what is the exchange rate of the dollar?');
  await bob.hears(/dollar/i);
  bob.says('florble grumptious wibble');
  await bob.hears(/.+/);
  bob.says('snark the boojum');
  await bob.hears(/.+/);
  bob.says('zzz qqq xxx');
  await bob.hears(/person/i);

  const row = await inTheQueue(1);
  expect(row.reason).toBe('not-understood');
  expect((await olga.see(row.id)).context?.misses).toContain('snark the boojum');
  const taken = await olga.act('take', row);
  await olga.say(row.id, 'Hello, what do you need?');
  await bob.hears(/^Hello, what do you need\?$/);
  expect((await olga.act('close', { id: row.id, epoch: Number(taken.body.epoch) })).status).toBe(200);
  expect((await olga.say(row.id, 'too late')).status).toBe(409);
  await bob.hears(/How did we help you/);

  bob.says('hello again');
  await bob.hears(/bot/i);
  expect((await olga.list('all')).some(({ id }) => id === row.id)).toBe(false);
});
