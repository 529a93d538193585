import { describe, expect, test } from 'vitest';
import type { Heard } from '../../bots/heard.ts';
import { parseState } from '../../bots/state.ts';
import type { ActionState } from '../../gateway/model/conversation.ts';
import { callOf, done, heard, sum, Talk, texts, yes } from './hand-made.ts';

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
