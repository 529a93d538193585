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

  test('the same request with other values comes after the answer; as often as it is repeated, once', () => {
    const { talk, call } = paying();
    const waiting: ActionState = { call, name: 'pay', state: 'requested' };
    for (let time = 0; time < 2; time++)
      expect(texts(talk.says(sum('9.00', 'pay'), [waiting]))).toEqual(['PENDING, THEN payment']);
    expect(texts(talk.take({ what: 'result' }, [done(call, 'pay')]))).toEqual(['Paid $5.', 'Pay $9?']);
    const second = callOf(talk.says(yes()));
    expect(second.parameters).toEqual({ amount: '9.00' });
    expect(texts(talk.take({ what: 'result' }, [done(second.call, 'pay')]))).toEqual(['Paid $9.']);
  });

  test('what is not understood meanwhile is told so; a press for what is under way hears that it is', () => {
    const { talk, call } = paying();
    const waiting: ActionState = { call, name: 'pay', state: 'requested' };
    expect(texts(talk.says(heard('mortgage papers?'), [waiting]))).toEqual(['PENDING, UNCLEAR']);
    const press: Heard = { text: 'Pay', choice: 'go.pay', unreadable: false, clauses: [] };
    expect(texts(talk.says(press, [waiting]))).toEqual(['PENDING']);
  });

  test('more requests than can be open together wait, and none is lost', () => {
    const { talk, call } = paying();
    const waiting: ActionState = { call, name: 'pay', state: 'requested' };
    const looks: ActionState[] = [];
    for (const intent of ['look', 'nap'])
      for (const it of talk.says(heard(intent, intent), [waiting, ...looks]).decisions)
        if (it.type === 'action.requested') looks.push({ call: it.call, name: it.name, state: 'requested' });
    expect(texts(talk.says(heard('look', 'look'), [waiting, ...looks]))).toEqual(['PENDING, THEN look']);
    const stored = parseState(talk.stored);
    expect(stored.frames.map(({ script }) => script)).toEqual(['pay', 'look', 'nap']);
    expect(stored.later.map(({ script }) => script)).toEqual(['look']);
    for (let more = 0; more < 10; more++) talk.says(sum(`${more + 20}.00`, 'pay'), [waiting, ...looks]);
    expect(parseState(talk.stored).later.length).toBeLessThanOrEqual(5);
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

describe('a question for a code', () => {
  const proof = `
script: proof
title: { ru: proof, en: proof }
slots:
  code: { title: { ru: c, en: c }, kind: code, secret: true }
steps:
  - id: send
    call: look
    with: { what: code }
  - ask: code
    text: { ru: CODE?, en: CODE? }
    help:
      words: { en: [code*] }
      text: { ru: HELP, en: HELP }
      choices:
        - step: send
          text: { ru: again, en: again }
        - go: people
  - call: prove
  - say: { ru: PROVED, en: PROVED }
`;
  function atTheCode(): Talk {
    const files = [
      commonYaml,
      actions,
      pay,
      look,
      proof,
      ...helpers.filter((it) => !it.includes('script: proof')),
    ];
    const parsed = parseScripts(files.map((text, at) => ({ name: `${at}.yaml`, text })));
    if (!parsed.set) throw new Error(JSON.stringify(parsed.problems));
    const talk = new Talk(parsed.set);
    talk.evidence = 'claimed';
    talk.says(sum('5.00', 'pay'));
    const { call } = callOf(talk.says(yes()));
    expect(texts(talk.take({ what: 'result' }, [done(call, 'look')]))).toEqual(['CODE?']);
    return talk;
  }
  const code = (said: string) => heard(said);

  test('takes no text without a code for a wrong one, however many there are, and says what can be done', () => {
    const talk = atTheCode();
    for (const it of [yes(), heard('no'), heard('I got no code', 'look'), heard('eh'), heard('12')]) {
      const answer = talk.says(it);
      expect(texts(answer)).toEqual(['HELP']);
      const [said] = answer.decisions
        .flatMap((one) => (one.type === 'message.sent' ? one.content : []))
        .slice(1);
      expect(said).toMatchObject({ choices: [{ text: 'again' }, { id: 'go.people' }] });
    }
    expect(callOf(talk.says(code('123456'))).name).toBe('prove');
  });

  test('a quick reply goes where it says, and an older one does not', () => {
    const talk = atTheCode();
    const idOf = (answer: Answer): string => {
      const content = answer.decisions.flatMap((one) => (one.type === 'message.sent' ? one.content : []));
      const [choices] = content.flatMap((part) => (part.kind === 'choices' ? [part.choices] : []));
      return choices?.[0]?.id ?? '';
    };
    const first = idOf(talk.says(heard('eh')));
    const second = idOf(talk.says(heard('eh')));
    const press = (choice: string): Heard => ({ text: 'again', choice, unreadable: false, clauses: [] });
    expect(texts(talk.says(press(first))).join()).toMatch(/OLD/);
    expect(second).not.toBe(first);
    const third = idOf(talk.says(heard('eh')));
    expect(callOf(talk.says(press(third)))).toMatchObject({ name: 'look', parameters: { what: 'code' } });
  });

  test('another question is answered, and the code is asked for again', () => {
    const talk = atTheCode();
    const { call } = callOf(talk.says(heard('look', 'look')));
    expect(texts(talk.take({ what: 'result' }, [done(call, 'look', { seen: 'it' })]))).toEqual([
      'Here: it.',
      expect.stringMatching(/CODE\?$/),
    ]);
  });

  test('what is changed meanwhile is confirmed again before it is done', () => {
    const talk = atTheCode();
    expect(texts(talk.says(sum('700.00', 'pay')))).toEqual(['Pay $700?']);
    const { call } = callOf(talk.says(yes()));
    talk.take({ what: 'result' }, [done(call, 'look')]);
    const prove = callOf(talk.says(code('123456')));
    talk.evidence = 'code-confirmed';
    const answer = talk.take({ what: 'result' }, [done(prove.call, 'prove')]);
    expect(callOf(answer)).toMatchObject({ name: 'pay', parameters: { amount: '700.00' } });
  });

  test.each([
    ['wrong codes', (talk: Talk) => refused(talk)],
    ['a wish for a person', (talk: Talk) => talk.says(heard('person', 'people'))],
  ])('after %s people are told what was under way', (_how, fail) => {
    const handoff = fail(atTheCode()).decisions.find((it) => it.type === 'handoff.requested');
    expect(handoff).toMatchObject({
      intent: 'pay',
      slots: [{ name: 'amount', value: '$5' }],
    });
  });

  function refused(talk: Talk): Answer {
    const { call } = callOf(talk.says(code('000000')));
    const wrong: ActionState = { call, name: 'prove', state: 'unknown', code: 'lost' };
    return talk.take({ what: 'result' }, [wrong]);
  }
});

test('a second request that needs a proof waits for the proof that is under way, and calls nobody', () => {
  const talk = new Talk();
  talk.evidence = 'claimed';
  talk.says(sum('5.00', 'pay'));
  const { call } = callOf(talk.says(yes()));
  const waiting: ActionState = { call, name: 'prove', state: 'requested' };
  const more = talk.says(sum('7.00', 'pay'), [waiting]);
  expect(texts(more)).toEqual(['Pay $7?']);
  const answer = talk.says(yes(), [waiting]);
  expect(texts(answer)).toEqual(['FIRST, THEN payment']);
  expect(answer.decisions.map(({ type }) => type)).not.toContain('handoff.requested');
  talk.evidence = 'code-confirmed';
  const second = callOf(talk.take({ what: 'result' }, [done(call, 'prove')]));
  expect(second.parameters).toEqual({ amount: '7.00' });
  const first = talk.take({ what: 'result' }, [done(second.call, 'pay')]);
  expect(texts(first)).toEqual(['Paid $7.']);
  expect(callOf(first).parameters).toEqual({ amount: '5.00' });
});

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
    reason: 'unconfirmed',
  });
});

test.each(['cancel', 'people'])('a plain answer that sounds a little like “%s” is an answer', (intent) => {
  const talk = new Talk();
  talk.says(heard('pay', 'pay'));
  const answer = sum('5.00', intent);
  const faint = { ...answer, whole: answer.whole && { ...answer.whole, confidence: 0.6 } };
  expect(texts(talk.says(faint))).toEqual(['Pay $5?']);
});
