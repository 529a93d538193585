import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Database } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import type { FakeTelegram } from '../fakes/telegram.ts';
import { type ChatClient, openChat } from '../gateway/connectors/chat-client.ts';
import { type BankHub, prepareBankHub } from './bank-hub.ts';
import type { HubProcess } from './hub-process.ts';

/** The hub is killed (SIGKILL) between the steps of a move from the chat on the page to Telegram. */

vi.setConfig({ testTimeout: 400_000, hookTimeout: 120_000 });

/** The lock of the gate; any number that nothing else has. */
const GATE = 7_777;

let bank: BankHub;
let telegram: FakeTelegram;
let db: Database;
let hub: HubProcess;
/** Holds the gate closed, or a row. */
let holder: pg.Client;

beforeAll(async () => {
  bank = await prepareBankHub();
  ({ telegram, db, hub } = bank);
  holder = new pg.Client({ connectionString: bank.databaseUrl });
  await holder.connect();
  // A commit that offers or redeems waits at the gate while it is closed: then it is neither done nor undone.
  await db.query(`create function wait_at_gate() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$`);
  for (const what of ['insert', 'update of used_at'])
    await db.query(
      `create constraint trigger gate_${what.slice(0, 6)} after ${what} on move deferrable initially deferred
       for each row execute function wait_at_gate()`,
    );
  await hub.start();
});

afterAll(async () => {
  await bank?.stop();
  await holder?.end();
});

const closeGate = () => holder.query('select pg_advisory_lock($1)', [GATE]);
const openGate = () => holder.query('select pg_advisory_unlock($1)', [GATE]);
const soon = { timeout: 30_000, interval: 50 };

async function count(query: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(query);
  return rows[0]?.count ?? -1;
}

/** How a transaction looks that waits for what the test holds; for an instant they wait for much else. */
const WAITS = {
  gate: `l.locktype = 'advisory' and l.classid = 0 and l.objid = ${GATE}`,
  row: `l.locktype = 'transactionid'`,
};

/** Kills the hub while one of its transactions waits for what the test holds, and lets the transaction go. */
async function killWaiting(held: keyof typeof WAITS, letGo: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(
        await count(
          `select count(*) as count from pg_locks l join pg_stat_activity a on a.pid = l.pid
           where not l.granted and a.datname = current_database() and ${WAITS[held]}`,
        ),
      ).toBe(1),
    soon,
  );
  await hub.kill('SIGKILL');
  await letGo();
  // Whatever it had begun is done or undone before another hub looks.
  await vi.waitFor(
    async () =>
      expect(
        await count(
          `select count(*) as count from pg_stat_activity where datname = current_database() and state <> 'idle'
             and pid <> pg_backend_pid()`,
        ),
      ).toBe(0),
    soon,
  );
}

/** As Telegram does: what was not answered comes again. */
async function post(update: object): Promise<number | 'cut'> {
  try {
    const answer = await fetch(`${hub.url}/channels/telegram/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': bank.secret },
      body: JSON.stringify(update),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 'cut';
  }
}

const openPage = () =>
  openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, { origin: hub.url });

const codeIn = (text: string) => /\d{3} \d{3} \d{3}/.exec(text)?.[0];
const movedOnce = `select count(*) as count from event where type = 'conversation.moved'`;
/** Of the clients of this test; the demo has one of its own. */
const openNow = `select count(*) as count from conversation c where status = 'open' and exists (select from event e
  where e.conversation = c.id
    and (e.facts ->> 'channel' = 'telegram' or e.body -> 'content' -> 0 ->> 'text' = 'переведи 500 рублей'))`;
const isUsed = 'select count(*) as count from move where used_at is not null';

/** The page asks for a code, and the hub is killed when the code is made and not told. */
async function codeAcrossKill(first: ChatClient, token: string, asking: object): Promise<string> {
  await closeGate();
  first.send(asking);
  await killWaiting('gate', openGate);
  expect(await count('select count(*) as count from move')).toBe(1);
  expect(first.heard().some(codeIn)).toBe(false);
  await hub.start();

  const page = await openPage();
  const after = first.frames.reduce((head, frame) => ('seq' in frame ? Math.max(head, frame.seq) : head), 0);
  await page.hello({ token, after });
  // It was never told that this was stored, so it says it again.
  page.send(asking);
  await page.nth('stored', 1);
  await page.until(() => page.heard().some(codeIn), 'the code');
  expect(page.heard().filter(codeIn)).toHaveLength(1);
  expect(await count('select count(*) as count from move')).toBe(1);
  await page.close();
  return codeIn(page.heard().find(codeIn) ?? '') ?? '';
}

test('a move loses nothing, doubles nothing and splits nothing, whenever the hub is killed', async () => {
  const first = await openPage();
  const { token } = await first.hello({ locale: 'ru' });
  first.send({ type: 'message', id: 'm1', text: 'переведи 500 рублей' });
  await first.until(() => first.heard().some((text) => /с какого счёта/i.test(text)), 'the question');
  const code = await codeAcrossKill(first, token, {
    type: 'message',
    id: 'm2',
    text: 'продолжить в телеграме',
  });

  // Killed in the middle of joining: nothing is joined, and the code is worth as much as before.
  const chat = 8_801;
  const coming = telegram.say(chat, code);
  await holder.query('begin');
  await holder.query('select from move for update');
  const cut = post(coming);
  await killWaiting('row', () => holder.query('rollback'));
  expect(await cut).toBe('cut');
  expect([await count(isUsed), await count(movedOnce)]).toEqual([0, 0]);
  await hub.start();

  // It comes again, and the hub is killed once all is joined: Telegram hears nothing, nor does the client.
  await closeGate();
  const cutAgain = post(coming);
  await killWaiting('gate', openGate);
  expect(await cutAgain).toBe('cut');
  expect([await count(isUsed), await count(movedOnce)]).toEqual([1, 1]);
  expect(telegram.saidTo(chat)).toEqual([]);
  await hub.start();

  // And again, twice at once.
  expect(await Promise.all([post(coming), post(coming)])).toEqual([200, 200]);
  await vi.waitFor(() => expect(telegram.saidTo(chat).join('\n')).toMatch(/с какого счёта/i), soon);
  expect(await post(telegram.say(chat, 'с текущего'))).toBe(200);
  await vi.waitFor(() => expect(telegram.saidTo(chat).join('\n')).toMatch(/кому/i), soon);

  const heard = telegram.saidTo(chat);
  for (const once of [/продолжаем здесь/i, /с какого счёта/i, /кому/i])
    expect(heard.filter((text) => once.test(text))).toHaveLength(1);
  expect(heard.join('\n')).not.toMatch(/какую сумму/i);
  expect([await count(movedOnce), await count(openNow)]).toEqual([1, 1]);

  // The code is of no more use to anybody.
  expect(await post(telegram.say(8_802, code))).toBe(200);
  await telegram.hears(8_802, 1, 30_000);
  expect([await count(movedOnce), await count(isUsed), await count(openNow)]).toEqual([1, 1, 2]);
  expect(hub.crashes()).toBe(0);
  expect(await verify(db, { full: true })).toMatchObject({ broken: [], unknown: 0, dead: 0, quarantined: 0 });
});
