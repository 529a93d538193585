import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Change, Changed } from '../../gateway/change.ts';
import { changeOwner } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import type { Conversation } from '../../gateway/model/conversation.ts';
import type { Delivery } from '../../gateway/model/delivery.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type { ChannelId, MessageId, OperatorId } from '../../gateway/model/ids.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { markAttempts } from '../../gateway/store/deliveries.ts';
import { verify } from '../../gateway/store/verify.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

/** Two writers with connections of their own, as two nodes have them, at the same conversation at the same time. */

vi.setConfig({ testTimeout: 300_000 });

const ROUNDS = 1_000;
/** Rounds under way at once. */
const AT_ONCE = 20;
const channel = 'telegram' as ChannelId;

let db: Database;
let otherDb: Database;
let term: number;
const logOn = (on: Database) =>
  createChangeLog({ db: on, now: () => new Date(), acceptsAtCommit: () => false });
let log: ReturnType<typeof logOn>;
let other: ReturnType<typeof logOn>;

beforeAll(async () => {
  const url = await freshDatabase();
  db = openDatabase(url, () => {});
  otherDb = openDatabase(url, () => {}, 0);
  log = logOn(db);
  other = logOn(otherDb);
  term = (await db.query<{ term: number }>('select max(term) as term from shard')).rows[0]?.term ?? 0;
});

afterAll(async () => {
  await db.end();
  await otherDb.end();
});

type Committed = Extract<Changed, { outcome: 'committed' }>;

async function commit(change: Change): Promise<Committed> {
  const [changed] = await log.commit([change]);
  if (changed?.outcome !== 'committed') throw new Error(`not committed: ${changed?.outcome}`);
  return changed;
}

function says(user: string, text: string): Change {
  return {
    channel,
    sender: { externalUser: user, externalThread: user, locale: 'ru' },
    dedupe: { scope: channel, key: newId() },
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: { message: newId<MessageId>(), thread, identity, channel, kinds: ['text'], locale: 'ru' },
        body: { content: [{ kind: 'text', text }] },
      },
    ],
  };
}

function botAnswers({ id, thread }: Conversation): Change {
  if (!thread) throw new Error('the conversation has no thread');
  const event: NewEvent = {
    type: 'message.sent',
    facts: { message: newId<MessageId>(), thread, author: { kind: 'bot' }, kinds: ['text'] },
    body: { content: [{ kind: 'text', text: 'ответ' }] },
  };
  return { conversation: id, events: [event] };
}

function take(conversation: Conversation, name: string): Change {
  const operator = { kind: 'operator', operator: name as OperatorId } as const;
  const { id, epoch } = conversation;
  return {
    conversation: id,
    events: [changeOwner(conversation, operator, operator, 'taken')],
    expect: { epoch },
  };
}

/** Runs all rounds, so many at a time. */
async function rounds(race: (round: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < ROUNDS) await race(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test('of two operators who take a conversation at once, a thousand times, one has it', async () => {
  const wins = { one: 0, two: 0 };
  await rounds(async (round) => {
    const { conversation } = await commit(says(`race ${round}`, 'оператора'));
    const [one, two] = await Promise.all([
      log.commit([take(conversation, 'one')]),
      other.commit([take(conversation, 'two')]),
    ]);
    expect([one[0]?.outcome, two[0]?.outcome].sort()).toEqual(['committed', 'stale']);
    wins[one[0]?.outcome === 'committed' ? 'one' : 'two'] += 1;
  });
  expect(wins.one + wins.two).toBe(ROUNDS);
  expect((await verify(otherDb, { full: true })).broken).toEqual([]);
});

test("a thousand handoffs race with the bot's answers and the client's messages: none is attempted behind its fence", async () => {
  let attempted = 0;
  let overtaken = 0;
  await rounds(async (round) => {
    const client = `handoff ${round}`;
    const { conversation } = await commit(says(client, 'раз'));
    const answered = await commit(botAnswers(conversation));
    const [delivery] = answered.deliveries;
    if (!delivery) throw new Error('nothing is to be sent');
    const racers: (() => Promise<unknown>)[] = [
      async () => {
        const [marked] = await markAttempts(otherDb, [{ id: delivery.id, term }], new Date());
        if (marked) attempted += 1;
        else overtaken += 1;
      },
      () => other.commit([take(answered.conversation, 'one')]),
      () => log.commit([says(client, 'два')]),
    ];
    // Each of them is first as often as another.
    const order = racers.map((_, index) => racers[(index + round) % racers.length]);
    await Promise.all(order.map((racer) => racer?.()));
  });
  expect(attempted + overtaken).toBe(ROUNDS);
  // Otherwise it was no race.
  expect(attempted).toBeGreaterThan(0);
  expect(overtaken).toBeGreaterThan(0);

  const { rows: behind } = await db.query<{ count: number }>(
    `select count(*) as count from attempt a join delivery d on d.id = a.delivery
     where d.author_kind = 'bot' and d.epoch < a.fence`,
  );
  expect(behind).toEqual([{ count: 0 }]);
  const { rows: fates } = await db.query<{ state: Delivery['state']; count: number }>(
    `select d.state, count(*) as count from delivery d where d.author_kind = 'bot' group by d.state order by d.state`,
  );
  expect(fates).toEqual([
    { state: 'attempting', count: attempted },
    { state: 'cancelled', count: overtaken },
  ]);
  const { rows: heard } = await db.query<{ count: number }>(
    `select count(*) as count from event where type = 'message.received'`,
  );
  expect(heard).toEqual([{ count: 3 * ROUNDS }]);
  expect((await verify(otherDb, { full: true })).broken).toEqual([]);
});
