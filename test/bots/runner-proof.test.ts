import { describe, expect, test } from 'vitest';
import type { Heard } from '../../bots/heard.ts';
import { parseScripts } from '../../bots/load.ts';
import type { Answer } from '../../bots/runner.ts';
import type { ActionState } from '../../gateway/model/conversation.ts';
import { actions, callOf, done, heard, look, pay, sum, Talk, texts, yes } from './hand-made.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

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
