import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newId } from '../../gateway/ids.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type { ContactId, ConversationId, DeliveryId, MessageId } from '../../gateway/model/ids.ts';
import { MOVE_MS } from '../../gateway/moves.ts';
import { markAttempts, recordAttempts, unfinishedOf } from '../../gateway/store/deliveries.ts';
import { eraseContact } from '../../gateway/store/erase.ts';
import { hold, release } from '../../gateway/store/holds.ts';
import { codeKey, IVAN, linkKey, OLGA, openStage, type Stage, says, taken, wrong } from './moving-stage.ts';

let stage: Stage;
const say: Stage['say'] = (...what) => stage.say(...what);
const append: Stage['append'] = (...what) => stage.append(...what);
const offer: Stage['offer'] = (...what) => stage.offer(...what);
const comes: Stage['comes'] = (...what) => stage.comes(...what);
const types: Stage['types'] = (...what) => stage.types(...what);
const rowOf: Stage['rowOf'] = (...what) => stage.rowOf(...what);
const eventsOf: Stage['eventsOf'] = (...what) => stage.eventsOf(...what);

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

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
    const other = stage.node();
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
    stage.wait(MOVE_MS + 1_000);
    expect(await types('sms', '7900', code)).toBeUndefined();
  });

  test('is stored as a hash', async () => {
    const web = await say(says('webchat', 'w', 'hello'));
    const { code, link } = await offer(web.conversation);
    const { rows } = await stage.db.query(
      'select m::text as move, e.body::text as body from move m, event e',
    );
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
    const across = vi.spyOn(stage.log, 'across');
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
  const key = linkKey(link);
  const signed = { ...says('webchat', 'w', '', 'customer-1'), events: () => [] };
  if (!key) throw new Error('no link');
  expect(await stage.linking.redeem(signed, key)).toBeUndefined();
  expect(await stage.linking.look(signed, key)).toEqual({ state: 'another-client' });
  // Also by a code, and by what was proved before and still counts.
  await say(says('webchat', 'w', 'hi', 'customer-1'));
  expect(await types('webchat', 'w', code)).toBeUndefined();
  expect(await comes('webchat', 'w', link)).toBeUndefined();
  // The stranger turns out to be that client.
  await say(says('telegram', 't', 'it is me', 'customer-1'));
  expect((await stage.linking.look(signed, key)).state).toBe('open');
});

test('a client goes on in the conversation that they chose, also where they wrote elsewhere since', async () => {
  const web = await say(says('webchat', 'w', 'hello'));
  const { link } = await offer(web.conversation);
  stage.wait(1_000);
  const own = await say(says('telegram', 't', 'hi'));
  expect((await comes('telegram', 't', link))?.conversation.id).toBe(web.conversation);
  expect((await rowOf(own.conversation))?.status).toBe('closed');
});

describe('of two open conversations', () => {
  test('the less recent ends; its state, its threads and what nobody answered go over', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, {
      type: 'turn.completed',
      facts: { turn: 0, now: stage.now().toISOString(), seed: 1, trail: [] },
      body: { state: { slot: 'kept' } },
    });
    stage.wait(1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    const moved = await types('sms', '7900', code);
    expect(moved?.conversation.id).toBe(web.conversation);
    expect((await rowOf(sms.conversation))?.status).toBe('closed');
    expect((await eventsOf(sms.conversation, 'conversation.continued'))[0]?.facts.in).toBe(web.conversation);
    const [carried] = await eventsOf(web.conversation, 'context.carried');
    expect(carried?.facts).toMatchObject({ from: sms.conversation, unanswered: 1 });
    expect(carried?.body).toEqual({ bot: { slot: 'kept' }, said: [{ kind: 'text', text: 'first' }] });
    const { rows } = await stage.db.query('select 1 from due_turn where conversation = $1', [
      sms.conversation,
    ]);
    expect(rows).toEqual([]);
    expect((await say(says('sms', '7900', 'more'))).conversation).toBe(web.conversation);
  });

  test('what the one that ends still has to send goes out first, and is not cancelled', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    const bot = (text: string): NewEvent => ({
      type: 'message.sent',
      facts: { message: newId<MessageId>(), thread: sms.thread, author: { kind: 'bot' }, kinds: ['text'] },
      body: { content: [{ kind: 'text', text }] },
    });
    await append(sms.conversation, bot('one'), bot('two'));
    stage.wait(1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    await types('sms', '7900', code);
    await append(web.conversation, bot('three'));
    const [waiting = []] = await unfinishedOf(stage.db, [sms.thread]);
    expect(waiting.map(({ conversation, state }) => [conversation, state])).toEqual([
      [sms.conversation, 'due'],
      [sms.conversation, 'due'],
      [web.conversation, 'due'],
    ]);
    for (const [index, { id, conversation }] of waiting.entries()) {
      const { rows } = await stage.db.query<{ term: number }>(
        'select s.term from shard s join conversation c on c.shard = s.shard where c.id = $1',
        [conversation],
      );
      const mark = (one: DeliveryId) =>
        markAttempts(stage.db, [{ id: one, term: rows[0]?.term ?? -1 }], stage.now());
      for (const { id: later } of waiting.slice(index + 1)) expect(await mark(later)).toEqual([undefined]);
      const [marked] = await mark(id);
      expect(marked).toMatchObject({ id, state: 'attempting' });
      const after = {
        state: 'accepted',
        partsAccepted: 1,
        dueAt: stage.now(),
        possiblyTwice: false,
      } as const;
      await recordAttempts(stage.db, [{ delivery: id, number: 1, outcome: 'accepted', after }], stage.now());
    }
  });

  test('the one with an operator goes on, though it is the less recent', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, taken(OLGA));
    stage.wait(1_000);
    const web = await say(says('webchat', 'w', 'hello'));
    const { code } = await offer(web.conversation);
    expect((await types('sms', '7900', code))?.conversation.id).toBe(sms.conversation);
    expect((await rowOf(web.conversation))?.status).toBe('closed');
  });

  test('both stay open where each has an operator; the client goes on in the more recent', async () => {
    const sms = await say(says('sms', '7900', 'first'));
    await append(sms.conversation, taken(OLGA));
    stage.wait(1_000);
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
    const other = stage.node();
    const texts = Array.from({ length: 30 }, (_, n) => `m${n}`);
    const sent = texts.map((text, n) =>
      say(says(n % 2 ? 'sms' : 'webchat', n % 2 ? '7900' : 'w', text), n % 3 ? stage.log : other.log),
    );
    const [moved] = await Promise.all([types('sms', '7900', code), ...sent]);
    expect(moved).toBeDefined();
    const { rows } = await stage.db.query(
      `select body -> 'content' -> 0 ->> 'text' as text from event where type = 'message.received'
         and body -> 'content' -> 0 ->> 'text' like 'm%'`,
    );
    expect(rows.map(({ text }) => text).sort()).toEqual([...texts].sort());
    const { rows: open } = await stage.db.query(`select id from conversation where status = 'open'`);
    expect(open).toHaveLength(1);
    expect([sms.conversation, web.conversation]).toContain(open[0]?.id);
  });
});

