import { expect, test } from 'vitest';
import { parseScripts } from '../../bots/load.ts';
import { createResponder } from '../../bots/responder.ts';
import { parseState, withCarried } from '../../bots/state.ts';
import { emptyConversation } from '../../gateway/model/conversation.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId } from '../../gateway/model/ids.ts';
import type { Entity, Understanding } from '../../nlu/types.ts';
import { pay } from './hand-made.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

const frame = { script: 'transfer', step: 'amount', slots: { amount: '100' } };
const stateOf = (fields: object) => ({
  v: 1,
  frames: [],
  carried: {},
  question: 0,
  misses: [],
  offered: [],
  done: [],
  ...fields,
});

test('what was open in a conversation that goes on here is open here, with its slots', () => {
  const there = stateOf({ frames: [frame], carried: { account: 'checking' }, question: 4 });
  const here = withCarried(parseState(undefined), [there]);
  expect(here.frames).toMatchObject([frame]);
  expect(here.carried).toEqual({ account: 'checking' });
  expect(here.question).toBe(4);
});

test('what is open here stays, and what was said here is newer', () => {
  const own = { script: 'balance', step: 'account', slots: {} };
  const here = parseState(stateOf({ frames: [own], carried: { account: 'savings' } }));
  const there = stateOf({ frames: [frame], carried: { account: 'checking', city: 'Omsk' } });
  const after = withCarried(here, [there]);
  expect(after.frames).toMatchObject([own]);
  expect(after.carried).toEqual({ account: 'savings', city: 'Omsk' });
});

test('a state of another shape carries nothing', () => {
  expect(withCarried(parseState(undefined), ['broken', null])).toEqual(parseState(undefined));
});

test('a script that asks for the code does not go along to the conversation that goes on', () => {
  const asking = { script: 'continue_here', step: 'ask', slots: {} };
  const there = stateOf({ frames: [frame, asking] });
  const here = withCarried(parseState(undefined), [there], (script) => script === 'continue_here');
  expect(here.frames.map(({ script }) => script)).toEqual(['transfer']);
});

const look = `
script: look
title: { ru: просмотр, en: look }
when: { intents: [look] }
steps:
  - call: look
  - say: { ru: "Вот.", en: "Here." }
`;
const actions = `
actions:
  look: { path: /look, parameters: {}, needs: nothing, repeatable: true, changes: false, timeout_ms: 1000 }
  pay: { path: /pay, parameters: { amount: true }, needs: nothing, repeatable: false, timeout_ms: 1000 }
`;

/** Just what these tests say. */
function understand(text: string): Understanding {
  const all = { text, start: 0, end: text.length };
  const entities: Entity[] = [];
  if (text === 'yes') entities.push({ kind: 'yes_no', value: 'yes', ...all });
  if (/^\d+$/.test(text)) entities.push({ kind: 'money', value: { amount: text }, ...all });
  const intent = text === 'look' ? 'look' : 'none';
  return { text, language: 'en', intent, confidence: 0.9, alternatives: [], entities, model: 'hand' };
}

/** What is called where a client had said something elsewhere, and their conversation from there went on in this one. */
function callsAfter(said: string, { here, there }: { readonly here?: object; readonly there?: object }) {
  const files = [commonYaml, actions, pay, look, ...helpers];
  const { set, problems } = parseScripts(files.map((text, at) => ({ name: `${at}.yaml`, text })));
  if (!set) throw new Error(JSON.stringify(problems));
  const conversation = emptyConversation('c' as ConversationId, 'k' as ContactId);
  const now = new Date('2026-11-23T10:00:00Z');
  const decisions = createResponder({ scripts: set, understand }).respond({
    event: {
      type: 'context.carried',
      facts: { from: 'other' as ConversationId, unanswered: 1 },
      body: { said: [{ kind: 'text', text: said }] },
      conversation: conversation.id,
      seq: 9,
      at: now,
    },
    conversation: { ...conversation, turn: { actions: {}, bot: here, carried: [there] } },
    contact: {
      id: conversation.contact,
      identity: { id: 'i' as IdentityId, channel: 'sms' as ChannelId, evidence: 'bank-authenticated' },
    },
    now,
    seed: 0,
  });
  const completed = decisions.find((decision) => decision.type === 'turn.completed');
  return {
    calls: decisions.flatMap((decision) => (decision.type === 'action.requested' ? [decision.name] : [])),
    frames: parseState(completed?.state).frames,
  };
}

const toConfirm = stateOf({
  frames: [{ script: 'pay', step: 'confirm', slots: { amount: '100' }, asked: true }],
});

test.each(['yes', '999'])(
  '«%s» that was said elsewhere confirms and changes nothing that is open here',
  (said) => {
    const { calls, frames } = callsAfter(said, { here: toConfirm });
    expect(calls).toEqual([]);
    expect(frames).toMatchObject([{ script: 'pay', step: 'confirm', slots: { amount: '100' } }]);
  },
);

test('a request that was made elsewhere begins on top of what is open here', () => {
  const { calls, frames } = callsAfter('look', { here: toConfirm });
  expect(calls).toEqual(['look']);
  expect(frames.map(({ script }) => script)).toEqual(['pay', 'look']);
});

test('a question that came along with its answer is answered', () => {
  expect(callsAfter('yes', { there: toConfirm }).calls).toEqual(['pay']);
});
