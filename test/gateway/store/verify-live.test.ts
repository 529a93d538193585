import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../../gateway/store/verify.ts';
import { type DeskHub, startDeskHub } from '../../handoff/desk-hub.ts';

let desk: DeskHub;
beforeAll(async () => {
  desk = await startDeskHub();
});
afterAll(() => desk.close());

const CLIENTS = 8;
const LEAST_RUNS = 5;

test('raises no false alarm while messages, handoffs and operators are at work', async () => {
  const olga = await desk.person('olga', 'operator');
  let isOver = false;
  let talks = 0;
  async function talk(client: string): Promise<void> {
    while (!isOver) {
      await desk.clientSays(client, 'раз');
      const row = await desk.waiting(client);
      const taken = await olga.act('take', row);
      await olga.say(row.id, 'здравствуйте');
      await olga.act('close', { id: row.id, epoch: taken.json().epoch });
      talks++;
    }
  }
  const talking = Promise.all(Array.from({ length: CLIENTS }, (_, number) => talk(`client ${number}`)));
  // The talk goes on until it was looked at often enough, so each look is at a ledger that changes.
  for (let run = 0; run < LEAST_RUNS; run++) {
    const before = talks;
    expect((await verify(desk.db, { full: true, piece: 7 })).broken).toEqual([]);
    await expect.poll(() => talks, { timeout: 30_000 }).toBeGreaterThan(before);
  }
  isOver = true;
  await talking;
  expect((await verify(desk.db, { full: true })).broken).toEqual([]);
}, 120_000);
