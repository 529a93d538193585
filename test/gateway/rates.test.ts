import { expect, test } from 'vitest';
import type { ChannelId, ThreadId } from '../../gateway/model/ids.ts';
import { createRateLimits } from '../../gateway/rates.ts';

const channel = 'telegram' as ChannelId;
const thread = (name: string | number) => `${name}` as ThreadId;
const limits = (perSecond: number, perThreadPerSecond: number, perThreadBurst: number) =>
  createRateLimits(() => ({ perSecond, perThreadPerSecond, perThreadBurst }));

test('a thread may burst, then keeps its pace', () => {
  const rates = limits(1000, 1, 3);
  const places = Array.from({ length: 6 }, () => rates.reserve(channel, thread('ann'), 5_000));
  expect(places.map((place) => Math.floor((place - 5_000) / 1000))).toEqual([0, 0, 0, 1, 2, 3]);
});

test('a burst comes back with time', () => {
  const rates = limits(1000, 1, 3);
  for (let index = 0; index < 3; index++) rates.reserve(channel, thread('ann'), 0);
  expect([0, 1, 2].map(() => rates.reserve(channel, thread('ann'), 60_000))).toEqual([
    60_000, 60_000, 60_000,
  ]);
});

test('in no second does a channel get more than its rate and a tenth', () => {
  const rates = limits(30, 1000, 1000);
  const places = Array.from({ length: 300 }, (_, index) => rates.reserve(channel, thread(index), 0));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  for (let from = 0; from < 9_000; from += 100) {
    const within = places.filter((place) => place >= from && place < from + 1000);
    expect(within.length).toBeGreaterThanOrEqual(29);
    expect(within.length).toBeLessThanOrEqual(33);
  }
});

test('one thread that waits holds up no other', () => {
  const rates = limits(1000, 1, 1);
  for (let index = 0; index < 50; index++) rates.reserve(channel, thread('busy'), 0);
  expect(rates.reserve(channel, thread('ann'), 0)).toBe(0);
});

test('a channel without rates is spaced by nothing', () => {
  const rates = createRateLimits(() => undefined);
  expect(new Set(Array.from({ length: 100 }, () => rates.reserve(channel, thread('ann'), 7)))).toEqual(
    new Set([7]),
  );
});

test('forgets threads that are idle, and only those', () => {
  const known = createRateLimits(() => ({ perSecond: 1e9, perThreadPerSecond: 1, perThreadBurst: 1 }), 100);
  known.reserve(channel, thread('busy'), 1_000_000);
  known.reserve(channel, thread('busy'), 1_000_000);
  for (let index = 0; index < 150; index++) known.reserve(channel, thread(index), index);
  expect(known.reserve(channel, thread('busy'), 1_000_000)).toBe(1_002_000);
});
