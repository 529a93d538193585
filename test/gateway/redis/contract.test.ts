import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Attempts, createAttempts } from '../../../gateway/access/attempts.ts';
import { newId } from '../../../gateway/ids.ts';
import { createLive, type Live, type Update } from '../../../gateway/live.ts';
import type { ChannelId, ConversationId, ThreadId } from '../../../gateway/model/ids.ts';
import { shardOf } from '../../../gateway/model/shard.ts';
import { createRateLimits, type RateLimits } from '../../../gateway/rates.ts';
import { createRedisAttempts } from '../../../gateway/redis/attempts.ts';
import { connectRedis, type RedisLink } from '../../../gateway/redis/connection.ts';
import { createRedisLive } from '../../../gateway/redis/live.ts';
import { createRedisRates } from '../../../gateway/redis/rates.ts';
import { createRedisWakes } from '../../../gateway/redis/wakes.ts';
import { createWakes, type Wake, type Wakes } from '../../../gateway/wakes.ts';
import { HAS_REDIS, startRedis, type TestRedis } from '../../fixtures/redis.ts';

/** What holds within one process and between nodes alike, and what Redis adds; faults of Redis are real ones. */

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const TIMING = { heartbeatMs: 100, silentMs: 400, gapEveryMs: 200 };
const ATTEMPTS = { attempts: 3, perMs: 60_000 };
const RATES = { perSecond: 20, perThreadPerSecond: 5, perThreadBurst: 2 };
const channel = 'telegram' as ChannelId;
const thread = (name: string) => name as ThreadId;

/** One node's part in what nodes say to each other. */
interface Node {
  readonly id: string;
  readonly live: Live;
  readonly wakes: Wakes;
  readonly rates: RateLimits;
  readonly attempts: Attempts;
  stop(): Promise<void>;
}

/** Nodes that divide the shards evenly: the first has those that leave no rest, and so on. */
type Nodes = (count: number) => Promise<readonly Node[]>;

let redis: TestRedis | undefined;
const running: Node[] = [];

beforeAll(async () => {
  if (HAS_REDIS) redis = await startRedis();
});
afterEach(async () => {
  for (const node of running.splice(0)) await node.stop();
});
afterAll(async () => {
  await redis?.stop();
});

const inProcess: Nodes = async () => {
  const wakes = createWakes(() => new Date());
  const node: Node = {
    id: 'only',
    live: createLive(() => {}),
    wakes,
    rates: createRateLimits(() => RATES),
    attempts: createAttempts(ATTEMPTS),
    stop: () => wakes.stop(),
  };
  running.push(node);
  return [node];
};

const throughRedis: Nodes = async (count) => {
  const ids = Array.from({ length: count }, () => newId());
  const nodes = ids.map((id, index) => redisNode(id, ids, index));
  for (const node of nodes) running.push(node);
  await vi.waitFor(() => expect(links.slice(-count).every((link) => link.isUp())).toBe(true), 10_000);
  return nodes;
};

const links: RedisLink[] = [];

function redisNode(id: string, ids: readonly string[], index: number): Node {
  const link = connectRedis(redis?.url ?? '', silent);
  links.push(link);
  const live = createRedisLive({ link, node: id, log: silent, timing: TIMING });
  const shards = {
    node: id,
    nodeOf: (shard: number) => ids[shard % ids.length],
    termOf: (shard: number) => (shard % ids.length === index ? 1 : undefined),
    living: () => ids,
  };
  const wakes = createRedisWakes({ link, shards, now: () => new Date(), log: silent });
  return {
    id,
    live,
    wakes,
    rates: createRedisRates(
      link,
      () => RATES,
      () => ids.length,
    ),
    attempts: createRedisAttempts(link, 'test', ATTEMPTS),
    async stop() {
      await live.stop();
      await wakes.stop();
      await link.stop();
    },
  };
}

const typing = (name: string): Update => ({
  type: 'typing',
  conversation: newId<ConversationId>(),
  thread: thread(name),
  from: 'client',
});

function heardBy({ live }: Node): Update[] {
  const heard: Update[] = [];
  live.listen((update) => heard.push(update));
  return heard;
}

const without = (updates: readonly Update[], type: Update['type']) =>
  updates.filter((update) => update.type !== type);

