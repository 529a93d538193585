import { expect, test } from 'vitest';
import { describe } from './report.ts';
import { storm } from './storm.ts';

/** `npm run chaos` in short. */

test('loses, doubles and reorders nothing while the hub and its database are killed', {
  timeout: 300_000,
}, async () => {
  const found = await storm({ nodes: 1, messages: 800, chats: 50, kills: 6, seed: 20_261_123 });
  console.log(describe(found));
  expect(found.faults).toEqual([]);
  expect(found.did.messages).toBeGreaterThanOrEqual(800);
  expect(found.did.kills).toEqual({ hub: 4, postgres: 2 });
});
