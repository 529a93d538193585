import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChangeBySender } from '../../gateway/change.ts';
import type { SendOutcome } from '../../gateway/connectors/outgoing.ts';
import { newId } from '../../gateway/ids.ts';
import { createLive } from '../../gateway/live.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type { ChannelId, IdentityId, MessageId, ThreadId } from '../../gateway/model/ids.ts';
import { createOutbox, type Outbox } from '../../gateway/outbox.ts';
import { createRateLimits } from '../../gateway/rates.ts';
import { type Shards, takeShards } from '../../gateway/shards.ts';
import { createChangeLog, type StoreLog } from '../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import { freshDatabase } from '../fixtures/postgres.ts';
import { type ScriptedNetwork, scriptedNetwork } from '../fixtures/scripted-network.ts';
import { says } from './moving-stage.ts';

/** What waits to be sent where a network answers slowly, or not at all. */

const SLOW = 'slow' as ChannelId;
const QUICK = 'quick' as ChannelId;
/** Requests under way at once on one channel. */
const PLACES = 64;
const MAX_THREADS = 200;
/** Of a thread at once. */
const MAX_READ = 10;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let db: Database;
let shards: Shards;
let log: StoreLog;
let outbox: Outbox;
let networks: Record<'slow' | 'quick', ScriptedNetwork>;
let clockMs: number;

beforeEach(async () => {
  const url = await freshDatabase();
  db = openDatabase(url, () => {});
  shards = await takeShards({ url, log: silent });
  clockMs = Date.now();
  const now = () => new Date(clockMs);
  log = createChangeLog({ db, now, acceptsAtCommit: () => false, termOf: (shard) => shards.termOf(shard) });
  networks = { slow: scriptedNetwork(), quick: scriptedNetwork() };
  outbox = createOutbox(
    {
      db,
      now,
      shards,
      log: silent,
      live: createLive(() => {}),
      media: { contextOf: async () => ({ links: new Map() }) as never },
      channels: new Map([
        [SLOW, channelOf(networks.slow)],
        [QUICK, channelOf(networks.quick)],
      ]),
      rates: createRateLimits(() => undefined),
      record: (outcome) => log.record(outcome),
    },
    MAX_THREADS,
  );
  log.onCommitted(({ deliveries }) => outbox.wake(deliveries));
});

afterEach(async () => {
  await outbox.stop();
  await shards.release();
  const { broken } = await verify(db, { full: true });
  await db.end();
  expect(broken).toEqual([]);
});

function channelOf({ definition }: ScriptedNetwork) {
  const host = undefined as never;
  return { connector: definition.connect({}, host), capabilities: definition.capabilities };
}

/** So many clients of a channel are to hear so many messages each; the store has them, and the outbox was woken. */
async function answer(channel: ChannelId, clients: number, messages: number): Promise<void> {
  const texts = Array.from({ length: messages }, (_, number) => `${number}`);
  await log.commit(
    Array.from({ length: clients }, (_, client) => heard(channel, `${channel} ${client}`, ...texts)),
  );
}

function answerOf(thread: ThreadId, text: string): NewEvent {
  return {
    type: 'message.sent',
    facts: { message: newId<MessageId>(), thread, author: { kind: 'bot' }, kinds: ['text'] },
    body: { content: [{ kind: 'text', text }] },
  };
}

/** What a client says, and what they are to hear. */
function heard(channel: ChannelId, client: string, ...texts: readonly string[]): ChangeBySender {
  const said = says(channel, client, 'hello');
  return {
    ...said,
    events: (place) => [...eventsOf(said, place), ...texts.map((text) => answerOf(place.thread, text))],
  };
}

function eventsOf({ events }: ChangeBySender, place: { identity: IdentityId; thread: ThreadId }) {
  return typeof events === 'function' ? events(place) : events;
}

