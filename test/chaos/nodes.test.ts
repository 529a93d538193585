import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { ROOT } from '../../config/version.ts';
import { query } from '../fixtures/postgres-server.ts';
import { HAS_REDIS, type TestRedis } from '../fixtures/redis.ts';
import { createWebhookIntake } from './intake.ts';
import { createRandom } from './random.ts';
import { type Stack, startStack } from './stack.ts';
import { settled } from './stored.ts';

/** Two hubs as processes of their own on one PostgreSQL and one Redis. */

const CHATS = 15;
const BETWEEN_MESSAGES_MS = 200;
/** They speak so long before the trouble, and so often after it. */
const WARM_UP_MS = 700;
const LAST_ROUNDS = 3;
const SETTLE_LIMIT_MS = 60_000;
/** Of the nodes here: short, so that a pause outlasts it. */
const LEASE_S = 3;

let stack: Stack;
let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  if (!HAS_REDIS) return;
  folder = mkdtempSync(join(tmpdir(), 'okno-nodes-'));
  const settings = join(folder, 'hub.yaml');
  const shipped = readFileSync(join(ROOT, 'config', 'hub.yaml'), 'utf8');
  writeFileSync(settings, shipped.replace(/leaseSeconds: \d+/, `leaseSeconds: ${LEASE_S}`));
  stack = await startStack({
    nodes: 2,
    webhook: true,
    env: { OKNO_CONFIG: settings },
  });
  if (!stack.redis) throw new Error('several nodes have a Redis');
  redis = stack.redis;
  await untilShared(2);
}, 180_000);

afterAll(async () => {
  await stack?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, 60_000);

const here = test.skipIf(!HAS_REDIS);

const ask = <Row extends object>(text: string) => query<Row>(stack.postgres.url, text);

/** Waits until so many nodes work all shards, as evenly as can be. */
async function untilShared(nodes: number): Promise<void> {
  await until(`the shards are shared by ${nodes}`, async () => {
    const rows = await ask<{ count: number }>(
      `select count(*)::integer as count from shard s join node n on n.id = s.node and n.lease_until > clock_timestamp()
       group by s.node`,
    );
    return rows.length === nodes && rows.reduce((sum, { count }) => sum + count, 0) === 64;
  });
}

async function until(what: string, check: () => Promise<boolean> | boolean, limitMs = 60_000): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > limit) throw new Error(`it did not come to pass that ${what}`);
    await sleep(100);
  }
}

let chats = 5_000;

/** New chats say one thing after another, to either node, until `meanwhile` is over and then a little more. */
async function talk(meanwhile: () => Promise<void>): Promise<Said> {
  const intake = createWebhookIntake({
    telegram: stack.telegram,
    urls: stack.webhooks(),
    secret: stack.secret,
    random: createRandom(chats),
  });
  const said = new Map<number, string[]>();
  let isOver = false;
  const speak = async () => {
    const chat = chats++;
    const answers: string[] = [];
    said.set(chat, answers);
    for (let round = 0, last = LAST_ROUNDS; last > 0; round++) {
      if (isOver) last--;
      await intake.say(chat, `${chat} ${round}`, round % 5 === 0);
      answers.push(`you said ${chat} ${round}`);
      await sleep(BETWEEN_MESSAGES_MS);
    }
  };
  const work = async () => {
    await sleep(WARM_UP_MS);
    await meanwhile().finally(() => {
      isOver = true;
    });
  };
  await Promise.all([...Array.from({ length: CHATS }, speak), work()]);
  return said;
}

/** By chat: the answers that are to come. */
type Said = ReadonlyMap<number, readonly string[]>;

const withoutRepeats = (lines: readonly string[]) => lines.filter((line, index) => line !== lines[index - 1]);

/** Everything was answered in order, nothing twice but what is recorded as unknown, and the ledger is clean. */
async function expectAllAnswered(said: Said): Promise<void> {
  expect(await settled(stack.postgres.url, SETTLE_LIMIT_MS)).toBeUndefined();
  for (const [chat, answers] of said) {
    expect(answers.length).toBeGreaterThan(LAST_ROUNDS);
    expect(withoutRepeats(stack.telegram.saidTo(chat))).toEqual(answers);
  }
  const heard = [...said.keys()].reduce((sum, chat) => sum + stack.telegram.saidTo(chat).length, 0);
  const count = [...said.values()].reduce((sum, answers) => sum + answers.length, 0);
  const { broken, unknown } = await stack.verify();
  expect(broken).toEqual([]);
  expect(heard - count).toBeLessThanOrEqual(unknown);
}