/** A conversation of the node in this place. */
function conversationOf(index: number, count: number): ConversationId {
  for (;;) {
    const id = newId<ConversationId>();
    if (shardOf(id) % count === index) return id;
  }
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe.each([
  ['within one process', inProcess, true],
  ['through Redis', throughRedis, HAS_REDIS],
] as const)('%s', (_name, start, isThere) => {
  const here = test.skipIf(!isThere);

  here('an update comes to who listens here at once, in order and once', async () => {
    const [node] = await start(1);
    if (!node) return;
    const heard = heardBy(node);
    const said = ['one', 'two', 'three'].map(typing);
    for (const update of said) node.live.publish(update);
    expect(heard).toEqual(said);
    await sleep(300);
    expect(without(heard, 'gap')).toEqual(said);
  });

  here('who stopped listening hears nothing, and one that throws harms no other', async () => {
    const [node] = await start(1);
    if (!node) return;
    const stopped: Update[] = [];
    node.live.listen((update) => stopped.push(update))();
    node.live.listen(() => {
      throw new Error('a fault of the listener');
    });
    const heard = heardBy(node);
    node.live.publish(typing('one'));
    expect([stopped.length, heard.length]).toEqual([0, 1]);
  });

  here('what falls due wakes its conversation when its time has come, and not before', async () => {
    const [node] = await start(1);
    if (!node) return;
    const woken: (Wake & { at: number })[] = [];
    node.wakes.onWake((wake) => woken.push({ ...wake, at: Date.now() }));
    const conversation = conversationOf(0, 1);
    const at = new Date(Date.now() + 400);
    node.wakes.wakeAt(conversation, at);
    await soon(() => expect(woken).toMatchObject([{ conversation, isTimed: true }]));
    expect(woken[0]?.at).toBeGreaterThanOrEqual(at.getTime() - 5);
  });

  here('a thread bursts and then keeps its pace; another is held up by its channel alone', async () => {
    const [node] = await start(1);
    if (!node) return;
    const nowMs = Date.now();
    const places: number[] = [];
    for (let index = 0; index < 4; index++)
      places.push((await node.rates.reserve(channel, thread(`a${node.id}`), nowMs)) - nowMs);
    const [first = 0, second = 0, third = 0, fourth = 0] = places;
    expect(Math.max(first, second)).toBeLessThan(150);
    expect(third).toBeGreaterThan(100);
    expect(fourth - third).toBeGreaterThan(150);
    expect((await node.rates.reserve(channel, thread(`b${node.id}`), nowMs)) - nowMs).toBeLessThan(fourth);
  });

  here('nothing goes before a pause of its channel ends', async () => {
    const [node] = await start(1);
    if (!node) return;
    const nowMs = Date.now();
    const paused = `paused-${node.id}` as ChannelId;
    await node.rates.reserve(paused, thread('a'), nowMs);
    node.rates.pause(paused, nowMs + 5_000, nowMs);
    await sleep(50);
    const place = await node.rates.reserve(paused, thread('b'), nowMs);
    expect(place).toBeGreaterThan(nowMs + 4_000);
  });

  here('so many attempts may be made, and those that were no guess are given back', async () => {
    const [node] = await start(1);
    if (!node) return;
    const key = `user ${node.id}`;
    const take = () => node.attempts.take(key, new Date());
    for (let index = 0; index < 3; index++) expect(await take()).toBe(0);
    expect(await take()).toBeGreaterThan(15_000);
    expect(await take()).toBeLessThanOrEqual(20_000);
    node.attempts.giveBack(key);
    await soon(async () => expect(await take()).toBe(0));
    expect(await node.attempts.take(`another ${node.id}`, new Date())).toBe(0);
  });
});

describe.skipIf(!HAS_REDIS)('between nodes', () => {
  test('an update of one comes to the others, once, as it was', async () => {
    const [one, two, three] = await throughRedis(3);
    if (!one || !two || !three) return;
    const heard = [heardBy(two), heardBy(three)];
    const delivery = { type: 'delivery', delivery: { id: 'd', dueAt: new Date(0) } } as unknown as Update;
    const said = [typing('one'), delivery, typing('two')];
    // Until they have subscribed.
    await sleep(300);
    for (const update of said) one.live.publish(update);
    for (const updates of heard) await soon(() => expect(without(updates, 'gap')).toEqual(said));
  });

  test('a wake comes to the owner alone; the same event wakes once while it waits', async () => {
    const [one, two] = await throughRedis(2);
    if (!one || !two) return;
    const woken: string[] = [];
    one.wakes.onWake(({ conversation }) => woken.push(`one ${conversation}`));
    two.wakes.onWake(({ conversation }) => woken.push(`two ${conversation}`));
    const theirs = conversationOf(1, 2);
    const ours = conversationOf(0, 2);
    one.wakes.wakeOwner(ours, 1);
    one.wakes.wakeOwner(theirs, 1);
    await soon(() => expect(woken).toEqual([`two ${theirs}`]));
    for (let seq = 2; seq < 50; seq++) one.wakes.wakeOwner(theirs, seq);
    await soon(() => expect(woken).toHaveLength(49));
  });

  test('nodes share the rate of a channel', async () => {
    const [one, two] = await throughRedis(2);
    if (!one || !two) return;
    const shared = `shared-${one.id}` as ChannelId;
    const nowMs = Date.now();
    const asked = Array.from({ length: 40 }, (_, index) =>
      (index % 2 ? one : two).rates.reserve(shared, thread(`${index}`), nowMs),
    );
    const last = Math.max(...(await Promise.all(asked))) - nowMs;
    // Forty at twenty a second; nodes that did not share would be done in one.
    expect(last).toBeGreaterThan(1_700);
  });

  test('attempts count on all nodes together, and on each alone once Redis is wiped', async () => {
    const [one, two] = await throughRedis(2);
    if (!one || !two || !redis) return;
    const key = `user ${one.id}`;
    const take = (node: Node) => node.attempts.take(key, new Date());
    expect([await take(one), await take(two), await take(one)]).toEqual([0, 0, 0]);
    expect(await take(two)).toBeGreaterThan(0);
    expect((await links.at(-1)?.commands.keys('okno:attempts:*'))?.join(' ')).not.toContain(one.id);
    await redis.wipe();
    // Counted here: two by the one, and two by the other.
    expect([await take(one), await take(one)].map((waitMs) => waitMs > 0)).toEqual([false, true]);
    expect([await take(two), await take(two)].map((waitMs) => waitMs > 0)).toEqual([false, true]);
  });

  test.each(['frozen', 'away', 'full'] as const)(
    'while Redis is %s a node goes on alone with its part of the rate, tells its listeners of the gap, and keeps nothing',
    async (fault) => {
      const [one, two] = await throughRedis(2);
      if (!one || !two || !redis) return;
      const [heard, there] = [heardBy(one), heardBy(two)];
      if (fault === 'frozen') redis.freeze();
      if (fault === 'away') await redis.kill();
      if (fault === 'full') await redis.fill(true);
      const link = links.at(-2);
      if (fault !== 'full') {
        await soon(() => expect(link?.isUp()).toBe(false));
        await soon(() => expect(heard.some(({ type }) => type === 'gap')).toBe(true));
      }
      const before = process.memoryUsage().heapUsed;
      for (let index = 0; index < 20_000; index++) {
        one.live.publish(typing('lost'));
        one.wakes.wakeOwner(conversationOf(1, 2), index);
        if (index % 500 === 0) await sleep(0);
      }
      expect(heard.filter(({ type }) => type === 'typing')).toHaveLength(20_000);
      expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(150);
      const nowMs = Date.now();
      const alone = `alone-${fault}` as ChannelId;
      const places: number[] = [];
      for (let index = 0; index < 20; index++)
        places.push((await one.rates.reserve(alone, thread(`${index}`), nowMs)) - nowMs);
      // Ten a second are its part of twenty.
      expect(Math.max(...places)).toBeGreaterThan(1_700);

      if (fault === 'frozen') redis.thaw();
      if (fault === 'away') await redis.restart();
      if (fault === 'full') await redis.fill(false);
      await soon(() => expect(links.slice(-2).every((each) => each.isUp())).toBe(true));
      await sleep(500);
      there.length = 0;
      const update = typing('back');
      await soon(() => {
        one.live.publish(update);
        expect(there.some((seen) => seen.type === 'typing')).toBe(true);
      });
      const woken: string[] = [];
      two.wakes.onWake(({ conversation }) => woken.push(conversation));
      await soon(() => {
        one.wakes.wakeOwner(conversationOf(1, 2), Math.floor(Math.random() * 1e9));
        expect(woken.length).toBeGreaterThan(0);
      });
    },
  );

  test('a Redis that was wiped goes on', async () => {
    const [one, two] = await throughRedis(2);
    if (!one || !two || !redis) return;
    const woken: string[] = [];
    two.wakes.onWake(({ conversation }) => woken.push(conversation));
    one.wakes.wakeOwner(conversationOf(1, 2), 1);
    await soon(() => expect(woken).toHaveLength(1));
    await redis.wipe();
    one.wakes.wakeOwner(conversationOf(1, 2), 2);
    await soon(() => expect(woken).toHaveLength(2));
    const nowMs = Date.now();
    expect(await one.rates.reserve(channel, thread('wiped'), nowMs)).toBeLessThan(nowMs + 200);
  });
});
