import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { disableUser } from '../../gateway/access/users.ts';
import type { TranscriptItem } from '../../handoff/api.ts';
import type { LiveOut } from '../../handoff/live-api.ts';
import { type DeskHub, type Person, startDeskHub } from './desk-hub.ts';
import { addressOf, type LivePage, openPage } from './live-page.ts';

let hub: DeskHub;
let ann: Person;
let bob: Person;
const pages: LivePage[] = [];

beforeAll(async () => {
  hub = await startDeskHub({ timing: { heartbeatMs: 300, recheckMs: 100, rowsEveryMs: 20 } });
  ann = await hub.person('Ann', 'operator');
  bob = await hub.person('Bob', 'operator');
});

afterEach(() => {
  for (const page of pages.splice(0)) page.socket.terminate();
});

afterAll(() => hub.close());

async function pageOf(person: Person): Promise<LivePage> {
  const page = await openPage(hub, person);
  pages.push(page);
  return page;
}

/** All lines of a conversation that a page was told, in the order told. */
function linesOf(page: LivePage, id: string): TranscriptItem[] {
  return page.frames.flatMap((frame) =>
    frame.type === 'items' && frame.conversation === id ? frame.items : [],
  );
}

const textIs = (text: string) => (frame: Extract<LiveOut, { type: 'items' }>) =>
  frame.items.some((item) => item.type === 'message' && JSON.stringify(item.content).includes(text));

describe('the live socket', () => {
  const refusedWith = async (headers: Record<string, string>) => {
    const socket = new WebSocket(await addressOf(hub), { headers });
    return new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => {
        socket.terminate();
        resolve('open');
      });
    });
  };

  test('is not opened for strangers, for roles without a desk, or for foreign pages', async () => {
    const max = await hub.person('Max', 'marketer');
    expect(await refusedWith({})).toBe(401);
    expect(await refusedWith({ cookie: 'okno_session=nonsense' })).toBe(401);
    expect(await refusedWith({ cookie: max.headers.cookie ?? '' })).toBe(403);
    expect(await refusedWith({ cookie: ann.headers.cookie ?? '', origin: 'https://evil.test' })).toBe(403);
    expect(await refusedWith({ cookie: ann.headers.cookie ?? '', origin: hub.publicUrl })).toBe('open');
  });

  test('passes over what it does not understand', async () => {
    const page = await pageOf(ann);
    for (const frame of [
      '{',
      'null',
      '[]',
      '{"type":"dance"}',
      '{"type":"watch"}',
      '{"type":"watch","conversation":"x"}',
    ]) {
      page.send(frame);
    }
    page.socket.send(Buffer.from([0, 255]));
    page.send({ type: 'ping' });
    const row = await hub.waiting('after nonsense');
    await page.hears('row', (frame) => frame.row.id === row.id);
  });

  test('is closed on a frame that no page would send', async () => {
    const page = await pageOf(ann);
    page.send(JSON.stringify({ type: 'ping', padding: 'x'.repeat(5000) }));
    expect(await page.closed).toBe(1009);
  });
});

describe('rows', () => {
  test('of what changes come to every page, with the counts that its person has', async () => {
    const [annsPage, bobsPage] = [await pageOf(ann), await pageOf(bob)];
    const row = await hub.waiting('rows');
    await annsPage.hears('row', (frame) => frame.row.id === row.id && frame.row.owner.kind === 'queue');
    await ann.act('take', row);
    const isTaken = (frame: Extract<LiveOut, { type: 'row' }>) =>
      frame.row.id === row.id && frame.row.owner.kind === 'operator';
    const mine = await annsPage.hears('row', isTaken);
    const theirs = await bobsPage.hears('row', isTaken);
    expect(mine.row).toEqual(theirs.row);
    expect(mine.row.owner).toEqual({ kind: 'operator', operator: ann.id, name: 'Ann' });
    expect(mine.counts.mine).toBe(theirs.counts.mine + 1);
    await ann.act('close', { id: row.id, epoch: row.epoch + 1 });
    await bobsPage.hears('row', (frame) => frame.row.id === row.id && frame.row.status === 'closed');
  });
});

