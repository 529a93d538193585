import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../gateway/ids.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type { ConversationId, MessageId } from '../../gateway/model/ids.ts';
import { conversationList, transcript } from '../../handoff/api.ts';
import { codeOf, type DeskHub, type Person, startDeskHub } from './desk-hub.ts';

let hub: DeskHub;
let ann: Person;
let officer: Person;
let marketer: Person;

beforeAll(async () => {
  hub = await startDeskHub();
  ann = await hub.person('Ann', 'operator');
  officer = await hub.person('Olga', 'compliance');
  marketer = await hub.person('Max', 'marketer');
});

afterAll(() => hub.close());

const ID = randomUUID();
const READS = ['?view=queue', `/${ID}`, `/${ID}/transcript`];
const ACTS = ['take', 'release', 'return', 'close', 'messages', 'typing'];

describe('who may do what', () => {
  test('nobody who is not signed in', async () => {
    for (const path of READS) {
      expect(codeOf(await hub.app.inject({ url: `/api/v1/conversations${path}` }))).toEqual([
        401,
        'signed-out',
      ]);
    }
    for (const act of [...ACTS, 'notes']) {
      const url = `/api/v1/conversations/${ID}/${act}`;
      const answer = await hub.app.inject({ method: 'POST', url, headers: { 'x-okno': '1' }, payload: {} });
      expect(codeOf(answer)).toEqual([401, 'signed-out']);
    }
    expect(codeOf(await hub.app.inject({ url: '/api/v1/queues' }))).toEqual([401, 'signed-out']);
  });

  test('nothing at the desk for roles that have no work there', async () => {
    for (const path of READS) {
      expect(codeOf(await marketer.get(`/conversations${path}`))).toEqual([403, 'forbidden']);
    }
    for (const act of [...ACTS, 'notes']) {
      expect(codeOf(await marketer.post(`/conversations/${ID}/${act}`))).toEqual([403, 'forbidden']);
    }
  });

  test('reading and notes, and no answers, for those who only look', async () => {
    const row = await hub.waiting('looked at');
    expect((await officer.open(row.id)).id).toBe(row.id);
    const note = { id: 'n', text: 'проверено' };
    expect((await officer.post(`/conversations/${row.id}/notes`, note)).statusCode).toBe(200);
    for (const act of ACTS) {
      const answer = await officer.post(`/conversations/${row.id}/${act}`, { epoch: row.epoch, ...note });
      expect(codeOf(answer)).toEqual([403, 'forbidden']);
    }
  });
});

describe('a change made by another site', () => {
  test.each([
    ['without our header', { 'x-okno': '0' }, 'missing-header'],
    ['from a foreign page', { origin: 'https://evil.test' }, 'foreign-origin'],
  ])('is refused %s, whatever the cookie', async (_what, headers, code) => {
    const row = await hub.waiting(`csrf ${code}`);
    for (const act of [...ACTS, 'notes']) {
      const answer = await hub.app.inject({
        method: 'POST',
        url: `/api/v1/conversations/${row.id}/${act}`,
        headers: { ...ann.headers, ...headers },
        payload: { epoch: row.epoch, id: 'x', text: 'x' },
      });
      expect(codeOf(answer)).toEqual([403, code]);
    }
    expect((await ann.open(row.id)).epoch).toBe(row.epoch);
  });
});

describe('bad requests', () => {
  test.each([
    'nonsense',
    '00000000-0000-0000-0000-00000000000g',
    "'; drop table conversation; --",
    '%00',
    '%ff',
    '..%2f..%2fetc',
    'x'.repeat(150),
    'x'.repeat(1000),
    '%',
    '%e0%a4',
  ])('with the id %s are refused', async (id) => {
    const path = `/conversations/${id.replaceAll(' ', '%20')}`;
    for (const answer of [
      await ann.get(path),
      await ann.get(`${path}/transcript`),
      await ann.post(`${path}/take`, { epoch: 1 }),
      await ann.post(`${path}/messages`, { id: 'x', text: 'x' }),
    ]) {
      expect(codeOf(answer)).toEqual([400, 'bad-request']);
    }
  });

  test.each([
    '?view=everything',
    '',
    '?view=queue&limit=0',
    '?view=queue&limit=101',
    '?view=queue&limit=ten',
    '?view=queue&before=1_nonsense',
    '?view=queue&before=%00',
    '?view=queue&before=99999999999999999_00000000-0000-0000-0000-000000000000',
  ])('for the list %s are refused', async (query) => {
    expect(codeOf(await ann.get(`/conversations${query}`))).toEqual([400, 'bad-request']);
  });

  test.each(['?limit=0', '?limit=201', '?after=-1', '?before=0', '?after=x', '?before=1e400'])(
    'for the transcript %s are refused',
    async (query) => {
      const row = await hub.waiting(`bad transcript ${query}`);
      expect(codeOf(await ann.get(`/conversations/${row.id}/transcript${query}`))).toEqual([
        400,
        'bad-request',
      ]);
    },
  );

  test.each([{}, { epoch: 'one' }, { epoch: 1.5 }, { epoch: null }])(
    'to take with %j are refused',
    async (body) => {
      expect(codeOf(await ann.post(`/conversations/${ID}/take`, body))).toEqual([400, 'bad-request']);
    },
  );

  test('in another form than JSON, broken or huge are refused', async () => {
    const post = (payload: string, type = 'application/json') =>
      hub.app.inject({
        method: 'POST',
        url: `/api/v1/conversations/${ID}/take`,
        headers: { ...ann.headers, 'content-type': type },
        payload,
      });
    expect(codeOf(await post('{"epoch":'))).toEqual([400, 'bad-request']);
    expect(codeOf(await post('epoch=1', 'application/x-www-form-urlencoded'))).toEqual([
      415,
      'unsupported-type',
    ]);
    expect(codeOf(await post(`{"epoch":1,"x":"${'x'.repeat(2000)}"}`))).toEqual([413, 'too-large']);
  });
});

