import { describe, expect, test } from 'vitest';
import type { Answer } from '../../bots/runner.ts';
import type { ActionState } from '../../gateway/model/conversation.ts';
import { callOf, done, heard, set, sum, Talk, texts } from './hand-made.ts';

test('how it was is asked once, at the end, and never beside an open question', () => {
  const rated = `
script: rated
title: { ru: rated, en: rated }
when: { intents: [rated] }
steps:
  - say: { ru: DONE, en: DONE }
  - rate: { ru: HOW?, en: HOW? }
`;
  const talk = new Talk(set(rated));
  const asked = (answer: Answer) => answer.decisions.filter(({ type }) => type === 'rating.asked');
  talk.says(heard('pay', 'pay'));
  expect(asked(talk.says(heard('rated', 'rated')))).toEqual([]);
  talk.says(heard('stop', 'cancel'));
  expect(asked(talk.says(heard('rated', 'rated')))).toEqual([
    { type: 'rating.asked', text: 'HOW?', locale: 'en' },
  ]);
  expect(asked(talk.says(heard('rated', 'rated')))).toEqual([]);
});

test('of a number only its tail is told, where a script says so', () => {
  const number = `
script: number
title: { ru: number, en: number }
when: { intents: [number] }
slots:
  contract: { title: { ru: c, en: c }, kind: contract_number }
steps:
  - ask: contract
    text: { ru: WHICH?, en: WHICH? }
  - call: look
    with: { what: all }
  - say:
      ru: "{contract|tail} / {look.account|tail} / {look.none|tail}"
      en: "{contract|tail} / {look.account|tail} / {look.none|tail}"
`;
  const talk = new Talk(set(number));
  talk.says(heard('number', 'number'));
  const text = 'PK-445566';
  const found = {
    kind: 'contract_number',
    value: { number: text },
    text,
    start: 0,
    end: text.length,
  } as const;
  const { call } = callOf(talk.says(heard(text, 'none', [found])));
  const result = done(call, 'look', { account: '40817 810 0 9991 0004312' });
  expect(texts(talk.take({ what: 'result' }, [result]))).toEqual(['•• 5566 / •• 4312 /']);
});

describe('the state', () => {
  test.each([
    undefined,
    null,
    7,
    'x',
    [],
    { v: 2 },
    { v: 1, frames: 'no' },
    {
      v: 1,
      frames: [{ script: 'gone', step: 'x' }],
      carried: {},
      question: 0,
      misses: [],
      offered: [],
      done: [],
    },
  ])('of an unknown shape is a fresh start: %j', (stored) => {
    const talk = new Talk();
    talk.stored = stored;
    expect(texts(talk.says(heard('pay', 'pay')))).toEqual(['How much?']);
  });

  test('of a script that is gone is given up without a word of it', () => {
    const talk = new Talk();
    talk.says(heard('pay', 'pay'));
    const fewer = set();
    const later = new Talk({
      ...fewer,
      scripts: new Map([...fewer.scripts].filter(([name]) => name !== 'pay')),
    });
    later.stored = talk.stored;
    expect(() => later.says(sum('5.00'))).not.toThrow();
  });

  test('is not shared: deciding twice from the same state gives the same answer', () => {
    const talk = new Talk();
    talk.says(heard('pay', 'pay'));
    const stored = structuredClone(talk.stored);
    const first = talk.says(sum('5.00'));
    talk.stored = stored;
    talk.seq -= 1;
    expect(talk.says(sum('5.00'))).toEqual(first);
  });
});

test('every turn completes exactly once, with its steps and what was understood', () => {
  const talk = new Talk();
  const { decisions } = talk.says(sum('5.00', 'pay'));
  const completed = decisions.filter(({ type }) => type === 'turn.completed');
  expect(completed).toHaveLength(1);
  expect(completed[0]).toMatchObject({
    intent: 'pay',
    confidence: 0.9,
    model: 'hand',
    trail: [{ script: 'pay', step: 'confirm', what: 'entered' }],
  });
});

test('a script that runs in a circle is stopped, and people take over', () => {
  const answer = new Talk().says(heard('spin', 'spin'));
  expect(answer.decisions.find(({ type }) => type === 'handoff.requested')).toMatchObject({
    reason: 'script',
  });
  expect(answer.decisions.length).toBeLessThan(10);
});

test('waits for its time, and lets the client speak meanwhile', () => {
  const talk = new Talk();
  const { decisions } = talk.says(heard('nap', 'nap'));
  const timer = decisions.find((it) => it.type === 'timer.set');
  if (timer?.type !== 'timer.set') throw new Error('no timer was set');
  expect(timer.afterMs).toBe(600_000);
  const look = callOf(talk.says(heard('look', 'look'))).call;
  expect(texts(talk.take({ what: 'timer', timer: 'another' }))).toEqual([]);
  const waiting: ActionState = { call: look, name: 'look', state: 'requested' };
  expect(texts(talk.take({ what: 'timer', timer: timer.timer }, [waiting]))).toEqual([]);
  const told = texts(talk.take({ what: 'result' }, [done(look, 'look', { seen: 'it' })]));
  expect(told).toEqual(['Here: it.', 'Awake.']);
});

test('asks for nothing twice in the same words', () => {
  const talk = new Talk();
  talk.says(heard('pay', 'pay'));
  const first = texts(talk.says(heard('eh')));
  const second = texts(talk.says(heard('eh')));
  expect(first).not.toEqual(second);
});

test.each(['cancel', 'people'])('a plain answer that sounds a little like “%s” is an answer', (intent) => {
  const talk = new Talk();
  talk.says(heard('pay', 'pay'));
  const answer = sum('5.00', intent);
  const faint = { ...answer, whole: answer.whole && { ...answer.whole, confidence: 0.6 } };
  expect(texts(talk.says(faint))).toEqual(['Pay $5?']);
});
