import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterAttempt, CUT_OFF } from '../../gateway/after-attempt.ts';
import type { SendOutcome } from '../../gateway/connectors/outgoing.ts';
import type { Delivery } from '../../gateway/model/delivery.ts';

const now = new Date('2026-11-23T12:00:00Z');
const attempting = {
  id: 'd',
  once: false,
  state: 'attempting',
  attempts: 1,
  partsAccepted: 0,
  possiblyTwice: false,
} as unknown as Delivery;
const unknown: SendOutcome = { outcome: 'unknown', reason: 'timeout' };

describe('a delivery after an attempt', () => {
  test('is accepted when its last part is, and due at once before that', () => {
    const first = afterAttempt(attempting, { outcome: 'accepted' }, 2, now);
    expect(first).toMatchObject({ state: 'due', partsAccepted: 1, dueAt: now });
    const second = afterAttempt(
      { ...attempting, attempts: 2, partsAccepted: 1 },
      { outcome: 'accepted' },
      2,
      now,
    );
    expect(second).toMatchObject({ state: 'accepted', partsAccepted: 2 });
  });

  test('waits as long as the network asks', () => {
    const after = afterAttempt(attempting, { outcome: 'retry', reason: 'slow-down', afterMs: 7_000 }, 1, now);
    expect(after).toMatchObject({ state: 'due', dueAt: new Date(now.getTime() + 7_000) });
  });

  test('waits longer after each refusal, at most ten minutes, and is given up in the end', () => {
    const waits: number[] = [];
    let attempts = 1;
    for (; ; attempts++) {
      const after = afterAttempt({ ...attempting, attempts }, { outcome: 'retry', reason: 'down' }, 1, now);
      if (after.state === 'dead') break;
      waits.push(after.dueAt.getTime() - now.getTime());
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(600_000);
    expect(attempts).toBe(60);
  });

  test('is resent once after an unknown outcome, and flagged', () => {
    const first = afterAttempt(attempting, unknown, 1, now);
    expect(first).toMatchObject({ state: 'due', possiblyTwice: true });
    expect(afterAttempt({ ...attempting, possiblyTwice: true }, unknown, 1, now)).toMatchObject({
      state: 'unknown',
    });
  });

  test('is tried again a few times when it was the hub that was cut off', () => {
    const cutOff = (attempts: number) =>
      afterAttempt({ ...attempting, attempts, possiblyTwice: attempts > 1 }, CUT_OFF, 1, now);
    expect([1, 2, 3, 4].map((attempts) => cutOff(attempts).state)).toEqual(['due', 'due', 'due', 'due']);
    expect(cutOff(5).state).toBe('unknown');
    expect(afterAttempt({ ...attempting, once: true }, CUT_OFF, 1, now).state).toBe('unknown');
  });

  test('is held for a person after an unknown outcome when it must not be said twice', () => {
    const after = afterAttempt({ ...attempting, once: true }, unknown, 1, now);
    expect(after).toMatchObject({ state: 'unknown', possiblyTwice: false });
  });

  test('never loses a part that was accepted', () => {
    const outcome = fc.constantFrom<SendOutcome>(
      { outcome: 'accepted' },
      { outcome: 'rejected', reason: 'r' },
      { outcome: 'retry', reason: 'r' },
      unknown,
    );
    fc.assert(
      fc.property(
        outcome,
        fc.nat(5),
        fc.boolean(),
        fc.boolean(),
        (sent, partsAccepted, once, possiblyTwice) => {
          const before = { ...attempting, attempts: partsAccepted + 1, partsAccepted, once, possiblyTwice };
          const after = afterAttempt(before, sent, 6, now);
          expect(after.partsAccepted).toBe(partsAccepted + (sent.outcome === 'accepted' ? 1 : 0));
          expect(after.state).not.toBe('attempting');
        },
      ),
    );
  });
});
