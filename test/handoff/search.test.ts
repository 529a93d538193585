import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchWords } from '../../config/search-words.ts';
import { close } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import type { NewEvent } from '../../gateway/model/events.ts';
import type { ContactId, ConversationId, MessageId, OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { eraseContact } from '../../gateway/store/erase.ts';
import { applyRetention } from '../../gateway/store/retention.ts';
import type { SearchHit, SearchResult } from '../../handoff/api.ts';
import { excerptOf } from '../../handoff/search/excerpt.ts';
import { findMessages } from '../../handoff/search/find.ts';
import { createSearchIndex, indexed } from '../../handoff/search/index-messages.ts';
import { codeOf, type DeskHub, type Person, silent, startDeskHub } from './desk-hub.ts';

const LONG_MS = 60_000;

let desk: DeskHub;
let olga: Person;
let index: ReturnType<typeof createSearchIndex>;
const newIndex = (words: Pick<typeof searchWords, 'ofMessage'> = searchWords) =>
  createSearchIndex({ db: desk.db, words, now: desk.clock.now, log: silent });
beforeAll(async () => {
  desk = await startDeskHub();
  olga = await desk.person('olga', 'operator');
  index = newIndex();
}, LONG_MS);
afterAll(async () => {
  await index?.stop();
  await desk?.close();
});

async function search(q: string, more: Record<string, string> = {}): Promise<SearchResult> {
  await index.catchUp();
  const answer = await olga.get(`/search?${new URLSearchParams({ q, ...more })}`);
  expect(codeOf(answer)).toEqual([200]);
  return answer.json();
}
const textsOf = ({ hits }: SearchResult) => hits.map(({ text }) => text);
const marked = ({ text, marks }: SearchHit) => marks.map(({ start, end }) => text.slice(start, end));
/** What clients said of it; the bot of this hub repeats everything. */
const said = async (q: string) => (await search(q)).hits.filter(({ from }) => from === 'client');

async function conversationOf(client: string): Promise<{ id: ConversationId; contact: ContactId }> {
  const { rows } = await desk.db.query<{ id: ConversationId; contact: ContactId }>(
    `select c.id, c.contact from conversation c join identity i on i.contact = c.contact
     where i.external_user = $1 order by c.id desc limit 1`,
    [client],
  );
  if (!rows[0]) throw new Error(`${client} has said nothing`);
  return rows[0];
}

async function revise(client: string, of: number, text?: string): Promise<void> {
  const { id } = await conversationOf(client);
  const facts = { message: newId<MessageId>(), of, by: { kind: 'contact' } as const };
  const event: NewEvent =
    text === undefined
      ? { type: 'message.deleted', facts }
      : {
          type: 'message.edited',
          facts: { ...facts, kinds: ['text'] },
          body: { content: [{ kind: 'text', text }] },
        };
  await desk.change.commit([{ conversation: id, events: [event] }]);
}

describe('searching messages', { timeout: LONG_MS }, () => {
  it('finds every inflection, ё, slips and the wrong layout, with what was found marked', async () => {
    await desk.clientSays('ann', 'Где мои переводы на зелёный счёт?');
    await desk.clientSays('ann', 'Второй превод тоже пропал');
    await desk.clientSays('bob', 'my transfers were rejected');
    const [slip, first] = await said('переводом');
    expect(marked(slip as SearchHit)).toEqual(['превод']);
    expect(marked(first as SearchHit)).toEqual(['переводы']);
    for (const query of ['зеленый счет', 'ЗЕЛЁНОГО', 'зеленй', 'ptktysq', 'зелен'])
      expect((await said(query)).map(({ text }) => text)).toEqual(['Где мои переводы на зелёный счёт?']);
    for (const query of ['transferring', 'tranfser reject'])
      expect((await said(query)).map(({ text }) => text)).toEqual(['my transfers were rejected']);
    expect((await search('перевод велосипед')).hits).toEqual([]);
    expect((await search('?!')).hits).toEqual([]);
  });

  it('finds notes and replies, and says whose words they are', async () => {
    const row = await desk.waiting('clara');
    const { epoch } = (await olga.act('take', row)).json();
    expect(epoch).toBeGreaterThan(row.epoch);
    await olga.say(row.id, 'Проверяю фламинго');
    await olga.post(`/conversations/${row.id}/notes`, { id: 'n1', text: 'клиент любит фламинго' });
    const { hits } = await search('фламинго');
    expect(hits.map(({ from }) => from)).toEqual(['note', 'operator']);
    expect(hits.every(({ conversation }) => conversation.id === row.id)).toBe(true);
    const items = await olga.read(row.id);
    expect(items.find(({ seq }) => seq === hits[0]?.seq)).toMatchObject({ type: 'note' });
  });

  it('follows edits and deletions, and what was taken back stays so', async () => {
    await desk.clientSays('dora', 'мой любимый крокодил');
    const [hit] = await said('крокодил');
    const seq = hit?.seq ?? 0;
    await revise('dora', seq, 'мой любимый бегемот');
    expect(await said('крокодил')).toEqual([]);
    expect((await said('бегемот')).map((found) => found.seq)).toEqual([seq]);
    await revise('dora', seq);
    expect(await said('бегемот')).toEqual([]);
    await revise('dora', seq, 'опять бегемот');
    expect(await said('бегемот')).toEqual([]);
  });

  it('forgets whoever is erased, and what retention removes', async () => {
    await desk.clientSays('erna', 'секретный жираф');
    await desk.clientSays('fritz', 'открытый жираф');
    expect(await said('жираф')).toHaveLength(2);
    for (const client of ['erna', 'fritz']) {
      const { id } = await conversationOf(client);
      await desk.until(
        async () =>
          (
            await desk.db.query(
              `select from delivery where conversation = $1 and state in ('due', 'attempting')`,
              [id],
            )
          ).rowCount === 0,
      );
      const events = close({ owner: { kind: 'bot' }, epoch: 0 }, { kind: 'hub' }, 'silence');
      await desk.change.commit([{ conversation: id, events }]);
    }
    const { contact, id } = await conversationOf('erna');
    expect((await eraseContact(desk.db, contact, 'hub', new Date())).outcome).toBe('erased');
    expect((await said('жираф')).map(({ text }) => text)).toEqual(['открытый жираф']);
    const left = await desk.db.query('select from message_search where conversation = $1', [id]);
    expect(left.rowCount).toBe(0);
    const later = new Date(desk.clock.now().getTime() + 86_400_000);
    await applyRetention(desk.db, { conversationsMs: 1, quarantineMs: 1 }, later);
    expect(await said('жираф')).toEqual([]);
    const orphans = await desk.db.query(
      'select from message_search s where not exists (select from conversation c where c.id = s.conversation)',
    );
    expect(orphans.rowCount).toBe(0);
  });

  it('is for those who read conversations, and bounds what it is asked', async () => {
    const marketer = await desk.person('mark', 'marketer');
    expect((await marketer.get('/search?q=x')).statusCode).toBe(403);
    expect((await desk.app.inject({ url: '/api/v1/search?q=x' })).statusCode).toBe(401);
    for (const query of ['q=', `q=${'x'.repeat(201)}`, 'q=%00', 'q=x&limit=51', 'q=x&before=1', 'limit=1'])
      expect((await olga.get(`/search?${query}`)).statusCode).toBe(400);
    for (const odd of [`'`, `\\`, `a' | 'b`, `!:*&<->`, '👨‍👩‍👧', 'а'.repeat(200)]) await search(odd);
  });

  it('gives pages that hold each message once, whatever comes meanwhile', async () => {
    for (let number = 1; number <= 5; number++) {
      desk.clock.advance(1_000);
      await desk.clientSays(`g${number}`, `пингвин ${number}`);
    }
    const first = await search('пингвин', { limit: '4' });
    desk.clock.advance(1_000);
    await desk.clientSays('late', 'пингвин опоздал');
    const second = await search('пингвин', { limit: '4', before: first.next ?? '' });
    const third = await search('пингвин', { limit: '4', before: second.next ?? '' });
    const all = [first, second, third].flatMap(textsOf);
    expect(new Set(all).size).toBe(all.length);
    const clients = all.filter((text) => text.startsWith('пингвин'));
    expect(clients).toEqual([5, 4, 3, 2, 1].map((number) => `пингвин ${number}`));
    expect(third.next).toBeUndefined();
  });
});

describe('the index', { timeout: LONG_MS }, () => {
  it('takes what was said before it was there, and goes on where it was killed', async () => {
    await index.catchUp();
    const before = await desk.db.query("select count(*) as count from message_search where words <> ''");
    await desk.db.query('delete from message_search');
    await desk.db.query(`delete from log_followed where follower = 'search'`);
    await desk.db.query(`delete from log_follower where name = 'search'`);
    // Everything seems long past: a follower that began now would take nothing of it.
    await desk.db.query(
      `update conversation set last_at = last_at - interval '30 days', active_hour = active_hour - 720`,
    );
    let taken = 0;
    const dying = newIndex({
      ofMessage(text) {
        taken += 1;
        if (taken > 5) throw Object.assign(new Error('the server goes down'), { code: '57P01' });
        return searchWords.ofMessage(text);
      },
    });
    await expect(dying.catchUp()).rejects.toThrow('the server goes down');
    await dying.stop();
    expect((await desk.db.query('select from log_followed where passed_over is not null')).rowCount).toBe(0);
    const next = newIndex();
    await next.catchUp();
    await next.stop();
    const after = await desk.db.query("select count(*) as count from message_search where words <> ''");
    expect(after.rows).toEqual(before.rows);
  });

  it('reads a few rows of many messages for a rare word, a slip and the beginning of a word', async () => {
    const { id } = await conversationOf('ann');
    await desk.db.query(
      `insert into message_search (conversation, seq, at, said, words)
       select $1, 1000000 + n, now(), 1, array_to_tsvector(array['карт', 'номер', 'n' || n])
       from generate_series(1, 100000) as n`,
      [id],
    );
    await desk.db.query('vacuum analyze message_search');
    const find = (query: string) => readsOf((db) => findMessages(db, searchWords, { query, limit: 30 }));
    for (const query of ['n77777 карта', 'пингвн', 'жабронос', 'пинг']) {
      const reads = await find(query);
      expect(reads.seqScans, query).toBe(0);
      expect(reads.indexScans, query).toBeGreaterThan(0);
      expect(reads.rows, query).toBeLessThan(100);
    }
    // What all messages hold is read whole: the count bites.
    expect((await find('номер')).rows).toBeGreaterThanOrEqual(100_000);
    await desk.db.query('delete from message_search where seq > 1000000');
  });

  it('is empty of one-time codes and of what is no message', async () => {
    const at = new Date(0);
    const base = { conversation: newId<ConversationId>(), at };
    const message = newId<MessageId>();
    const author = { kind: 'bot' } as const;
    const facts = { message, thread: 't', author, kinds: ['text'], once: true } as never;
    const body = { content: [{ kind: 'text' as const, text: 'ваш код 123456' }] };
    expect(await indexed([{ ...base, seq: 1, type: 'message.sent', facts, body }], searchWords)).toEqual([
      { ...base, seq: 1, said: 1, words: [] },
    ]);
    const note = { message, operator: newId<OperatorId>() };
    expect(
      await indexed(
        [{ ...base, seq: 2, type: 'note.added', facts: note, body: { text: 'Карты' } }],
        searchWords,
      ),
    ).toEqual([{ ...base, seq: 2, said: 2, words: ['карт'] }]);
  });
});

it('cuts an excerpt around what was found, with the marks where they stand in it', () => {
  const text = `${'слово '.repeat(100)}карта ${'слово '.repeat(100)}карта`;
  const start = text.indexOf('карта');
  const last = text.lastIndexOf('карта');
  const excerpt = excerptOf(text, [
    { start, end: start + 5 },
    { start: last, end: last + 5 },
  ]);
  expect(excerpt.text.length).toBeLessThanOrEqual(202);
  expect(excerpt.text).toMatch(/^…слово .*карта .*…$/);
  expect(marked({ ...excerpt } as SearchHit)).toEqual(['карта']);
  expect(excerptOf('коротко', [])).toEqual({ text: 'коротко', marks: [] });
  const solid = `${'ы'.repeat(500)}карта`;
  expect(marked(excerptOf(solid, [{ start: 500, end: 505 }]) as SearchHit)).toEqual(['карта']);
  expect(excerptOf(`${'я'.repeat(199)}😀`, []).text).toBe(`${'я'.repeat(199)}…`);
});

interface Reads {
  readonly seqScans: number;
  readonly indexScans: number;
  readonly rows: number;
}

/** What the server read of the index's table for some work on the one connection that it is given. */
async function readsOf(work: (db: Database) => Promise<unknown>): Promise<Reads> {
  const db = new pg.Pool({ connectionString: desk.url, max: 1 });
  const read = async (): Promise<Reads> => {
    // A connection tells what it read some time later, else.
    await db.query('select pg_stat_force_next_flush()');
    const { rows } = await db.query<Reads>(
      `select seq_scan as "seqScans", idx_scan as "indexScans", idx_tup_fetch + seq_tup_read as rows
       from pg_stat_user_tables where relname = 'message_search'`,
    );
    return rows[0] ?? { seqScans: 0, indexScans: 0, rows: 0 };
  };
  try {
    const before = await read();
    await work(db);
    const after = await read();
    return {
      seqScans: after.seqScans - before.seqScans,
      indexScans: after.indexScans - before.indexScans,
      rows: after.rows - before.rows,
    };
  } finally {
    await db.end();
  }
}
