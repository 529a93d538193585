import { describe, expect, test } from 'vitest';
import { addressKey, createAttempts } from '../../../gateway/access/attempts.ts';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

describe('attempts', () => {
  test('come back evenly, and never more than there were', () => {
    const attempts = createAttempts({ attempts: 2, perMs: 20_000 });
    expect([0, 0, 0].map(() => attempts.take('a', at(0)))).toEqual([0, 0, 10_000]);
    expect(attempts.take('a', at(9))).toBe(1_000);
    expect(attempts.take('a', at(10))).toBe(0);
    expect([0, 0, 0].map(() => attempts.take('a', at(1_000)))).toEqual([0, 0, 10_000]);
  });

  test('of different keys do not count together', () => {
    const attempts = createAttempts({ attempts: 1, perMs: 1_000 });
    expect([attempts.take('a', at(0)), attempts.take('b', at(0))]).toEqual([0, 0]);
  });

  test('that were no guess are given back', () => {
    const attempts = createAttempts({ attempts: 1, perMs: 1_000 });
    attempts.take('a', at(0));
    attempts.giveBack('a');
    attempts.giveBack('a');
    expect([attempts.take('a', at(0)), attempts.take('a', at(0))]).toEqual([0, 1_000]);
  });

  test('are kept for so many keys and no more; the longest unused is forgotten first', () => {
    const attempts = createAttempts({ attempts: 1, perMs: 1_000_000 }, 2);
    for (const key of ['a', 'b', 'a', 'c']) attempts.take(key, at(0));
    expect(attempts.take('a', at(0))).toBeGreaterThan(0);
    expect(attempts.take('b', at(0))).toBe(0);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::5:6', '2001:db8:0:0'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
])('the attempts of %s count for %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
