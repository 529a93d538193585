import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Database } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import type { FakeTelegram } from '../fakes/telegram.ts';
import { type Answer, type DeskOperator, signIn } from '../fixtures/operator.ts';
import { type BankHub, prepareBankHub } from './bank-hub.ts';
import type { HubProcess } from './hub-process.ts';
import { createWebhookIntake, type Intake } from './intake.ts';
import { createRandom } from './random.ts';
import { settled } from './stored.ts';

/**
 * The hub is killed (SIGKILL) at random moments while clients of two chats each prove to be one person and are parted
 * again, over and over: their threads go from one conversation to the other. In half of the pairs an operator has each
 * of the two conversations, so that both stay open and whoever speaks binds the thread anew.
 */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const KILLS = Number(process.env.CHAOS_KILLS ?? 3);
const PAIRS = 8;
const random = createRandom(20_261_126);

let bank: BankHub;
let telegram: FakeTelegram;
let databaseUrl: string;
let db: Database;
let hub: HubProcess;
let intake: Intake;
let olga: DeskOperator;
let ivan: DeskOperator;
let admin: DeskOperator;
let kills = 0;
/** How many links were asked for. */
let links = 0;
/** By chat, how often its client spoke. */
const spoke = new Map<number, number>();

beforeAll(async () => {
  bank = await prepareBankHub();
  ({ telegram, databaseUrl, db, hub } = bank);
  await hub.start();
  const urls = [`${hub.url}/channels/telegram/webhook`] as const;
  intake = createWebhookIntake({ telegram, urls, secret: bank.secret, random });
  [olga, ivan, admin] = await Promise.all([
    signIn(hub.url),
    signIn(hub.url, 'operator2@demo.bank'),
    signIn(hub.url, 'admin@demo.bank'),
  ]);
});

afterAll(async () => {
  await bank?.stop();
});

async function says(chat: number, text: string): Promise<void> {
  spoke.set(chat, (spoke.get(chat) ?? 0) + 1);
  await intake.say(chat, text, random.below(3) === 0);
}

/** Asks again and again until it is so: whoever is cut off does not know what became of what they asked. */
async function insist(
  ask: () => Promise<unknown>,
  isSo: () => Promise<boolean>,
  what: string,
): Promise<void> {
  for (const until = Date.now() + 60_000; !(await isSo()); ) {
    if (Date.now() > until) throw new Error(`not done in time: ${what}`);
    await ask().catch(() => {});
    await sleep(50);
  }
}

interface Row {
  readonly id: string;
  readonly epoch: number;
  readonly owner: string;
}

/** The open conversation that is the own one of a chat's client, or of whom they proved to be. */
async function conversationOf(chat: number): Promise<Row | undefined> {
  const { rows } = await db.query<Row>(
    `select c.id, c.epoch, c.owner_kind as owner from identity i join conversation c on c.contact = i.contact
     where i.external_user = $1 and c.status = 'open'`,
    [String(chat)],
  );
  return rows[0];
}

async function takes(operator: DeskOperator, chat: number): Promise<string> {
  await insist(
    async () => operator.act('take', (await conversationOf(chat)) as Row),
    async () => (await conversationOf(chat))?.owner === 'operator',
    `taking ${chat}`,
  );
  return (await conversationOf(chat))?.id ?? '';
}

const codesTo = (chat: number) =>
  telegram.saidTo(chat).flatMap((text) => /\d{3} \d{3} \d{3}/.exec(text)?.[0] ?? []);

/** The last code that the pair has not typed; what nobody knows to have arrived may be told again. */
const newCode = ({ one, typed }: Pair) => codesTo(one).findLast((code) => !typed.has(code));

const linkedOf = async (chats: readonly number[]) =>
  (
    await db.query<{ id: string }>(
      'select id from identity where external_user = any($1) and own is not null',
      [chats.map(String)],
    )
  ).rows;

interface Pair {
  readonly one: number;
  readonly other: number;
  /** The conversations that operators have, of each chat. */
  readonly held?: readonly [string, string];
  turns: number;
  readonly typed: Set<string>;
}

/**
 * The other types the code that the one was told. Where none comes, it is asked for again: a code of which nobody knows
 * whether it arrived is not told twice, and of two the first is worth nothing any more.
 */
async function asksAndTypes(pair: Pair): Promise<void> {
  const { one, other, held } = pair;
  if (newCode(pair) === undefined) {
    if (held) await olga.move({ id: held[0], epoch: (await conversationOf(one))?.epoch ?? -1 });
    else await says(one, 'продолжить в другом канале');
  }
  for (let looks = 0; looks < 60 && newCode(pair) === undefined; looks++) await sleep(50);
  const code = newCode(pair);
  if (code === undefined) return;
  pair.typed.add(code);
  await says(other, code);
}

/** They prove to be one, everybody speaks, and the link is undone. */
async function linkAndPart(pair: Pair): Promise<void> {
  const { one, other } = pair;
  pair.turns += 1;
  const name = `${one} ${pair.turns}`;
  links += 1;
  await insist(
    () => asksAndTypes(pair),
    async () => (await linkedOf([one, other])).length > 0,
    `the link of ${name}`,
  );
  const [first = { id: '' }, ...more] = await linkedOf([one, other]);
  expect(more, `who was linked by ${name}`).toEqual([]);
  await speak(pair, `${name} linked`);
  await insist(
    async () => admin.unlink((await conversationOf(one))?.id ?? '', first.id),
    async () => (await linkedOf([one, other])).length === 0,
    `parting ${name}`,
  );
  await speak(pair, `${name} parted`);
}

