import { describe, expect, test } from 'vitest';
import type { Heard } from '../../bots/heard.ts';
import { parseScripts, type ScriptSet } from '../../bots/load.ts';
import { type Answer, decide, type RunnerTurn } from '../../bots/runner.ts';
import { parseState } from '../../bots/state.ts';
import type { ActionState } from '../../gateway/model/conversation.ts';
import type { Decision } from '../../gateway/model/turn.ts';
import type { Entity } from '../../nlu/types.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

/** Small scripts and messages made by hand: what the runner does, whatever is understood. */

const actions = `
actions:
  look: { path: /look, parameters: { what: true }, needs: nothing, repeatable: true, changes: false, timeout_ms: 1000 }
  pay: { path: /pay, parameters: { amount: true }, needs: code-confirmed, repeatable: false, timeout_ms: 1000 }
  prove: { path: /prove, parameters: {}, needs: nothing, repeatable: true, timeout_ms: 1000, proves: code-confirmed }
`;
const pay = `
script: pay
title: { ru: оплата, en: payment }
when: { intents: [pay] }
slots:
  amount: { title: { ru: Сумма, en: Amount }, kind: money }
steps:
  - ask: amount
    text: { ru: Сколько?, en: How much? }
  - id: confirm
    ask: confirm
    text: { ru: "Заплатить {amount}?", en: "Pay {amount}?" }
  - call: pay
  - say: { ru: "Заплачено {amount}.", en: "Paid {amount}." }
`;
const look = `
script: look
title: { ru: просмотр, en: look }
when: { intents: [look] }
steps:
  - call: look
    with: { what: all }
  - say: { ru: "Вот: {look.seen}.", en: "Here: {look.seen}." }
`;
const nap = `
script: nap
title: { ru: сон, en: nap }
when: { intents: [nap] }
steps:
  - say: { ru: Жду., en: Waiting. }
  - wait: 10 minutes
  - say: { ru: Проснулся., en: Awake. }
`;
const spin = `
script: spin
title: { ru: круг, en: spin }
when: { intents: [spin] }
slots:
  what: { title: { ru: Что, en: What }, kind: text }
steps:
  - id: again
    set: { what: x }
  - set: { what: null }
    go: again
`;

function set(...more: string[]): ScriptSet {
  const files = [commonYaml, actions, pay, look, nap, spin, ...helpers, ...more].map((text, at) => ({
    name: `${at}.yaml`,
    text,
  }));
  const parsed = parseScripts(files);
  if (!parsed.set) throw new Error(JSON.stringify(parsed.problems));
  return parsed.set;
}
const scripts = set();

function heard(text: string, intent = 'none', entities: Entity[] = []): Heard {
  const whole = {
    text,
    language: 'en' as const,
    intent,
    confidence: 0.9,
    alternatives: [],
    entities,
    model: 'hand',
  };
  return { text, unreadable: false, whole, clauses: [] };
}
const yes = (): Heard =>
  heard('yes', 'none', [{ kind: 'yes_no', value: 'yes', text: 'yes', start: 0, end: 3 }]);
const sum = (amount: string, intent = 'none'): Heard =>
  heard(amount, intent, [{ kind: 'money', value: { amount }, text: amount, start: 0, end: amount.length }]);

/** Turns of one conversation, with the state passed on. */
class Talk {
  stored: unknown;
  seq = 0;
  evidence: RunnerTurn['evidence'] = 'bank-authenticated';
  now = new Date('2026-11-23T10:00:00Z');
  readonly scripts: ScriptSet;

  constructor(use = scripts) {
    this.scripts = use;
  }

  take(happening: RunnerTurn['happening'], actions: ActionState[] = []): Answer {
    const turn = {
      happening,
      state: parseState(this.stored),
      actions,
      home: 'en',
      evidence: this.evidence,
      now: this.now,
      seed: 0,
    } as const;
    const answer = decide(this.scripts, { ...turn, seq: ++this.seq });
    const completed = answer.decisions.find((it) => it.type === 'turn.completed');
    this.stored = JSON.parse(JSON.stringify(completed?.type === 'turn.completed' ? completed.state : null));
    return answer;
  }

  says(it: Heard, actions: ActionState[] = []): Answer {
    return this.take({ what: 'message', heard: it }, actions);
  }
}