async function states(channel: ChannelId): Promise<Record<string, number>> {
  const { rows } = await db.query<{ state: string; count: number }>(
    'select state, count(*)::integer as count from delivery where channel = $1 group by state',
    [channel],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** How much was read so far. */
function watchReads() {
  const query = vi.spyOn(db, 'query');
  const reads = (words: string) =>
    query.mock.calls.flatMap(([text, values], index) => {
      const result = query.mock.results[index]?.value as Promise<{ rows: unknown[] }>;
      const [first] = values as unknown[][];
      return String(text).includes(words) ? [{ asked: first?.length ?? 0, result }] : [];
    });
  const asked = (words: string) => reads(words).reduce((sum, read) => sum + read.asked, 0);
  return {
    messages: () => asked('as asked(id, thread, conversation, seq)'),
    threads: () => asked('as asked(place)'),
    async deliveries() {
      const read = await Promise.all(reads('as asked(place)').map(({ result }) => result));
      return read.reduce((sum, { rows }) => sum + rows.length, 0);
    },
  };
}

const settled = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

/** The network answers nothing until it is told what. */
function hold(network: ScriptedNetwork): (outcome?: SendOutcome) => void {
  const held: ((outcome?: SendOutcome) => void)[] = [];
  network.onSend = () => new Promise((resolve) => held.push(resolve));
  return (outcome) => {
    network.onSend = () => outcome;
    for (const resolve of held) resolve(outcome);
  };
}

test('of what waits for a network that answers nothing the store keeps all but a bounded part', async () => {
  const free = hold(networks.slow);
  const read = watchReads();
  await answer(SLOW, 2 * MAX_THREADS, 12);
  await settled(() => expect(networks.slow.sent).toHaveLength(PLACES));
  await settled(() => expect(outbox.underWay(SLOW)).toBe(MAX_THREADS));
  expect(read.messages()).toBe(MAX_THREADS);
  expect(read.threads()).toBe(MAX_THREADS);
  expect(await read.deliveries()).toBe(MAX_THREADS * MAX_READ);
  expect(await states(SLOW)).toEqual({ attempting: PLACES, due: 2 * MAX_THREADS * 12 - PLACES });
  free();
});

test('another network is served meanwhile, also what only the store remembers', async () => {
  const free = hold(networks.slow);
  await answer(SLOW, 2 * MAX_THREADS, 1);
  await settled(() => expect(outbox.underWay(SLOW)).toBe(MAX_THREADS));
  await answer(QUICK, 20, 2);
  await settled(async () => expect(await states(QUICK)).toEqual({ accepted: 40 }));
  const other = createChangeLog({
    db,
    now: () => new Date(clockMs),
    acceptsAtCommit: () => false,
    termOf: (shard) => shards.termOf(shard),
  });
  await other.commit([heard(QUICK, 'of another node', 'here')]);
  expect(networks.quick.textsTo('of another node')).toEqual([]);
  await outbox.start();
  await settled(() => expect(networks.quick.textsTo('of another node')).toEqual(['here']));
  expect(networks.slow.sent).toHaveLength(PLACES);
  free();
});

test('when the network is back all goes out, in the order of each thread, without waiting for a sweep', async () => {
  const free = hold(networks.slow);
  const clients = 2 * MAX_THREADS;
  await answer(SLOW, clients, 12);
  await settled(() => expect(networks.slow.sent).toHaveLength(PLACES));
  free();
  await settled(async () => expect(await states(SLOW)).toEqual({ accepted: clients * 12 }));
  const expected = Array.from({ length: 12 }, (_, number) => `${number}`);
  for (let client = 0; client < clients; client++)
    expect(networks.slow.textsTo(`slow ${client}`)).toEqual(expected);
});

test('what waits for a place when the hub stops was never attempted', async () => {
  const free = hold(networks.slow);
  await answer(SLOW, MAX_THREADS, 1);
  await settled(() => expect(networks.slow.sent).toHaveLength(PLACES));
  const stopped = outbox.stop();
  free();
  await stopped;
  expect(await states(SLOW)).toEqual({ accepted: PLACES, due: MAX_THREADS - PLACES });
  const { rows } = await db.query('select count(*)::integer as count from attempt');
  expect(rows).toEqual([{ count: PLACES }]);
});

test('threads that are to be tried again much later leave their places to others, and are tried then', async () => {
  networks.slow.onSend = () => ({ outcome: 'retry', reason: 'away', afterMs: 60_000 });
  await answer(SLOW, MAX_THREADS, 1);
  await settled(() => expect(networks.slow.sent).toHaveLength(MAX_THREADS));
  await settled(() => expect(outbox.underWay(SLOW)).toBe(0));
  networks.slow.onSend = () => undefined;
  await log.commit([heard(SLOW, 'one more', 'here')]);
  await settled(() => expect(networks.slow.textsTo('one more')).toEqual(['here']));

  const read = watchReads();
  await outbox.start();
  expect([await states(SLOW), read.threads()]).toEqual([{ accepted: 1, due: MAX_THREADS }, 0]);
  clockMs += 60_000;
  await outbox.start();
  await settled(async () => expect(await states(SLOW)).toEqual({ accepted: MAX_THREADS + 1 }));
});
