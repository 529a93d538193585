import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { close } from '../../gateway/decide-turn.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import { keyOf, MOVE_MS } from '../../gateway/moves.ts';
import { codeKey, linkKey, OLGA, openStage, type Stage, says, wrong } from './moving-stage.ts';

/** Somebody who wants into the dialogue of another, or wants to keep them out of it. */

let stage: Stage;

/** Of this test alone, as a part of everybody's name. */
let who = 0;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
// What was offered and guessed before counts no more.
beforeEach(() => {
  who += 1;
  stage.wait(MOVE_MS + 1_000);
});

async function victim() {
  const web = await stage.say(says('webchat', `victim ${who}`, 'hello'));
  return { ...web, ...(await stage.offer(web.conversation)) };
}

async function count(query: string): Promise<number> {
  const { rows } = await stage.db.query<{ count: number }>(`select count(*) as count ${query}`);
  return rows[0]?.count ?? -1;
}

const joinedIn = (conversation: ConversationId) =>
  count(`from event where type = 'conversation.moved' and conversation = '${conversation}'`);

test('guesses from many channels and numbers at once are five at a code, and then it is dead', async () => {
  const { code, conversation } = await victim();
  const nodes = [stage, stage.node()];
  const guesses = Array.from({ length: 40 }, (_, n) => {
    const channel = ['telegram', 'twilio', 'voice', 'max'][n % 4] ?? '';
    const guess = `${code.slice(0, 3)}${String(900_000 + n)}`;
    // Whatever the code is, it is not among them.
    const other = guess === code.replaceAll(' ', '') ? wrong(code) : guess;
    return stage.types(channel, `guesser ${n}`, other, nodes[n % 2]?.linking);
  });
  expect((await Promise.all(guesses)).filter(Boolean)).toEqual([]);
  expect(await count(`from move where conversation = '${conversation}' and wrong = 5`)).toBe(1);
  // Its client has to ask for another.
  expect(await stage.types('sms', `victim ${who}`, code)).toBeUndefined();
  expect(await joinedIn(conversation)).toBe(0);
  const { code: next } = await stage.offer(conversation);
  expect((await stage.types('sms', `victim ${who}`, next))?.conversation.id).toBe(conversation);
});

test('a caller who withholds their number is one guesser in each call', async () => {
  const { code } = await victim();
  const elsewhere = `${(Number(code.slice(0, 3)) + 1) % 1_000}`.padStart(3, '0') + code.slice(3);
  for (let n = 0; n < 5; n++) await stage.types('voice', 'call:c1', elsewhere);
  expect(await stage.types('voice', 'call:c1', code)).toBeUndefined();
  expect((await stage.types('voice', 'call:c2', code))?.outcome).toBe('committed');
});

