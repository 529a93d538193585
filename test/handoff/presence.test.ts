import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { disableUser } from '../../gateway/access/users.ts';
import { acted } from '../../handoff/act-api.ts';
import { createPresence } from '../../handoff/presence.ts';
import { type DeskHub, GONE_AFTER_MS, type Person, silent, startDeskHub } from './desk-hub.ts';
import { openPage } from './live-page.ts';

let hub: DeskHub;
let ann: Person;

beforeAll(async () => {
  hub = await startDeskHub();
  ann = await hub.person('Ann', 'operator');
});

// Whatever an earlier test left behind is given back first.
beforeEach(async () => {
  hub.clock.advance(GONE_AFTER_MS);
  await hub.presence.sweep();
});

afterAll(() => hub.close());

async function taken(client: string, by = ann) {
  const row = await hub.waiting(client);
  const { epoch } = acted.parse((await by.act('take', row)).json());
  return { ...row, epoch };
}

const ownerOf = async (id: string) => (await ann.open(id)).owner;
const inQueue = { kind: 'queue', queue: 'default' };

describe('an operator whose pages are all gone', () => {
  test('keeps the conversations for the set time, then they wait in the queue again', async () => {
    const row = await taken('gone');
    const pages = [hub.presence.connected(ann.id), hub.presence.connected(ann.id)];
    hub.clock.advance(10 * GONE_AFTER_MS);
    expect(await hub.presence.sweep()).toBe(0);
    for (const gone of pages) gone();
    hub.clock.advance(GONE_AFTER_MS - 1);
    expect(await hub.presence.sweep()).toBe(0);
    expect(await ownerOf(row.id)).toMatchObject({ operator: ann.id });
    hub.clock.advance(1);
    expect(await hub.presence.sweep()).toBe(1);
    expect(await ann.open(row.id)).toMatchObject({ owner: inQueue, epoch: row.epoch + 1, reason: 'asked' });
    expect((await ann.read(row.id)).at(-1)).toMatchObject({
      type: 'owner',
      from: { kind: 'operator', name: 'Ann' },
      to: inQueue,
      reason: 'operator-gone',
    });
    const { rows } = await hub.db.query('select act, who from audit where subject = $1 order by id', [
      row.id,
    ]);
    expect(rows.at(-1)).toEqual({ act: 'conversation.released', who: 'hub' });
  });

  test('is there again with the first page that comes back', async () => {
    const row = await taken('back');
    hub.presence.connected(ann.id)();
    hub.clock.advance(GONE_AFTER_MS - 1);
    const gone = hub.presence.connected(ann.id);
    hub.clock.advance(GONE_AFTER_MS);
    expect(await hub.presence.sweep()).toBe(0);
    expect(await ownerOf(row.id)).toMatchObject({ operator: ann.id });
    gone();
    // Said twice, it counts once.
    gone();
  });

  test('who never had a page keeps what was just taken for the set time', async () => {
    const row = await taken('no page');
    hub.clock.advance(GONE_AFTER_MS - 1);
    expect(await hub.presence.sweep()).toBe(0);
    hub.clock.advance(1);
    expect(await hub.presence.sweep()).toBe(1);
    expect(await ownerOf(row.id)).toEqual(inQueue);
  });

  test('may not come back once disabled, so nothing waits', async () => {
    const bob = await hub.person('Bob', 'operator');
    const row = await taken('disabled', bob);
    await disableUser(hub.db, 'bob@bank.test', hub.clock.now(), 'cli');
    expect(await hub.presence.sweep()).toBe(1);
    expect(await ownerOf(row.id)).toEqual(inQueue);
  });
});