describe('a watched conversation', () => {
  test('is told from where the page is, without gaps and in order, while it goes on', async () => {
    const row = await hub.waiting('watched');
    await ann.act('take', row);
    const [, , known] = await ann.read(row.id);
    const page = await pageOf(bob);
    page.send({ type: 'watch', conversation: row.id.toUpperCase(), after: known?.seq });
    for (let number = 0; number < 20; number++) {
      await Promise.all([ann.say(row.id, `ответ ${number}`), hub.clientSays('watched', `вопрос ${number}`)]);
    }
    await page.hears('items', textIs('ответ 19'));
    await page.hears('items', textIs('вопрос 19'));
    const told = linesOf(page, row.id).map(({ seq }) => seq);
    const stored = (await ann.read(row.id)).map(({ seq }) => seq).filter((seq) => seq > (known?.seq ?? 0));
    expect(told).toEqual(stored);
    expect(told.length).toBeGreaterThanOrEqual(40);
  }, 120_000);

  test('is told in full when the page was away for long', async () => {
    const row = await hub.waiting('long away');
    await ann.act('take', row);
    for (let number = 0; number < 120; number++) await hub.clientSays('long away', `сообщение ${number}.`);
    const page = await pageOf(bob);
    page.send({ type: 'watch', conversation: row.id, after: 0 });
    const last = await page.hears('items', textIs('сообщение 119.'));
    expect(last.head).toBe((await ann.open(row.id)).seq);
    const texts = JSON.stringify(linesOf(page, row.id));
    for (let number = 0; number < 120; number++) expect(texts).toContain(`"сообщение ${number}."`);
  }, 120_000);

  test('tells of notes and of what becomes of deliveries', async () => {
    const row = await hub.waiting('fates');
    await ann.act('take', row);
    const page = await pageOf(ann);
    page.send({ type: 'watch', conversation: row.id, after: 0 });
    let accept = () => {};
    hub.network.onSend = () =>
      new Promise((resolve) => {
        accept = () => resolve(undefined);
      });
    await ann.say(row.id, 'дойдёт ли');
    const { items } = await page.hears('items', textIs('дойдёт ли'));
    const seq = items.at(-1)?.seq;
    await page.hears('delivery', (frame) => frame.seq === seq && frame.delivery.state === 'attempting');
    accept();
    const told = await page.hears(
      'delivery',
      (frame) => frame.seq === seq && frame.delivery.state === 'accepted',
    );
    expect(told.conversation).toBe(row.id);
    hub.network.onSend = () => undefined;
    await bob.post(`/conversations/${row.id}/notes`, { id: 'n', text: 'заметка' });
    await page.hears('items', ({ items }) =>
      items.some((item) => item.type === 'note' && item.text === 'заметка'),
    );
  });

  test('tells a page that comes back what became of deliveries while it was away', async () => {
    const row = await hub.waiting('back');
    await ann.act('take', row);
    await ann.say(row.id, 'ушло');
    await hub.until(async () => hub.network.textsTo('back').includes('ушло'));
    const { seq } = await ann.open(row.id);
    const page = await pageOf(ann);
    page.send({ type: 'watch', conversation: row.id, after: seq });
    await page.hears('delivery', (frame) => frame.seq === seq);
  });

  test('is followed alone: what goes on elsewhere is not told', async () => {
    const [one, two] = [await hub.waiting('one'), await hub.waiting('two')];
    const page = await pageOf(ann);
    page.send({ type: 'watch', conversation: one.id, after: 0 });
    await page.hears('items', (frame) => frame.conversation === one.id);
    page.send({ type: 'watch', conversation: two.id, after: 0 });
    await page.hears('items', (frame) => frame.conversation === two.id);
    await hub.clientSays('one', 'в первом');
    await hub.clientSays('two', 'во втором');
    await page.hears('items', textIs('во втором'));
    expect(JSON.stringify(linesOf(page, one.id))).not.toContain('в первом');
  });

  test('of an unknown id says nothing and harms nothing', async () => {
    const page = await pageOf(ann);
    page.send({ type: 'watch', conversation: '00000000-0000-4000-8000-000000000000', after: 0 });
    const row = await hub.waiting('known');
    page.send({ type: 'watch', conversation: row.id, after: 0 });
    await page.hears('items', (frame) => frame.conversation === row.id);
  });

  test('shows who types, save to the one who does', async () => {
    const row = await hub.waiting('typing');
    await ann.act('take', row);
    const [annsPage, bobsPage] = [await pageOf(ann), await pageOf(bob)];
    for (const page of [annsPage, bobsPage]) {
      page.send({ type: 'watch', conversation: row.id, after: 0 });
      await page.hears('items', (frame) => frame.conversation === row.id);
    }
    await ann.post(`/conversations/${row.id}/typing`);
    await bobsPage.hears('typing', (frame) => frame.from === 'operator');
    const { thread } = await threadOf(row.id);
    hub.live.publish({ type: 'typing', conversation: row.id as never, thread, from: 'client' });
    await annsPage.hears('typing', (frame) => frame.from === 'client');
    expect(annsPage.frames.filter((frame) => frame.type === 'typing')).toHaveLength(1);
  });

  test('has its head in every heartbeat', async () => {
    const row = await hub.waiting('heart');
    const page = await pageOf(ann);
    await page.hears('heartbeat', (frame) => frame.head === null);
    page.send({ type: 'watch', conversation: row.id, after: 0 });
    await page.hears('heartbeat', (frame) => frame.head === row.seq);
  });

  test('catches up at the next heartbeat with what no live update told of', async () => {
    const row = await hub.waiting('unheard');
    const page = await pageOf(ann);
    page.send({ type: 'watch', conversation: row.id, after: row.seq });
    await page.hears('heartbeat', (frame) => frame.head === row.seq);
    // Written by somebody else than this process, so nothing is published.
    await hub.db.query(
      `with next as (update conversation set seq = seq + 1 where id = $1 returning id, seq)
       insert into event (conversation, seq, at, type, schema, facts)
       select id, seq, now(), 'turn.failed', 1, '{"turn": 1, "attempts": 3}' from next`,
      [row.id],
    );
    const { items } = await page.hears('items', (frame) => frame.head === row.seq + 1);
    expect(items).toMatchObject([{ type: 'line', what: 'turn.failed' }]);
  });
});

