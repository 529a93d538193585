import { expect, test } from 'vitest';
import { HAS_REDIS } from '../fixtures/redis.ts';
import { handoffs } from './handoffs.ts';
import { describe } from './report.ts';
import { storm } from './storm.ts';

/** `npm run chaos` in short. */

test('loses, doubles and reorders nothing while the hub and its database are killed', {
  timeout: 300_000,
}, async () => {
  const found = await storm({ nodes: 1, messages: 300, chats: 30, kills: 3, seed: 20_261_123 });
  console.log(describe(found));
  expect(found.faults).toEqual([]);
  expect(found.did.messages).toBeGreaterThanOrEqual(300);
  expect(found.did.kills).toEqual({ hub: 2, postgres: 1 });
});

test.skipIf(!HAS_REDIS)(
  'nor do two nodes while they, their database and Redis are killed',
  {
    timeout: 300_000,
  },
  async () => {
    const victims = ['hub', 'postgres', 'redis'] as const;
    const found = await storm({ nodes: 2, messages: 300, chats: 30, kills: 3, victims, seed: 20_261_124 });
    console.log(describe(found));
    expect(found.faults).toEqual([]);
    expect(found.did.messages).toBeGreaterThanOrEqual(300);
    expect(found.did.kills).toEqual({ hub: 1, postgres: 1, redis: 1 });
  },
);

test('an answer that is under way when a person takes the conversation is not sent again', {
  timeout: 120_000,
}, async () => {
  const found = await handoffs({ nodes: 1, chats: 12, seed: 20_261_125 });
  console.log(describe(found));
  expect(found.faults).toEqual([]);
});