describe('a client whose operator is gone waits', () => {
  const MINUTE_MS = 60_000;

  /** Who waits in the queue, the first first, and for how many minutes they are said to wait. */
  async function queue(names: Readonly<Record<string, string>>) {
    const rows = await ann.list('queue');
    return rows.map(({ id, ownerSince }) => [
      names[id],
      (hub.clock.now().getTime() - Date.parse(ownerSince)) / MINUTE_MS,
    ]);
  }

  /** What Ann has of it she answers with the last `says`; then she is gone for good. */
  async function gone(client: string, ...says: ('client' | 'operator')[]) {
    const first = await taken(client);
    for (const one of says) {
      hub.clock.advance(MINUTE_MS / 4);
      if (one === 'client') await hub.clientSays(client, 'Где вы?');
      else expect((await ann.say(first.id, 'Сейчас посмотрю.')).statusCode).toBe(200);
    }
    const next = await hub.waiting(`after ${client}`);
    hub.clock.advance(GONE_AFTER_MS);
    expect(await hub.presence.sweep()).toBe(1);
    const minutes = GONE_AFTER_MS / MINUTE_MS;
    const waiting = await queue({ [first.id]: client, [next.id]: `after ${client}` });
    for (const row of await ann.list('queue')) await ann.act('close', await takenAgain(row));
    return { minutes, waiting };
  }

  async function takenAgain(row: { readonly id: string; readonly epoch: number }) {
    const { epoch } = acted.parse((await ann.act('take', row)).json());
    return { ...row, epoch };
  }

  beforeAll(async () => {
    for (const row of await ann.list('queue')) await ann.act('close', await takenAgain(row));
  });

  test('since they asked for a person, where nobody answered', async () => {
    const { minutes, waiting } = await gone('unheard', 'client');
    expect(waiting).toEqual([
      ['unheard', minutes + 0.25],
      ['after unheard', minutes],
    ]);
  });

  test('since the first that they wrote after the last answer', async () => {
    const { minutes, waiting } = await gone('half heard', 'client', 'operator', 'client', 'client');
    expect(waiting).toEqual([
      ['half heard', minutes + 0.25],
      ['after half heard', minutes],
    ]);
  });

  test('from then on, where all that they wrote was answered', async () => {
    const { minutes, waiting } = await gone('heard', 'client', 'operator');
    expect(waiting).toEqual([
      ['after heard', minutes],
      ['heard', 0],
    ]);
  });

  test('as long as before, whom the version before took into the queue or heard', async () => {
    const [queued, heard] = [await hub.waiting('queued'), await taken('heard by it')];
    hub.clock.advance(MINUTE_MS);
    await hub.clientSays('heard by it', 'Где вы?');
    await hub.db.query(
      `update conversation set waits_since = null, revision = nextval('revision') where id = any($1::uuid[])`,
      [[queued.id, heard.id]],
    );
    const later = await hub.waiting('later');
    await hub.clientSays('queued', 'Я ещё здесь');
    expect((await ann.act('release', await ann.open(heard.id))).statusCode).toBe(200);
    expect(await queue({ [queued.id]: 'queued', [heard.id]: 'heard by it', [later.id]: 'later' })).toEqual([
      ['queued', 1],
      ['heard by it', 1],
      ['later', 0],
    ]);
  });
});

test('after a restart of the hub the operators have the same time to come back', async () => {
  const row = await taken('restart');
  hub.clock.advance(10 * GONE_AFTER_MS);
  const options = { db: hub.db, change: hub.change, now: hub.clock.now, log: silent };
  const restarted = createPresence({ ...options, node: 'restarted', goneAfterMs: GONE_AFTER_MS });
  restarted.start();
  await restarted.stop();
  hub.clock.advance(GONE_AFTER_MS - 1);
  expect(await restarted.sweep()).toBe(0);
  hub.clock.advance(1);
  expect(await restarted.sweep()).toBe(1);
  expect(await ownerOf(row.id)).toEqual(inQueue);
});

test('an operator with a page at another node is there, until that node is gone', async () => {
  const row = await taken('other node');
  const options = { db: hub.db, change: hub.change, now: hub.clock.now, log: silent };
  const other = createPresence({ ...options, node: 'other', goneAfterMs: GONE_AFTER_MS });
  await hub.db.query(
    `insert into node (id, lease_until) values ('other', clock_timestamp() + interval '1 hour')`,
  );
  const gone = other.connected(ann.id);
  await other.sweep();
  hub.clock.advance(GONE_AFTER_MS);
  expect(await hub.presence.sweep()).toBe(0);
  expect(await ownerOf(row.id)).toMatchObject({ operator: ann.id });
  await hub.db.query(`update node set lease_until = $1 where id = 'other'`, [hub.clock.now()]);
  // By the database's clock, which is behind the one of the test.
  await hub.db.query(`delete from node where id = 'other'`);
  expect(await hub.presence.sweep()).toBe(1);
  expect(await ownerOf(row.id)).toEqual(inQueue);
  gone();
});

test('an operator who left one node for another has the time since the last page anywhere', async () => {
  const row = await taken('left other');
  const options = { db: hub.db, change: hub.change, now: hub.clock.now, log: silent };
  const other = createPresence({ ...options, node: 'left', goneAfterMs: GONE_AFTER_MS });
  const gone = other.connected(ann.id);
  hub.clock.advance(GONE_AFTER_MS);
  gone();
  await other.stop();
  hub.clock.advance(GONE_AFTER_MS - 1);
  expect(await hub.presence.sweep()).toBe(0);
  hub.clock.advance(1);
  expect(await hub.presence.sweep()).toBe(1);
  expect(await ownerOf(row.id)).toEqual(inQueue);
});

test('a conversation that changes hands while the absent are looked for is left alone', async () => {
  const row = await taken('changes hands');
  hub.clock.advance(GONE_AFTER_MS);
  const [swept, released] = await Promise.all([hub.presence.sweep(), ann.act('close', row)]);
  const { status, owner } = await ann.open(row.id);
  // Whoever came first, it is one or the other and never both.
  if (released.statusCode === 200) expect([swept, status]).toEqual([0, 'closed']);
  else expect([swept, owner]).toEqual([1, inQueue]);
});

test('a live socket is what makes an operator present', async () => {
  const row = await taken('socket');
  const page = await openPage(hub, ann);
  hub.clock.advance(GONE_AFTER_MS);
  expect(await hub.presence.sweep()).toBe(0);
  const served = [...hub.app.websocketServer.clients].at(-1);
  const closed = new Promise((resolve) => served?.once('close', resolve));
  page.socket.terminate();
  await closed;
  hub.clock.advance(GONE_AFTER_MS);
  expect(await hub.presence.sweep()).toBe(1);
  expect(await ownerOf(row.id)).toEqual(inQueue);
});
