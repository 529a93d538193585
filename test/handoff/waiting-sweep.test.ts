import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createWaitingClients } from '../../handoff/waiting.ts';
import { WAITING_WORDS } from '../../handoff/waiting-words.ts';
import { openStage, queued, type Stage, says } from '../gateway/moving-stage.ts';

/** What it costs to look after many who wait. */

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => {
  vi.restoreAllMocks();
});

const AFTER_MS = 60_000;
let clients = 0;

/** So many more clients begin to wait. */
async function moreWait(count: number): Promise<void> {
  const names = Array.from({ length: count }, () => `waits ${++clients}`);
  const said = await stage.log.commit(names.map((name) => says('webchat', name, 'hello')));
  const ids = said.flatMap((one) => (one.outcome === 'committed' ? [one.conversation.id] : []));
  await stage.log.commit(ids.map((conversation) => ({ conversation, events: [queued()] })));
}

function sweeper() {
  return createWaitingClients({
    db: stage.db,
    change: stage.log,
    now: stage.now,
    log: silent,
    afterMs: AFTER_MS,
    words: WAITING_WORDS,
  });
}

/** Sweeps once; how many were told, by how many queries, and since when the one that reads them looked. */
async function counted(waiting: ReturnType<typeof sweeper>) {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  const told = await waiting.sweep();
  const [, values] = (query.mock.calls[0] ?? []) as unknown as [string, readonly unknown[]];
  const queries = query.mock.calls.length;
  query.mockRestore();
  return { told, queries, from: values[0] as Date };
}

test('a round takes as many queries for those who are due, however many others wait', async () => {
  const waiting = sweeper();
  await moreWait(3);
  expect(await counted(waiting)).toMatchObject({ told: 0, queries: 1 });
  stage.wait(AFTER_MS);
  const few = await counted(waiting);
  expect(few.told).toBe(3);

  await moreWait(3);
  stage.wait(AFTER_MS);
  await moreWait(230);
  const many = await counted(waiting);
  expect(many).toMatchObject({ told: 3, queries: few.queries });
  expect(await counted(waiting)).toMatchObject({ told: 0, queries: 1 });

  // All at once: by full rounds, nobody left out, and nobody who was told is looked at for ever.
  stage.wait(AFTER_MS);
  const rounds = [await counted(waiting), await counted(waiting), await counted(waiting)];
  expect(rounds.map(({ told }) => told)).toEqual([200, 30, 0]);
  stage.wait(2 * AFTER_MS);
  await counted(waiting);
  const { from } = await counted(waiting);
  expect(stage.now().getTime() - from.getTime()).toBeLessThanOrEqual(2 * AFTER_MS);
});

test('whoever was stored late, or under the clock of another node, is told as well', async () => {
  const waiting = sweeper();
  await moreWait(1);
  stage.wait(AFTER_MS);
  expect(await waiting.sweep()).toBe(1);
  stage.wait(-AFTER_MS / 2);
  await moreWait(1);
  stage.wait(AFTER_MS / 2);
  expect(await waiting.sweep()).toBe(0);
  stage.wait(AFTER_MS / 2);
  expect(await waiting.sweep()).toBe(1);
});

test('a round that fails is done again', async () => {
  const waiting = sweeper();
  await moreWait(2);
  stage.wait(AFTER_MS);
  vi.spyOn(stage.log, 'commit').mockRejectedValueOnce(new Error('the store is away'));
  await expect(waiting.sweep()).rejects.toThrow('away');
  stage.wait(10 * AFTER_MS);
  expect(await waiting.sweep()).toBe(2);
});
