import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeBySender } from '../../gateway/change.ts';
import { changeOwner } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import { createLinking, type Linking } from '../../gateway/linking.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type {
  ChannelId,
  ContactId,
  ConversationId,
  IdentityId,
  MessageId,
  OperatorId,
  ThreadId,
} from '../../gateway/model/ids.ts';
import { keyOf, MOVE_MS, offerMove } from '../../gateway/moves.ts';
import { createChangeLog, type StoreLog } from '../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { eraseContact } from '../../gateway/store/erase.ts';
import { hold, release } from '../../gateway/store/holds.ts';
import { verify } from '../../gateway/store/verify.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

const OLGA = '0199aaaa-0000-7000-8000-000000000001' as OperatorId;
const IVAN = '0199aaaa-0000-7000-8000-000000000002' as OperatorId;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let db: Database;
let log: StoreLog;
let linking: Linking;
let clock: Date;

beforeEach(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  clock = new Date();
  ({ log, linking } = node());
});

afterEach(async () => {
  const { broken } = await verify(db, { full: true });
  await linking.stop();
  await db.end();
  expect(broken).toEqual([]);
});

/** A change log that remembers what it worked, and what links on it. */
function node() {
  const made = createChangeLog({ db, now: () => clock, acceptsAtCommit: () => false, termOf: () => 0 });
  return { log: made, linking: createLinking({ db, change: made, now: () => clock, log: silent }) };
}

function says(channel: string, user: string, text: string, proof?: string): ChangeBySender {
  return {
    channel: channel as ChannelId,
    sender: {
      externalUser: user,
      externalThread: user,
      ...(proof && { proof: { evidence: 'bank-authenticated', customer: proof, how: 'signed-identity' } }),
    },
    dedupe: { scope: channel, key: newId<MessageId>() },
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: {
          message: newId<MessageId>(),
          thread,
          identity,
          channel: channel as ChannelId,
          kinds: ['text'],
        },
        body: { content: [{ kind: 'text', text }] },
      },
    ],
  };
}

interface Heard {
  readonly conversation: ConversationId;
  readonly thread: ThreadId;
  readonly identity: IdentityId;
  readonly epoch: number;
}

async function say(change: ChangeBySender, by: StoreLog = log): Promise<Heard> {
  const [changed] = await by.commit([change]);
  if (changed?.outcome !== 'committed') throw new Error(`not taken: ${changed?.outcome}`);
  const said = changed.events.find(({ type }) => type === 'message.received');
  if (said?.type !== 'message.received') throw new Error('nothing was said');
  const { thread, identity } = said.facts;
  const { id, epoch } = changed.conversation;
  return { conversation: id, thread, identity, epoch };
}

async function append(conversation: ConversationId, ...events: NewEvent[]): Promise<void> {
  const [changed] = await log.commit([{ conversation, events }]);
  expect(changed?.outcome).toBe('committed');
}

async function offer(conversation: ConversationId) {
  const offered = offerMove({ kind: 'contact' }, clock);
  await append(conversation, offered.event);
  return offered;
}

const linkKey = (payload: string, channel: string, user: string) =>
  keyOf({ type: 'start', payload, dedupeKey: 'k', sender: says(channel, user, '').sender });
const codeKey = (text: string) =>
  keyOf({
    type: 'message',
    dedupeKey: 'k',
    sender: says('sms', 'x', '').sender,
    content: [{ kind: 'text', text }],
  });

async function comes(channel: string, user: string, payload: string, by: Linking = linking) {
  const key = linkKey(payload, channel, user);
  if (!key) throw new Error('no link');
  return by.redeem({ ...says(channel, user, ''), events: () => [] }, key);
}

async function types(channel: string, user: string, text: string) {
  const key = codeKey(text);
  if (!key) throw new Error('no code');
  return linking.redeem(says(channel, user, text), key);
}

async function rowOf(conversation: ConversationId) {
  const { rows } = await db.query('select * from conversation where id = $1', [conversation]);
  return rows[0];
}

