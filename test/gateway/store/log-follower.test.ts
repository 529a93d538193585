import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { createLogFollower } from '../../../gateway/store/log-follower.ts';
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
      taken.push(news);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await db.query('update conversation set seq = seq + 1, last_at = clock_timestamp() where id = $1', [
        news.conversation,
      ]);
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
