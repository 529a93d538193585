import { expect, test } from 'vitest';
import { parseState, withCarried } from '../../bots/state.ts';

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