test('of two who redeem the same move at once, by its link and by its code, on two nodes, one has it', async () => {
  for (let round = 0; round < 10; round++) {
    const web = await stage.say(says('webchat', `w${round}`, 'hello'));
    const { link, code } = await stage.offer(web.conversation);
    const both = await Promise.all([
      stage.comes('telegram', `t${round}`, link),
      stage.types('voice', `v${round}`, code, stage.node().linking),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await joinedIn(web.conversation)).toBe(1);
    const { rows } = await stage.db.query(
      `select count(distinct contact) as contacts from identity where external_user = any($1)`,
      [[`w${round}`, `t${round}`, `v${round}`]],
    );
    // The winner is the client; who lost has not even a contact by it.
    expect(rows).toEqual([{ contacts: 1 }]);
  }
});

test('a code that was used is worth nothing, to its client either', async () => {
  const { code, link, conversation } = await victim();
  expect((await stage.types('voice', '+79160000001', code))?.conversation.id).toBe(conversation);
  for (const user of ['+79160000001', '+79160000002']) {
    expect(await stage.types('voice', user, code)).toBeUndefined();
    expect(await stage.comes('telegram', user, link)).toBeUndefined();
  }
  const stranger = await stage.say(says('voice', '+79160000002', 'hello'));
  expect(stranger.conversation).not.toBe(conversation);
  expect(await joinedIn(conversation)).toBe(1);
});

test('a dialogue goes on in no place that is another client’s', async () => {
  const other = await stage.say(says('webhook', 'other', 'my own dialogue'));
  const { code, link, conversation } = await victim();
  const inOthersPlace = (text: string) => {
    const change = says('webhook', 'attacker', text);
    return { ...change, sender: { ...change.sender, externalThread: 'other' } };
  };
  for (const key of [codeKey(code), linkKey(link)]) {
    if (!key) throw new Error('no key');
    expect(await stage.linking.redeem(inOthersPlace(code), key)).toBeUndefined();
  }
  expect(await count(`from binding where thread = '${other.thread}'`)).toBe(1);
  // Its client can still use it.
  expect((await stage.types('sms', `victim ${who}`, code))?.conversation.id).toBe(conversation);
});

const over = async (conversation: ConversationId) => {
  const row = await stage.rowOf(conversation);
  const state = { owner: { kind: 'bot' }, epoch: Number(row?.epoch) } as const;
  await stage.append(conversation, ...close(state, { kind: 'bot' }, 'done'));
};

test('a code of a conversation that is over leads nowhere, also where its client has begun another', async () => {
  const { code, link, conversation } = await victim();
  await over(conversation);
  expect(await stage.types('sms', `a ${who}`, code)).toBeUndefined();
  const next = await stage.say(says('webchat', `victim ${who}`, 'something new and private'));
  expect(next.conversation).not.toBe(conversation);
  expect(await stage.types('sms', `a ${who}`, code)).toBeUndefined();
  const key = linkKey(link);
  if (!key) throw new Error('no link');
  expect(await stage.linking.look(says('telegram', `a ${who}`, ''), key)).toEqual({ state: 'ended' });
  expect(await stage.comes('telegram', `a ${who}`, link)).toBeUndefined();
  expect(await joinedIn(conversation)).toBe(0);
  expect(await joinedIn(next.conversation)).toBe(0);
});

test('a code of a conversation that went on in another leads there', async () => {
  const { code, conversation } = await victim();
  stage.wait(1_000);
  const sms = await stage.say(says('sms', `7900${who}`, 'hello'));
  const { code: other } = await stage.offer(sms.conversation);
  expect((await stage.types('webchat', `victim ${who}`, other))?.conversation.id).toBe(sms.conversation);
  expect((await stage.rowOf(conversation))?.status).toBe('closed');
  expect((await stage.types('telegram', `t ${who}`, code))?.conversation.id).toBe(sms.conversation);
});

test('who was parted from a client gets back by no code that was given before', async () => {
  const { code, link, conversation } = await victim();
  await stage.types('telegram', `t ${who}`, code);
  const there = await stage.say(says('telegram', `t ${who}`, 'here'));
  const by = { kind: 'operator', operator: OLGA } as const;
  expect(await stage.linking.unlink(there.identity, conversation, by)).toBe('unlinked');
  expect(await stage.types('telegram', `t ${who}`, code)).toBeUndefined();
  expect(await stage.comes('telegram', `t ${who}`, link)).toBeUndefined();
});

test('what is no message of now is no code: a finished transcript, an edit, a part of a longer text', async () => {
  const { code } = await victim();
  const { sender } = says('voice', '+7916', '');
  const content = [{ kind: 'text', text: code }] as const;
  const common = { dedupeKey: 'k', sender, content };
  expect(keyOf({ type: 'message', ...common })).toBeDefined();
  expect(keyOf({ type: 'message', ...common, past: true })).toBeUndefined();
  expect(keyOf({ type: 'edit', ...common, externalId: '1' })).toBeUndefined();
  expect(keyOf({ type: 'interrupt', dedupeKey: 'k', sender, message: 'm', heard: code })).toBeUndefined();
  expect(codeKey(`перешли это в банк: ${code}`)).toBeUndefined();
  expect(codeKey(`${code} ${code}`)).toBeUndefined();
});
