import { beforeEach, describe, expect, test } from 'vitest';
import type { Change, ChangeBySender, Changed, ChangeLog } from '../../../gateway/change.ts';
import { changeOwner, close } from '../../../gateway/decide-turn.ts';
import { newId } from '../../../gateway/ids.ts';
import type { Conversation } from '../../../gateway/model/conversation.ts';
import type { NewEvent } from '../../../gateway/model/events.ts';
import type {
  ChannelId,
  ConversationId,
  MessageId,
  OperatorId,
  QueueId,
} from '../../../gateway/model/ids.ts';
import type { Owner } from '../../../gateway/model/owner.ts';
import { createChangeLog } from '../../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { StoreBusyError } from '../../../gateway/store/errors.ts';
import { oldestDueTurn } from '../../../gateway/store/turns.ts';
import { verify } from '../../../gateway/store/verify.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

const telegram = 'telegram' as ChannelId;
const queue: Owner = { kind: 'queue', queue: 'default' as QueueId };
const olga: Owner = { kind: 'operator', operator: '0199aaaa-0000-7000-8000-000000000001' as OperatorId };

let db: Database;
let log: ChangeLog;

beforeEach(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  log = createChangeLog({ db, now: () => new Date(), acceptsAtCommit: (channel) => channel === 'webchat' });
  return () => db.end();
});

function says(text: string, options: { user?: string; key?: string; channel?: string } = {}): ChangeBySender {
  const { user = 'ann', key = newId<MessageId>(), channel = 'telegram' } = options;
  return {
    channel: channel as ChannelId,
    sender: { externalUser: user, externalThread: user, name: user, locale: 'ru' },
    dedupe: { scope: channel, key },
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: {
          message: newId<MessageId>(),
          thread,
          identity,
          channel: telegram,
          kinds: ['text'],
          locale: 'ru',
        },
        body: { content: [{ kind: 'text', text }] },
      },
    ],
  };
}

function answer(conversation: Conversation, text: string): NewEvent {
  if (!conversation.thread) throw new Error('the conversation has no thread yet');
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread: conversation.thread,
      author: { kind: 'bot' },
      kinds: ['text'],
    },
    body: { content: [{ kind: 'text', text }] },
  };
}

type Committed = Extract<Changed, { outcome: 'committed' }>;

async function commit(change: Change): Promise<Committed> {
  const [changed] = await log.commit([change]);
  if (changed?.outcome !== 'committed') throw new Error(`the change was not committed: ${changed?.outcome}`);
  return changed;
}

const statesOf = async (conversation: ConversationId) =>
  (
    await db.query('select state, reason from delivery where conversation = $1 order by position', [
      conversation,
    ])
  ).rows;

