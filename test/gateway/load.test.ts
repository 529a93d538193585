import { expect, test } from 'vitest';
import { isTooMuch } from '../../gateway/load.ts';

test.each([
  ['a process at rest with nothing to send', { busy: 0.1, underWay: 0 }, false],
  ['a busy process that keeps up', { busy: 1, underWay: 100 }, false],
  [
    'a network that does not answer: much is under way, and the process rests',
    { busy: 0.3, underWay: 5_000 },
    false,
  ],
  ['a busy process with more behind than it sends in a second', { busy: 0.99, underWay: 1_000 }, true],
])('%s', (_what, facts, expected) => {
  expect(isTooMuch(facts)).toBe(expected);
});