async function eventsOf(conversation: ConversationId, type: NewEvent['type']) {
  const { rows } = await db.query(
    'select facts, body from event where conversation = $1 and type = $2 order by seq',
    [conversation, type],
  );
  return rows;
}

const taken = (by: OperatorId): NewEvent =>
  changeOwner(
    { owner: { kind: 'bot' }, epoch: 0 },
    { kind: 'operator', operator: by },
    { kind: 'operator', operator: by },
    'taken',
  );

describe('a link or a code', () => {
  test('brings the conversation to another channel, and what is written there goes on in it', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { link } = await offer(web.conversation);
    const moved = await comes('telegram', 't', link);
    expect(moved?.conversation.id).toBe(web.conversation);
    expect(moved?.hasDueTurn).toBe(true);
    const later = await say(says('telegram', 't', 'and here'));
    expect(later.conversation).toBe(web.conversation);
    expect((await eventsOf(web.conversation, 'conversation.moved'))[0]?.facts).toMatchObject({
      from: 'webchat',
      channel: 'telegram',
      how: 'link',
    });
  });

  test('counts once, also when two come with it at the same time', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { link } = await offer(web.conversation);
    const other = node();
    const both = await Promise.all([
      comes('telegram', 't1', link),
      comes('max', 'm1', link, other.linking),
      comes('telegram', 't2', link),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await eventsOf(web.conversation, 'conversation.moved')).toHaveLength(1);
  });

  test('is worth nothing after its time, or when a newer one was given', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const old = await offer(web.conversation);
    const { code } = await offer(web.conversation);
    expect(await comes('telegram', 't', old.link)).toBeUndefined();
    clock = new Date(clock.getTime() + MOVE_MS + 1_000);
    expect(await types('sms', '7900', code)).toBeUndefined();
  });

  test('is stored as a hash', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { code, link } = await offer(web.conversation);
    const { rows } = await db.query('select m::text as move, e.body::text as body from move m, event e');
    const stored = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(stored).not.toContain(link);
    expect(stored).not.toContain(code.replaceAll(' ', ''));
  });

  test('may be typed with spaces or said digit by digit; another number is no code', () => {
    const typed = { how: 'code', bucket: '123', code: '123456789' };
    expect(codeKey('123 456-789')).toEqual(typed);
    expect(codeKey('Один два три четыре пять шесть семь восемь девять.')).toEqual(typed);
    expect(codeKey('one two three, four five six, seven eight nine')).toEqual(typed);
    expect(codeKey('my number is 123456789')).toBeUndefined();
    expect(codeKey('12345678')).toBeUndefined();
  });

  test('dies of five wrong guesses at it, whoever makes them', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    for (let n = 0; n < 5; n++) expect(await types('sms', `g${n}`, wrong(code))).toBeUndefined();
    expect(await types('sms', 'right', code)).toBeUndefined();
  });

  test('is not looked at from who guessed wrong five times, and still is from others', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    const elsewhere = `${(Number(code.slice(0, 3)) + 1) % 1_000}`.padStart(3, '0');
    for (let n = 0; n < 5; n++) await types('sms', 'guesser', `${elsewhere}${code.slice(3)}`);
    expect(await types('sms', 'guesser', code)).toBeUndefined();
    expect((await types('sms', 'right', code))?.conversation.id).toBe(web.conversation);
  });

  test('makes nobody wait who writes a number that no code begins with', async () => {
    const across = vi.spyOn(log, 'across');
    // The BIC of a bank has nine digits.
    expect(await types('sms', '7900', '044525225')).toBeUndefined();
    expect(await comes('telegram', 't', `okno_${'a'.repeat(22)}`)).toBeUndefined();
    expect(across).not.toHaveBeenCalled();
  });

  test('does not bring one customer of the bank into the conversation of another', async () => {
    const anna = await say(says('webchat', 'w', 'hello', 'customer-1'));
    await say(says('telegram', 't', 'hi', 'customer-2'));
    const { link } = await offer(anna.conversation);
    expect(await comes('telegram', 't', link)).toBeUndefined();
  });
});