describe('a list', () => {
  test('pages through each view in its order, every row once', async () => {
    const own = await startDeskHub();
    const eve = await own.person('Eve', 'operator');
    const ids: string[] = [];
    for (let number = 0; number < 7; number++) {
      // Pairs wait equally long, so that only the id tells them apart.
      if (number % 2 === 0) own.clock.advance(1000);
      ids.push((await own.waiting(`client ${number}`)).id);
    }
    const walk = async (view: string) => {
      const seen: string[] = [];
      let before = '';
      do {
        const answer = await eve.get(`/conversations?view=${view}&limit=2${before && `&before=${before}`}`);
        const { rows, next } = conversationList.parse(answer.json());
        seen.push(...rows.map(({ id }) => id));
        before = next ?? '';
      } while (before);
      return seen;
    };
    expect(await walk('queue')).toEqual(ids);
    expect(await walk('all')).toEqual([...ids].reverse());
    for (const row of await eve.list('queue')) await eve.act('take', row);
    expect(await walk('mine')).toEqual([...ids].reverse());
    for (const row of await eve.list('mine')) await eve.act('close', row);
    expect(await walk('closed')).toEqual([...ids].reverse());
    expect(await walk('all')).toEqual([]);
    await own.close();
  });

  test('counts what waits, what is mine and what is open', async () => {
    const own = await startDeskHub();
    const eve = await own.person('Eve', 'operator');
    const dan = await own.person('Dan', 'operator');
    const [one, two] = [await own.waiting('one'), await own.waiting('two'), await own.waiting('three')];
    await own.clientSays('four', 'привет');
    await eve.act('take', one);
    await dan.act('take', two);
    const countsOf = async (person: Person) =>
      conversationList.parse((await person.get('/conversations?view=closed')).json()).counts;
    expect(await countsOf(eve)).toEqual({ queue: 1, mine: 1, all: 4 });
    await dan.act('close', { ...two, epoch: two.epoch + 1 });
    expect(await countsOf(eve)).toEqual({ queue: 1, mine: 1, all: 3 });
    expect(await countsOf(dan)).toEqual({ queue: 1, mine: 0, all: 3 });
    await own.close();
  });

  test('shows who said what last, and no more of it than a line', async () => {
    const row = await hub.waiting('long');
    await hub.clientSays('long', `${'🏦'.repeat(500)}`);
    const shown = (await ann.list('all')).find(({ id }) => id === row.id);
    expect(shown?.last).toMatchObject({ from: 'client', text: '🏦'.repeat(200) });
    expect(shown).toMatchObject({ unread: 1, channel: 'scripted', locale: 'ru' });
  });

  test('shows what a person said last, not what the bot or the system told the client meanwhile', async () => {
    const row = await hub.waiting('asks');
    const told = (await ann.read(row.id)).filter((item) => item.type === 'message');
    expect(told.at(-1)).toMatchObject({ from: 'bot' });
    expect(row.last).toMatchObject({ from: 'client', text: 'Позовите оператора' });
    await ann.act('take', row);
    await ann.say(row.id, 'Слушаю вас');
    const said = (await ann.open(row.id)).last;
    expect(said).toMatchObject({ from: 'operator', text: 'Слушаю вас' });
    expect(said).not.toHaveProperty('kind');
    const message = (await ann.read(row.id)).findLast((item) => item.type === 'message');
    if (message?.type !== 'message') throw new Error('nothing was said');
    const facts = {
      message: newId<MessageId>(),
      of: message.seq,
      by: { kind: 'operator', operator: ann.id },
    } as const;
    const content = [{ kind: 'text' as const, text: 'Слушаю внимательно' }];
    const edited: NewEvent = {
      type: 'message.edited',
      facts: { ...facts, kinds: ['text'] },
      body: { content },
    };
    await hub.change.commit([{ conversation: row.id as ConversationId, events: [edited] }]);
    expect((await ann.open(row.id)).last).toMatchObject({ from: 'operator', text: 'Слушаю внимательно' });
    await hub.change.commit([
      {
        conversation: row.id as ConversationId,
        events: [{ type: 'message.deleted', facts }],
      },
    ]);
    expect((await ann.open(row.id)).last).toMatchObject({ from: 'operator', text: '', deleted: true });
  });
});