describe('one customer of the bank', () => {
  test('who is proved in two channels is one contact, also after a crash before the link', async () => {
    const web = await say(says('webchat', 'w', 'hello', 'customer-1'));
    stage.wait(1_000);
    const max = await say(says('max', 'm', 'hi', 'customer-1'));
    // Nobody was woken, as after a crash.
    await stage.linking.start();
    expect((await rowOf(web.conversation))?.status).toBe('closed');
    expect((await say(says('webchat', 'w', 'more'))).conversation).toBe(max.conversation);
    const [linked] = await eventsOf(max.conversation, 'identity.linked');
    expect(linked?.facts).toMatchObject({ evidence: 'bank-authenticated', how: 'same-customer' });
  });

  test('is never found by a name or a phone number', async () => {
    const sms = await say(says('sms', '+79001234567', 'first'));
    const other = await say(says('kannel', '+79001234567', 'hello'));
    await stage.linking.start();
    expect(sms.conversation).not.toBe(other.conversation);
    expect((await rowOf(sms.conversation))?.status).toBe('open');
  });
});

test('what is said of a client by law, to keep or to erase, reaches all that is linked', async () => {
  const web = await say(says('webchat', 'anna', 'моя почта anna@bank.example', 'c1'));
  const phone = await say(says('telegram', '7001', 'это Анна', 'c1'));
  await stage.linking.start();
  const open = await stage.db.query<{ id: ConversationId }>(
    `select id from conversation where status = 'open'`,
  );
  for (const { id } of open.rows)
    await stage.log.commit([
      {
        conversation: id,
        events: [{ type: 'conversation.closed', facts: { by: { kind: 'hub' }, reason: 'silence' } }],
      },
    ]);
  const { rows } = await stage.db.query<{ contact: ContactId }>(
    'select distinct contact from conversation where id = any($1::uuid[])',
    [[web.conversation, phone.conversation]],
  );
  expect(rows).toHaveLength(2);
  const [first, second] = rows.map(({ contact }) => contact);
  if (!first || !second) throw new Error('two contacts were made');
  const held = await hold(stage.db, { contact: first }, 'court', 'cli', stage.now());
  expect(await eraseContact(stage.db, second, 'cli', stage.now())).toEqual({ outcome: 'held' });
  await release(stage.db, held ?? '', 'cli', stage.now());
  expect(await eraseContact(stage.db, second, 'cli', stage.now())).toMatchObject({
    outcome: 'erased',
    conversations: 2,
  });
  const left = await stage.db.query(`select from event where type = 'message.received' and body is not null`);
  expect(left.rowCount).toBe(0);
});

test('a link that is undone parts what comes later, also where another node remembered it', async () => {
  const web = await say(says('webchat', 'w', 'hello'));
  const { link } = await offer(web.conversation);
  await comes('telegram', 't', link);
  const there = await say(says('telegram', 't', 'here'));
  const other = stage.node();
  await say(says('telegram', 't', 'remembered'), other.log);
  await say(says('telegram', 't', 'remembered again'), other.log);
  expect(
    await stage.linking.unlink(there.identity, web.conversation, { kind: 'operator', operator: OLGA }),
  ).toBe('unlinked');
  // The other node reads this conversation anew for another reason, before the sender comes again.
  const [known] = await other.log.commit([{ conversation: web.conversation, events: [taken(OLGA)] }]);
  expect(known?.outcome).toBe('committed');
  const later = await say(says('telegram', 't', 'later'), other.log);
  expect(later.conversation).not.toBe(web.conversation);
  expect((await rowOf(web.conversation))?.thread).toBe(web.thread);
  expect((await say(says('webchat', 'w', 'still here'))).conversation).toBe(web.conversation);
  expect(
    await stage.linking.unlink(there.identity, web.conversation, { kind: 'operator', operator: OLGA }),
  ).toBe('not-linked');
});