test('whom the bank knows is brought only into a conversation that it knows as theirs', async () => {
  const stranger = await say(says('telegram', 't', 'hello'));
  const { link, code } = await offer(stranger.conversation);
  const key = linkKey(link, 'webchat', 'w');
  const signed = { ...says('webchat', 'w', '', 'customer-1'), events: () => [] };
  if (!key) throw new Error('no link');
  expect(await linking.redeem(signed, key)).toBeUndefined();
  expect(await linking.look(signed, key)).toEqual({ state: 'another-client' });
  // Also by a code, and by what was proved before and still counts.
  await say(says('webchat', 'w', 'hi', 'customer-1'));
  expect(await types('webchat', 'w', code)).toBeUndefined();
  expect(await comes('webchat', 'w', link)).toBeUndefined();
  // The stranger turns out to be that client.
  await say(says('telegram', 't', 'it is me', 'customer-1'));
  expect((await linking.look(signed, key)).state).toBe('open');
});

test('a client goes on in the conversation that they chose, also where they wrote elsewhere since', async () => {
  const web = await say(says('webchat', 'w', 'hello'));
  const { link } = await offer(web.conversation);
  clock = new Date(clock.getTime() + 1_000);
  const own = await say(says('telegram', 't', 'hi'));
  expect((await comes('telegram', 't', link))?.conversation.id).toBe(web.conversation);
  expect((await rowOf(own.conversation))?.status).toBe('closed');
});

describe('of two open conversations', () => {
  test('the less recent ends; its state, its threads and what nobody answered go over', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, {
      type: 'turn.completed',
      facts: { turn: 0, now: clock.toISOString(), seed: 1, trail: [] },
      body: { state: { slot: 'kept' } },
    });
    clock = new Date(clock.getTime() + 1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    const moved = await types('sms', '7900', code);
    expect(moved?.conversation.id).toBe(web.conversation);
    expect((await rowOf(sms.conversation))?.status).toBe('closed');
    expect((await eventsOf(sms.conversation, 'conversation.continued'))[0]?.facts.in).toBe(web.conversation);
    const [carried] = await eventsOf(web.conversation, 'context.carried');
    expect(carried?.facts).toMatchObject({ from: sms.conversation, unanswered: 1 });
    expect(carried?.body).toEqual({ bot: { slot: 'kept' }, said: [{ kind: 'text', text: 'first' }] });
    const { rows } = await db.query('select 1 from due_turn where conversation = $1', [sms.conversation]);
    expect(rows).toEqual([]);
    expect((await say(says('sms', '7900', 'more'))).conversation).toBe(web.conversation);
  });

  test('the one with an operator goes on, though it is the less recent', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, taken(OLGA));
    clock = new Date(clock.getTime() + 1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    expect((await types('sms', '7900', code))?.conversation.id).toBe(sms.conversation);
    expect((await rowOf(web.conversation))?.status).toBe('closed');
  });

  test('both stay open where each has an operator; the client goes on in the more recent', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, taken(OLGA));
    clock = new Date(clock.getTime() + 1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    await append(web.conversation, taken(IVAN));
    const { code } = await offer(web.conversation);
    await types('sms', '7900', code);
    expect((await rowOf(sms.conversation))?.status).toBe('open');
    const [told] = await eventsOf(sms.conversation, 'identity.linked');
    expect(told?.facts.in).toBe(web.conversation);
    expect((await say(says('sms', '7900', 'more'))).conversation).toBe(web.conversation);
  });

  test('messages that come while contacts are linked are each stored once, in a conversation of the client', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    const other = node();
    const texts = Array.from({ length: 30 }, (_, n) => `m${n}`);
    const sent = texts.map((text, n) =>
      say(says(n % 2 ? 'sms' : 'webchat', n % 2 ? '7900' : 'w', text), n % 3 ? log : other.log),
    );
    const [moved] = await Promise.all([types('sms', '7900', code), ...sent]);
    expect(moved).toBeDefined();
    const { rows } = await db.query(
      `select body -> 'content' -> 0 ->> 'text' as text from event where type = 'message.received'
         and body -> 'content' -> 0 ->> 'text' like 'm%'`,
    );
    expect(rows.map(({ text }) => text).sort()).toEqual([...texts].sort());
    const { rows: open } = await db.query(`select id from conversation where status = 'open'`);
    expect(open).toHaveLength(1);
    expect([sms.conversation, web.conversation]).toContain(open[0]?.id);
  });
});