describe('a transcript', () => {
  test('is read backwards in pages and forwards from any number, without gaps', async () => {
    const row = await hub.waiting('pages');
    await ann.act('take', row);
    for (let number = 0; number < 9; number++) await ann.say(row.id, `раз ${number}`);
    const read = async (query: string) =>
      transcript.parse((await ann.get(`/conversations/${row.id}/transcript?${query}`)).json());
    const all = await read('limit=200');
    expect(all.hasOlder).toBe(false);
    expect(all.items[0]).toMatchObject({ type: 'line', what: 'conversation.opened', seq: 1 });
    expect(all.items.at(-1)).toMatchObject({ content: [{ kind: 'text', text: 'раз 8' }], seq: all.head });

    const backwards = [];
    let page = await read('limit=4');
    backwards.unshift(...page.items);
    while (page.hasOlder) {
      page = await read(`limit=4&before=${page.items[0]?.seq}`);
      backwards.unshift(...page.items);
    }
    expect(backwards.map(({ seq }) => seq)).toEqual(all.items.map(({ seq }) => seq));

    const forwards = [];
    for (let after = 0; after < all.head; ) {
      const next = await read(`limit=4&after=${after}`);
      expect(next.hasOlder).toBe(after > 0);
      forwards.push(...next.items);
      after = next.items.at(-1)?.seq ?? next.head;
    }
    expect(forwards.map(({ seq }) => seq)).toEqual(all.items.map(({ seq }) => seq));
    expect(await read(`after=${all.head}`)).toMatchObject({ items: [], head: all.head });
  });

  test('shows changes of owner with names, and hides what only machines need', async () => {
    const row = await hub.waiting('owners');
    const { id } = row;
    await ann.act('take', row);
    await ann.act('close', { id, epoch: row.epoch + 1 });
    const items = await ann.read(id);
    expect(items.filter(({ type }) => type === 'owner')).toMatchObject([
      { from: { kind: 'bot' }, to: { kind: 'queue', queue: 'default' }, reason: 'asked' },
      { to: { kind: 'operator', operator: ann.id, name: 'Ann' }, reason: 'taken' },
      { from: { kind: 'operator', name: 'Ann' }, to: { kind: 'nobody' }, reason: 'closed' },
    ]);
    expect(items.flatMap((item) => (item.type === 'line' ? [item.what] : []))).toEqual([
      'conversation.opened',
      'conversation.closed',
    ]);
    expect(items.at(-1)).toMatchObject({ detail: { by: 'operator', name: 'Ann', reason: 'closed' } });
  });

  test('stays readable when its texts were erased', async () => {
    const row = await hub.waiting('erased');
    await ann.post(`/conversations/${row.id}/notes`, { id: 'n', text: 'x' });
    await hub.db.query('update event set body = null, salt = null where conversation = $1', [row.id]);
    const items = await ann.read(row.id);
    expect(items.filter(({ type }) => type === 'message')).toMatchObject([
      { from: 'client', content: [], erased: true },
      { from: 'bot', content: [], erased: true },
    ]);
    const view = await ann.open(row.id);
    expect(view.last?.text).toBe('');
    expect(view).not.toHaveProperty('context');
  });
});

test('the queues have titles in both languages', async () => {
  expect((await ann.get('/queues')).json()).toEqual({
    queues: [{ id: 'default', title: { ru: 'Общая очередь', en: 'General queue' } }],
  });
});

test('every route is described for openapi.json', async () => {
  const { paths } = (await hub.app.inject({ url: '/api/openapi.json' })).json();
  expect(Object.keys(paths).sort()).toEqual([
    '/api/v1/conversations',
    '/api/v1/conversations/{id}',
    '/api/v1/conversations/{id}/close',
    '/api/v1/conversations/{id}/identities/{identity}/unlink',
    '/api/v1/conversations/{id}/messages',
    '/api/v1/conversations/{id}/messages/{seq}/delete',
    '/api/v1/conversations/{id}/messages/{seq}/edit',
    '/api/v1/conversations/{id}/messages/{seq}/label',
    '/api/v1/conversations/{id}/messages/{seq}/react',
    '/api/v1/conversations/{id}/move',
    '/api/v1/conversations/{id}/notes',
    '/api/v1/conversations/{id}/release',
    '/api/v1/conversations/{id}/return',
    '/api/v1/conversations/{id}/take',
    '/api/v1/conversations/{id}/transcript',
    '/api/v1/conversations/{id}/typing',
    '/api/v1/demo',
    '/api/v1/intents',
    '/api/v1/queues',
    '/api/v1/search',
    '/api/v1/session',
  ]);
  expect(Object.keys(paths['/api/v1/session'])).toEqual(['post', 'get', 'delete']);
});