here(
  'webhooks to both are answered in order while one is paused for longer than its lease and the other is killed',
  { timeout: 240_000 },
  async () => {
    const [paused, killed] = stack.nodes;
    if (!killed) throw new Error('there is one node only');
    const said = await talk(async () => {
      await paused.kill('SIGSTOP');
      try {
        await untilShared(1);
        await sleep(500);
      } finally {
        await paused.kill('SIGCONT');
      }
      await untilShared(2);
      await killed.kill('SIGKILL');
      await untilShared(1);
      await killed.start();
      await untilShared(2);
    });
    await expectAllAnswered(said);
    // Each shard has one history of terms, and no two nodes had one of them at once.
    const [{ gaps = -1 } = {}] = await ask<{ gaps: number }>(
      `select count(*)::integer as gaps from (
       select term, lag(term) over (partition by shard order by taken_at, term) as before from shard_term) as t
     where before is not null and term <> before + 1`,
    );
    expect(gaps).toBe(0);
    // Nothing was written of what had been begun before a pause.
    const [{ stale = -1 } = {}] = await ask<{ stale: number }>(
      `select count(*)::integer as stale from attempt a
     join delivery d on d.id = a.delivery join conversation c on c.id = d.conversation
     join shard_term t on t.shard = c.shard and t.term = a.term
     left join shard_term later on later.shard = c.shard and later.term = a.term + 1
     where a.marked_at < t.taken_at or a.marked_at > later.taken_at or t.node is null`,
    );
    expect(stale).toBe(0);
    expect([paused.crashes(), killed.crashes()]).toEqual([0, 0]);
  },
);

here(
  'a Redis that freezes, is wiped, is full and goes away in mid-run costs nothing but time',
  { timeout: 240_000 },
  async () => {
    const said = await talk(async () => {
      redis.freeze();
      await sleep(3_000);
      redis.thaw();
      await redis.wipe();
      await redis.fill(true);
      await sleep(1_000);
      await redis.fill(false);
      await sleep(500);
      await redis.kill();
      await sleep(1_500);
      await redis.restart();
    });
    await expectAllAnswered(said);
  },
);

here('what one node commits appears in sockets of the other', { timeout: 120_000 }, async () => {
  const [one, two] = stack.nodes;
  if (!two) throw new Error('there is one node only');
  const here = await openChat(one.url);
  here.say('hello');
  await until('it is answered here', () => here.seen.some(({ from }) => from === 'bot'));
  const there = await openChat(two.url, { token: here.token(), after: 0 });
  await until('the history is there', () => there.seen.length === 2);
  here.say('again');
  await until('the new is there', () => there.seen.length === 4);
  expect(there.seen.map(({ text }) => text)).toEqual(['hello', 'you said hello', 'again', 'you said again']);
  here.close();
  there.close();
});

here(
  'stops in time with a thousand sockets, under load, and hands over at once: a chat goes on at the other node, nothing missing, nothing twice',
  { timeout: 240_000 },
  async () => {
    const [one, two] = stack.nodes;
    if (!two) throw new Error('there is one node only');
    const sockets = Array.from({ length: 1_000 }, () => new WebSocket(socketOf(one.url)));
    let closed = 0;
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.on('close', () => {
        closed += 1;
      });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello' })));
    }
    await until('all are open', () => sockets.every(({ readyState }) => readyState === WebSocket.OPEN));
    const first = await openChat(one.url);
    const seen = first.seen;
    for (let index = 0; index < 5; index++) first.say(`a${index}`);
    await until('all is answered at the first', () => seen.filter(({ from }) => from === 'bot').length === 5);

    const said = await talk(async () => {
      // Said last, and answered while the node stops.
      first.say('last');
      await until('the last is stored', () => first.stored.has('last'));
      expect(await one.stop()).toBe(0);
      await until('the other works everything', async () => {
        const rows = await ask<{ node: string }>('select distinct node from shard');
        return rows.length === 1 && rows[0]?.node !== null;
      });
    });
    await until('all are closed', () => closed === 1_000);
    expect(first.closed()).toBe(1012);

    const after = Math.max(0, ...seen.map(({ seq }) => seq));
    const second = await openChat(two.url, { token: first.token(), after });
    for (let index = 0; index < 3; index++) second.say(`b${index}`);
    const answers = () => [...seen, ...second.seen].filter(({ from }) => from === 'bot');
    await until('all is answered at the second', () => answers().length >= 9);
    await sleep(500);
    expect(answers().map(({ text }) => text)).toEqual(
      ['a0', 'a1', 'a2', 'a3', 'a4', 'last', 'b0', 'b1', 'b2'].map((text) => `you said ${text}`),
    );
    const seqs = [...seen, ...second.seen].map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    second.close();
    await expectAllAnswered(said);
  },
);

const socketOf = (url: string) => `${url.replace('http', 'ws')}/channels/webchat/socket`;

interface Shown {
  readonly seq: number;
  readonly from: string;
  readonly text: string;
}

/** A page with the chat. */
async function openChat(url: string, hello: { token?: string | undefined; after?: number } = {}) {
  const socket = new WebSocket(socketOf(url));
  const seen: Shown[] = [];
  const stored = new Set<string>();
  let token: string | undefined;
  let code: number | undefined;
  socket.on('error', () => {});
  socket.on('close', (closeCode) => {
    code = closeCode;
  });
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type === 'welcome') token = frame.token;
    if (frame.type === 'stored') stored.add(frame.id);
    if (frame.type === 'message') seen.push({ seq: frame.seq, from: frame.from, text: frame.text });
  });
  await until('the socket is open', () => socket.readyState === WebSocket.OPEN);
  socket.send(JSON.stringify({ type: 'hello', locale: 'ru', ...hello }));
  await until('it is welcome', () => token !== undefined);
  return {
    seen,
    stored,
    token: () => token,
    closed: () => code,
    say: (text: string) => socket.send(JSON.stringify({ type: 'message', id: text, text })),
    close: () => socket.close(),
  };
}