describe('one customer of the bank', () => {
  test('who is proved in two channels is one contact, also after a crash before the link', async () => {
    const web = await say(says('webchat', 'w', 'hello', 'customer-1'));
    clock = new Date(clock.getTime() + 1_000);
    const max = await say(says('max', 'm', 'hi', 'customer-1'));
    // Nobody was woken, as after a crash.
    await linking.start();
    expect((await rowOf(web.conversation))?.status).toBe('closed');
    expect((await say(says('webchat', 'w', 'more'))).conversation).toBe(max.conversation);
    const [linked] = await eventsOf(max.conversation, 'identity.linked');
    expect(linked?.facts).toMatchObject({ evidence: 'bank-authenticated', how: 'same-customer' });
  });

  test('is never found by a name or a phone number', async () => {
    const sms = await say(says('sms', '+79001234567', 'first'));
    const other = await say(says('kannel', '+79001234567', 'hello'));
    await linking.start();
    expect(sms.conversation).not.toBe(other.conversation);
    expect((await rowOf(sms.conversation))?.status).toBe('open');
  });
});

test('what is said of a client by law, to keep or to erase, reaches all that is linked', async () => {
  const web = await say(says('webchat', 'anna', 'моя почта anna@bank.example', 'c1'));
  const phone = await say(says('telegram', '7001', 'это Анна', 'c1'));
  await linking.start();
  const open = await db.query<{ id: ConversationId }>(`select id from conversation where status = 'open'`);
  for (const { id } of open.rows)
    await log.commit([
      {
        conversation: id,
        events: [{ type: 'conversation.closed', facts: { by: { kind: 'hub' }, reason: 'silence' } }],
      },
    ]);
  const { rows } = await db.query<{ contact: ContactId }>(
    'select distinct contact from conversation where id = any($1::uuid[])',
    [[web.conversation, phone.conversation]],
  );
  expect(rows).toHaveLength(2);
  const [first, second] = rows.map(({ contact }) => contact);
  if (!first || !second) throw new Error('two contacts were made');
  const held = await hold(db, { contact: first }, 'court', 'cli', clock);
  expect(await eraseContact(db, second, 'cli', clock)).toEqual({ outcome: 'held' });
  await release(db, held ?? '', 'cli', clock);
  expect(await eraseContact(db, second, 'cli', clock)).toMatchObject({ outcome: 'erased', conversations: 2 });
  const left = await db.query(`select from event where type = 'message.received' and body is not null`);
  expect(left.rowCount).toBe(0);
});

test('a link that is undone parts what comes later, also where another node remembered it', async () => {
  const web = await say(says('webchat', 'w', 'hello'));
  const { link } = await offer(web.conversation);
  await comes('telegram', 't', link);
  const there = await say(says('telegram', 't', 'here'));
  const other = node();
  await say(says('telegram', 't', 'remembered'), other.log);
  await say(says('telegram', 't', 'remembered again'), other.log);
  expect(await linking.unlink(there.identity, web.conversation, { kind: 'operator', operator: OLGA })).toBe(
    'unlinked',
  );
  // The other node reads this conversation anew for another reason, before the sender comes again.
  const [known] = await other.log.commit([{ conversation: web.conversation, events: [taken(OLGA)] }]);
  expect(known?.outcome).toBe('committed');
  const later = await say(says('telegram', 't', 'later'), other.log);
  expect(later.conversation).not.toBe(web.conversation);
  expect((await rowOf(web.conversation))?.thread).toBe(web.thread);
  expect((await say(says('webchat', 'w', 'still here'))).conversation).toBe(web.conversation);
  expect(await linking.unlink(there.identity, web.conversation, { kind: 'operator', operator: OLGA })).toBe(
    'not-linked',
  );
});

/** The same code with another last digit. */
function wrong(code: string): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
}
