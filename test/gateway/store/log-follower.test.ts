import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { countPassedOver, createLogFollower } from '../../../gateway/store/log-follower.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

/** More than are taken in one transaction. */
const CONVERSATIONS = 120;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

let db: Database;

beforeAll(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  await db.query(
    `with people as (insert into contact (id, created_at) select gen_random_uuid(), now()
        from generate_series(1, ${CONVERSATIONS}) returning id)
     insert into conversation (id, contact, shard, status, seq, version, epoch, fence, owner_kind, owner_since, turn,
       last_at, opened_at, revision, active_hour)
     select gen_random_uuid(), id, 1, 'open', 3, 1, 0, 0, 'bot', now(), '{}', now(), now(), nextval('revision'),
       floor(extract(epoch from now()) / 3600)
     from people`,
  );
});
afterAll(() => db.end());

test('a look ends although every conversation goes on, and what went on is taken by the next', async () => {
  const taken: { conversation: string; after: number; head: number }[] = [];
  const follower = createLogFollower({
    db,
    name: 'test',
    now: () => new Date(),
    log: quiet,
    async take(_client, news) {
      taken.push(...news);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await db.query(
        'update conversation set seq = seq + 1, last_at = clock_timestamp() where id = any($1::uuid[])',
        [news.map(({ conversation }) => conversation)],
      );
    },
  });
  await follower.catchUp();
  expect(taken).toHaveLength(CONVERSATIONS);
  expect(new Set(taken.map(({ conversation }) => conversation)).size).toBe(CONVERSATIONS);
  expect(taken.every(({ after, head }) => after === 0 && head === 3)).toBe(true);

  taken.length = 0;
  await follower.catchUp();
  expect(taken).toHaveLength(CONVERSATIONS);
  expect(taken.every(({ after, head }) => after === 3 && head === 4)).toBe(true);
});

test('what the store was in the way of is taken again, and only a conversation that cannot be taken is passed over', async () => {
  const fails = new Map<string, Error>();
  const taken: string[] = [];
  const follower = createLogFollower({
    db,
    name: 'failing',
    from: 'beginning',
    now: () => new Date(),
    log: quiet,
    async take(_client, news) {
      const error = news.flatMap(({ conversation }) => fails.get(conversation) ?? [])[0];
      if (error) throw error;
      taken.push(...news.map(({ conversation }) => conversation));
    },
  });
  const { rows } = await db.query<{ id: string }>(
    'select id from conversation order by active_hour, id limit 2',
  );
  const [first, second] = rows.map(({ id }) => id);
  fails.set(String(first), Object.assign(new Error('deadlock detected'), { code: '40P01' }));
  fails.set(String(second), new TypeError('it cannot be read'));
  await expect(follower.catchUp()).rejects.toThrow('deadlock detected');
  expect((await countPassedOver(db)).size).toBe(0);

  taken.length = 0;
  fails.delete(String(first));
  await follower.catchUp();
  expect(taken).toHaveLength(CONVERSATIONS - 1);
  expect(taken).toContain(first);
  expect([...(await countPassedOver(db))]).toEqual([['failing', 1]]);
});

test('of a long conversation a stretch is taken at a time, in order, within one look', async () => {
  const { rows } = await db.query<{ id: string }>(
    'update conversation set seq = 1200 where id = (select min(id::text)::uuid from conversation) returning id',
  );
  const taken: { conversation: string; after: number; head: number }[] = [];
  const follower = createLogFollower({
    db,
    name: 'long',
    from: 'beginning',
    now: () => new Date(),
    log: quiet,
    take: async (_client, news) => void taken.push(...news),
  });
  await follower.catchUp();
  const long = taken.filter(({ conversation }) => conversation === rows[0]?.id);
  expect(long.map(({ after, head }) => [after, head])).toEqual([
    [0, 500],
    [500, 1000],
    [1000, 1200],
  ]);
  expect(taken).toHaveLength(CONVERSATIONS + 2);
});

test('what takes longer than a transaction may is taken in smaller portions, and then in larger ones again', async () => {
  const portions: number[] = [];
  let most = 3;
  const taken = new Set<string>();
  const follower = createLogFollower({
    db,
    name: 'slow',
    from: 'beginning',
    now: () => new Date(),
    log: quiet,
    async take(_client, news) {
      portions.push(news.length);
      if (news.length > most) throw Object.assign(new Error('the connection is lost'), { code: '57P05' });
      most = CONVERSATIONS;
      for (const { conversation } of news) taken.add(conversation);
    },
  });
  await expect(follower.catchUp()).rejects.toThrow('the connection is lost');
  await expect(follower.catchUp()).rejects.toThrow('the connection is lost');
  await expect(follower.catchUp()).rejects.toThrow('the connection is lost');
  await follower.catchUp();
  const { rows } = await db.query('select from conversation');
  expect(taken.size).toBe(rows.length);
  expect(portions.slice(0, 10)).toEqual([50, 13, 4, 1, 2, 4, 8, 16, 32, 50]);
});