function texts(answer: Answer): string[] {
  return answer.decisions.flatMap((it) =>
    it.type === 'message.sent'
      ? [it.content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n')]
      : [],
  );
}
function callOf(answer: Answer): Extract<Decision, { type: 'action.requested' }> {
  const call = answer.decisions.find((it) => it.type === 'action.requested');
  if (call?.type !== 'action.requested') throw new Error('nothing was called');
  return call;
}
const done = (call: string, name: string, result: unknown = {}): ActionState => ({
  call,
  name,
  state: 'done',
  result,
});

describe('a call under way', () => {
  function paying(): { talk: Talk; call: string } {
    const talk = new Talk();
    talk.says(sum('5.00', 'pay'));
    return { talk, call: callOf(talk.says(yes())).call };
  }

  test('ends the turn, and its result goes on', () => {
    const { talk, call } = paying();
    const answer = talk.take({ what: 'result' }, [done(call, 'pay')]);
    expect(texts(answer)).toEqual(['Paid $5.']);
    expect(answer.ended).toBe(true);
  });

  test('lets the client speak: what is with the bank cannot be changed, and is not sent twice', () => {
    const { talk, call } = paying();
    const waiting: ActionState = { call, name: 'pay', state: 'requested' };
    for (const it of [yes(), sum('7.00'), heard('hurry up'), sum('9.00', 'pay')]) {
      const answer = talk.says(it, [waiting]);
      expect(answer.decisions.filter(({ type }) => type === 'action.requested')).toEqual([]);
      expect(texts(answer).join()).toMatch(/PENDING/);
    }
  });

  test('does something else meanwhile, and each result finds its own script', () => {
    const { talk, call } = paying();
    const waiting: ActionState = { call, name: 'pay', state: 'requested' };
    const other = callOf(talk.says(heard('look', 'look'), [waiting]));
    expect(other.name).toBe('look');
    expect(
      texts(
        talk.take({ what: 'result' }, [done(call, 'pay'), { ...waiting, call: other.call, name: 'look' }]),
      ),
    ).toEqual(['Paid $5.']);
    expect(texts(talk.take({ what: 'result' }, [done(other.call, 'look', { seen: 'it' })]))).toEqual([
      'Here: it.',
    ]);
  });

  test('a result that nobody waits for is not answered', () => {
    const talk = new Talk();
    const { call } = callOf(talk.says(heard('look', 'look')));
    talk.says(heard('stop', 'cancel'), [{ call, name: 'look', state: 'requested' }]);
    expect(texts(talk.take({ what: 'result' }, [done(call, 'look', { seen: 'it' })]))).toEqual([]);
    expect(texts(talk.take({ what: 'result' }, [done('look-99-0', 'look')]))).toEqual([]);
  });

  test('a result that came together with a message is said before the answer to it', () => {
    const { talk, call } = paying();
    const answer = talk.says(heard('look', 'look'), [done(call, 'pay')]);
    expect(texts(answer)[0]).toBe('Paid $5.');
    expect(callOf(answer).name).toBe('look');
  });

  test('a person works at once, and the result that came meanwhile is told on the return', () => {
    const { talk, call } = paying();
    const answer = talk.says(heard('person', 'people'), [{ call, name: 'pay', state: 'requested' }]);
    expect(answer.decisions.find(({ type }) => type === 'handoff.requested')).toMatchObject({
      reason: 'asked',
      intent: 'pay',
    });
    expect(texts(talk.take({ what: 'returned' }, [done(call, 'pay')]))).toEqual(['BACK', 'Paid $5.']);
  });

  test('a call whose trace is lost may have taken effect: people look', () => {
    const { talk } = paying();
    const answer = talk.take({ what: 'result' }, []);
    expect(answer.decisions.find(({ type }) => type === 'handoff.requested')).toMatchObject({
      reason: 'outcome-unknown',
    });
  });

  test('words of calls never repeat within a conversation, even after the state was lost', () => {
    const talk = new Talk();
    const first = callOf(talk.says(heard('look', 'look'))).call;
    talk.stored = { v: 7 };
    expect(callOf(talk.says(heard('look', 'look'))).call).not.toBe(first);
  });
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

test('a client who is only claimed proves it first, and what they said is kept', () => {
  const talk = new Talk();
  talk.evidence = 'claimed';
  talk.says(sum('5.00', 'pay'));
  const proof = callOf(talk.says(yes()));
  expect(proof).toMatchObject({ name: 'prove', needs: 'nothing' });
  talk.evidence = 'code-confirmed';
  const call = callOf(talk.take({ what: 'result' }, [done(proof.call, 'prove')]));
  expect(call).toMatchObject({
    name: 'pay',
    parameters: { amount: '5.00' },
    needs: 'code-confirmed',
    repeatable: false,
  });
});

test('a proof that changes nothing is not asked for for ever', () => {
  const talk = new Talk();
  talk.evidence = 'claimed';
  talk.says(sum('5.00', 'pay'));
  let answer = talk.says(yes());
  for (let time = 0; time < 5 && !answer.decisions.some(({ type }) => type === 'handoff.requested'); time++) {
    answer = talk.take({ what: 'result' }, [done(callOf(answer).call, 'prove')]);
  }
  expect(answer.decisions.find(({ type }) => type === 'handoff.requested')).toMatchObject({
    reason: 'script',
  });
});

test.each(['cancel', 'people'])('a plain answer that sounds a little like “%s” is an answer', (intent) => {
  const talk = new Talk();
  talk.says(heard('pay', 'pay'));
  const answer = sum('5.00', intent);
  const faint = { ...answer, whole: answer.whole && { ...answer.whole, confidence: 0.6 } };
  expect(texts(talk.says(faint))).toEqual(['Pay $5?']);
});