async function threadOf(id: string) {
  const { rows } = await hub.db.query('select thread from conversation where id = $1', [id]);
  return rows[0];
}

describe('a page', () => {
  test('is signed out at once when its session ends here', async () => {
    const carl = await hub.person('Carl', 'operator');
    const [page, other] = [await pageOf(carl), await pageOf(ann)];
    await hub.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: carl.headers });
    await page.hears('signed-out');
    expect(await page.closed).toBe(4401);
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('is signed out soon when its user is disabled elsewhere', async () => {
    const dora = await hub.person('Dora', 'operator');
    const page = await pageOf(dora);
    await disableUser(hub.db, 'dora@bank.test', hub.clock.now(), 'cli');
    await page.hears('signed-out');
    expect(await page.closed).toBe(4401);
  });

  test('is signed out soon when its roles no longer allow the desk', async () => {
    const evan = await hub.person('Evan', 'operator');
    const page = await pageOf(evan);
    await hub.db.query(`update users set roles = '{marketer}' where id = $1`, [evan.id]);
    expect(await page.closed).toBe(4401);
  });

  test('that answers no pings is given up', async () => {
    const page = await pageOf(ann);
    await page.hears('heartbeat');
    const served = [...hub.app.websocketServer.clients].at(-1);
    if (!served) throw new Error('the server has no socket');
    // It reads nothing more, as a laptop that was closed.
    page.socket.pause();
    await once(served, 'close');
  });
});