/** Both clients and, where they have the conversations, both operators speak at once. */
async function speak({ one, other, held }: Pair, name: string): Promise<void> {
  const answer = async (operator: DeskOperator, id: string) => {
    let last: Answer | undefined;
    await insist(
      async () => {
        last = await operator.say(id, `answer ${name} in ${id}`, `answer ${name}`);
      },
      async () => last?.status === 200,
      `an answer, ${name}`,
    );
  };
  await Promise.all([
    says(one, 'привет'),
    says(other, 'привет'),
    ...(held ? [answer(olga, held[0]), answer(ivan, held[1])] : []),
  ]);
}

async function begins(index: number): Promise<Pair> {
  const [one, other] = [9_001 + 2 * index, 9_002 + 2 * index];
  await says(one, 'привет');
  await says(other, 'привет');
  const isHeld = index % 2 === 0;
  return {
    one,
    other,
    turns: 0,
    typed: new Set(),
    ...(isHeld && { held: [await takes(olga, one), await takes(ivan, other)] as const }),
  };
}

/** Each time once links are made again: a hub that has just started still gives what was cut off its fate. */
async function killAtRandom(): Promise<void> {
  while (kills < KILLS) {
    const before = links;
    while (links === before) await sleep(20);
    await sleep(random.below(500));
    await hub.kill('SIGKILL');
    kills += 1;
    await hub.start();
  }
}

/** Rows of what must not be; the statement names it. */
async function none(what: string, statement: string): Promise<void> {
  expect((await db.query(statement)).rows, what).toEqual([]);
}

const SAID = `select e.conversation, e.seq, (e.facts ->> 'thread')::uuid as thread,
    (select b.base + e.seq from binding b where b.thread = (e.facts ->> 'thread')::uuid
       and b.conversation = e.conversation and b.since <= e.seq order by b.since desc limit 1) as position
  from event e where e.type in ('message.received', 'message.sent')`;

test('threads that go from one conversation to another stay whole, whenever the hub is killed', async () => {
  const pairs = await Promise.all(Array.from({ length: PAIRS }, (_, index) => begins(index)));
  const killing = killAtRandom();
  await Promise.all(
    pairs.map(async (pair) => {
      while (kills < KILLS || pair.turns < 2) await linkAndPart(pair);
    }),
  );
  await killing;
  expect(await settled(databaseUrl, 60_000)).toBeUndefined();
  const messages = [...spoke.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${kills} kills while ${links} links were made and undone and clients wrote ${messages} messages`,
  );

  const { broken, quarantined, dead } = await verify(db, { full: true });
  expect({ broken, quarantined, dead, crashes: hub.crashes() }).toEqual({
    broken: [],
    quarantined: 0,
    dead: 0,
    crashes: 0,
  });
  await none(
    'a thread of no conversation',
    'select t.id from thread t where not exists (select from binding b where b.thread = t.id)',
  );
  await none(
    'a thread of two conversations at once',
    'select thread from binding group by thread, bound_at having count(*) > 1',
  );
  await none(
    'a message on a thread that was not bound to its conversation then',
    `select conversation, seq from (${SAID}) s where position is null`,
  );
  await none(
    'two messages in one place of a thread',
    `select thread, position from (${SAID}) s group by thread, position having count(*) > 1`,
  );
  await none('a link that was undone in half', 'select id from identity where own is not null');
  await none(
    'a conversation that is still secondary',
    'select id from conversation where secondary_to is not null',
  );
  await none(
    'two chats with one client',
    'select contact from identity where channel = $$telegram$$ group by contact having count(*) > 1',
  );

  for (const pair of pairs)
    for (const chat of [pair.one, pair.other]) {
      const { rows } = await db.query<{ said: number; different: number; moved: number }>(
        `select count(*) filter (where e.type = 'message.received') as said,
           count(distinct e.body ->> 'externalId') filter (where e.type = 'message.received') as different,
           count(*) filter (where e.type = 'conversation.moved') as moved
         from thread t join event e on e.facts ->> 'thread' = t.id::text where t.external_thread = $1`,
        [String(chat)],
      );
      const all = spoke.get(chat);
      const moved = chat === pair.other ? pair.turns : 0;
      expect(rows[0], `what ${chat} said`).toEqual({ said: all, different: all, moved });
      await hearsAll(chat);
    }
});

/** What was accepted was heard, and nothing more often than attempts of which nobody knows explain. */
async function hearsAll(chat: number): Promise<void> {
  const { rows } = await db.query<{ accepted: number; unknown: number }>(
    `select count(*) filter (where a.outcome = 'accepted') as accepted, count(*) filter (where a.outcome = 'unknown') as unknown
     from thread t join delivery d on d.thread = t.id join attempt a on a.delivery = d.id where t.external_thread = $1`,
    [String(chat)],
  );
  const { accepted = 0, unknown = 0 } = rows[0] ?? {};
  const heard = telegram.saidTo(chat).length;
  expect(heard, `what ${chat} heard`).toBeGreaterThanOrEqual(accepted);
  expect(heard, `what ${chat} heard`).toBeLessThanOrEqual(accepted + unknown);
}