describe('what comes in', () => {
  test('opens one conversation for a contact and numbers its events without gaps', async () => {
    const [first, second] = await log.commit([says('привет'), says('есть кто?')]);
    expect(first).toMatchObject({ outcome: 'committed', events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
    expect(second).toMatchObject({ outcome: 'committed', events: [{ seq: 4, type: 'message.received' }] });
  });

  test('counts a proof of identity for half an hour, and takes the next one after that', async () => {
    const proof = { evidence: 'bank-authenticated', customer: 'c-1', how: 'signed-identity' } as const;
    const proved = () => {
      const said = says('привет');
      return { ...said, sender: { ...said.sender, proof } };
    };
    const evidence = async (change: Change) => {
      const { conversation } = await commit(change);
      return (await oldestDueTurn(db, conversation.id))?.contact.identity.evidence;
    };
    const age = () => db.query(`update identity set proved_at = proved_at - interval '31 minutes'`);
    expect(await evidence(proved())).toBe('bank-authenticated');
    expect(await evidence(says('сколько на счёте?'))).toBe('bank-authenticated');
    await age();
    expect(await evidence(says('а на другом?'))).toBe('claimed');
    expect(await evidence(proved())).toBe('bank-authenticated');
    const { rows } = await db.query(`select count(*) as count from event where type = 'identity.proved'`);
    expect(rows).toEqual([{ count: 2 }]);
  });

  test('takes effect once, whether it is repeated in the same batch, later, or at the same time', async () => {
    const changes = [says('раз', { key: 'k' }), says('раз', { key: 'k' })];
    const [original, repeated] = await log.commit(changes);
    expect(original?.outcome).toBe('committed');
    expect(repeated).toMatchObject({ outcome: 'duplicate', seq: 3, position: 3 });
    const later = await Promise.all(
      Array.from({ length: 20 }, () => log.commit([says('раз', { key: 'k' })])),
    );
    expect(later.flat().map((changed) => changed.outcome)).toEqual(Array(20).fill('duplicate'));
    const { rows } = await db.query(`select count(*) as count from event where type = 'message.received'`);
    expect(rows).toEqual([{ count: 1 }]);
  });

  test('opens one conversation when two hubs store the first messages of a contact at once', async () => {
    const other = createChangeLog({ db, now: () => new Date(), acceptsAtCommit: () => false });
    for (let round = 0; round < 20; round++) {
      const user = `client ${round}`;
      await Promise.all([log.commit([says('один', { user })]), other.commit([says('два', { user })])]);
    }
    const { rows } = await db.query(
      'select count(*) as count, count(distinct contact) as contacts from conversation',
    );
    expect(rows).toEqual([{ count: 20, contacts: 20 }]);
    expect((await verify(db, { full: true })).broken).toEqual([]);
  });

  test('keeps the order of one sender and every message of many', async () => {
    const texts = Array.from({ length: 40 }, (_, number) => `сообщение ${number}`);
    await Promise.all(
      texts.flatMap((text) => ['a', 'b', 'c', 'd'].map((user) => log.commit([says(text, { user })]))),
    );
    const { rows } = await db.query<{ texts: string[] }>(
      `select array_agg(body -> 'content' -> 0 ->> 'text' order by seq) as texts from event
       where type = 'message.received' group by conversation`,
    );
    expect(rows.map((row) => row.texts)).toEqual([texts, texts, texts, texts]);
  });

  test('refuses at once what is beyond its capacity, and stores all that it took', async () => {
    const small = createChangeLog({
      db,
      now: () => new Date(),
      acceptsAtCommit: () => false,
      maxWaiting: 10,
    });
    const answers = await Promise.allSettled(
      Array.from({ length: 600 }, (_, index) => small.commit([says('раз', { user: `client ${index}` })])),
    );
    const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const taken = answers.length - refused.length;
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toBeInstanceOf(StoreBusyError);
    const { rows } = await db.query(`select count(*) as count from event where type = 'message.received'`);
    expect(rows).toEqual([{ count: taken }]);
    expect((await small.commit([says('два')])).map(({ outcome }) => outcome)).toEqual(['committed']);
  });

  test('refuses what has waited for too long, and does not store it later', async () => {
    const hasty = createChangeLog({
      db,
      now: () => new Date(),
      acceptsAtCommit: () => false,
      maxWaitMs: 100,
    });
    const { conversation } = await commit(says('ноль'));
    const locker = await db.connect();
    await locker.query('begin');
    await locker.query('select from conversation where id = $1 for update', [conversation.id]);
    // The second waits for the first: a conversation is in one batch at a time.
    const first = hasty.commit([says('раз')]);
    await new Promise((resolve) => setImmediate(resolve));
    const second = hasty.commit([says('два')]).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await locker.query('rollback');
    locker.release();
    expect((await first).map(({ outcome }) => outcome)).toEqual(['committed']);
    expect(await second).toBeInstanceOf(StoreBusyError);
    const { rows } = await db.query(`select count(*) as count from event where type = 'message.received'`);
    expect(rows).toEqual([{ count: 2 }]);
  });

  test('refuses only the row that PostgreSQL cannot take and commits what waited with it', async () => {
    const settled = await Promise.allSettled([
      log.commit([says('до')]),
      log.commit([says('null\u0000byte', { user: 'eve' })]),
      log.commit([says('lone \ud800 surrogate', { user: 'mallory' })]),
      log.commit([says('после')]),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect((await verify(db, { full: true })).ok).toBe(true);
  });

  test('opens a new conversation after the last one closed, and its positions go on', async () => {
    const first = await commit(says('привет', { channel: 'webchat' }));
    const { conversation } = first;
    await commit({ conversation: conversation.id, events: close(conversation, { kind: 'bot' }, 'done') });
    const next = await commit(says('снова я', { channel: 'webchat' }));
    expect(next.conversation.previous).toBe(conversation.id);
    expect(next.events[0]?.seq).toBe(1);
    const before = Math.max(...first.positions.values());
    expect(Math.min(...next.positions.values())).toBeGreaterThan(before);
  });

  test('mixes nothing of two customers who use the same page', async () => {
    const proof = { evidence: 'bank-authenticated', how: 'token' } as const;
    const signedIn = (customer: string): ChangeBySender => {
      const change = says('мой баланс', { channel: 'webchat' });
      return { ...change, sender: { ...change.sender, proof: { ...proof, customer } } };
    };
    const ann = await commit(signedIn('C-1'));
    expect(ann.events.map(({ type }) => type)).toContain('identity.proved');
    expect(await log.commit([signedIn('C-2')])).toEqual([{ outcome: 'missing' }]);
  });
});

describe('what is decided', () => {
  test('is not written when the owner has changed since', async () => {
    const { conversation } = await commit(says('привет'));
    await commit({
      conversation: conversation.id,
      events: [changeOwner(conversation, queue, { kind: 'bot' }, 'asked')],
    });
    const [late] = await log.commit([
      { conversation: conversation.id, events: [answer(conversation, 'поздно')], expect: { epoch: 0 } },
    ]);
    expect(late).toMatchObject({ outcome: 'stale', conversation: { epoch: 1, owner: queue } });
    expect(await statesOf(conversation.id)).toEqual([]);
  });

  test('is not made stale by what the client writes meanwhile', async () => {
    const { conversation } = await commit(says('привет'));
    await commit(says('и ещё'));
    const { epoch, version } = conversation;
    const changed = await commit({
      conversation: conversation.id,
      events: [answer(conversation, 'здравствуйте')],
      expect: { epoch, version },
    });
    expect(changed.deliveries).toMatchObject([{ state: 'due', epoch: 0 }]);
  });

  test('loses its waiting deliveries to a handoff, save what was said with the handoff itself', async () => {
    const { conversation } = await commit(says('привет'));
    await commit({ conversation: conversation.id, events: [answer(conversation, 'минуту')] });
    await commit({
      conversation: conversation.id,
      events: [
        changeOwner(conversation, queue, { kind: 'bot' }, 'asked'),
        answer(conversation, 'зову сотрудника'),
      ],
    });
    expect(await statesOf(conversation.id)).toEqual([
      { state: 'cancelled', reason: 'handed-off' },
      { state: 'due', reason: null },
    ]);
  });

  test('cancels an answer that is committed in one batch with the handoff that overtakes it', async () => {
    const { conversation } = await commit(says('привет'));
    const [answered] = await log.commit([
      { conversation: conversation.id, events: [answer(conversation, 'минуту')] },
      { conversation: conversation.id, events: [changeOwner(conversation, queue, { kind: 'bot' }, 'asked')] },
    ]);
    expect(answered).toMatchObject({ deliveries: [{ state: 'cancelled' }] });
    expect(await statesOf(conversation.id)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('lets exactly one of two operators take a conversation, fifty times', async () => {
    for (let round = 0; round < 50; round++) {
      const { conversation } = await commit(says('оператора', { user: `client ${round}` }));
      const take = (operator: string): Change => {
        const to: Owner = { kind: 'operator', operator: operator as OperatorId };
        const by = { kind: 'operator', operator: operator as OperatorId } as const;
        return {
          conversation: conversation.id,
          events: [changeOwner(conversation, to, by, 'taken')],
          expect: { epoch: 0 },
        };
      };
      const outcomes = await Promise.all([log.commit([take('one')]), log.commit([take('two')])]);
      expect(
        outcomes
          .flat()
          .map(({ outcome }) => outcome)
          .sort(),
      ).toEqual(['committed', 'stale']);
    }
  });

  test('comes too late for a conversation that is over', async () => {
    const { conversation } = await commit(says('спасибо'));
    await commit({ conversation: conversation.id, events: close(conversation, { kind: 'contact' }, 'done') });
    const [late] = await log.commit([
      { conversation: conversation.id, events: [answer(conversation, 'ещё одно')] },
    ]);
    expect(late?.outcome).toBe('closed');
  });

  test('harms nothing beside it when it names a thread that does not exist', async () => {
    const { conversation } = await commit(says('привет'));
    const lost = answer({ ...conversation, thread: newId() }, 'в никуда');
    const settled = await Promise.allSettled([
      log.commit([{ conversation: conversation.id, events: [lost] }]),
      log.commit([says('другой', { user: 'bob' })]),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  test('leaves the state that its events fold to', async () => {
    const { conversation } = await commit(says('привет'));
    const { id } = conversation;
    const handed = await commit({
      conversation: id,
      events: [changeOwner(conversation, queue, { kind: 'bot' }, 'asked')],
    });
    await commit({
      conversation: id,
      events: [changeOwner(handed.conversation, olga, { kind: 'bot' }, 'taken')],
    });
    const facts = { turn: 3, now: new Date().toISOString(), seed: 1, trail: [] };
    await commit({
      conversation: id,
      events: [{ type: 'turn.completed', facts, body: { state: { slots: { б: 1, а: 2 } } } }],
    });
    const verified = await verify(db, { full: true });
    expect(verified.broken).toEqual([]);
    expect(verified.checked['state is the fold of its events']).toBe(1);
  });
});
