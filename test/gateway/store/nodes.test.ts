import pg from 'pg';
import { expect, test } from 'vitest';
import { inTransaction, openDatabase } from '../../../gateway/store/database.ts';
import { endLease, renewLease, takeShards } from '../../../gateway/store/nodes.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

const LEASE_MS = 60_000;
/** Of the paused node's connections here: how long they may say nothing in a transaction. */
const SILENCE_MS = 1_000;

test('a node that is paused in the middle of a commit keeps its shards from nobody', async () => {
  const url = await freshDatabase();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  const paused = openDatabase(url, () => {}, SILENCE_MS, SILENCE_MS);
  await renewLease(other, 'paused', LEASE_MS);
  const all = await takeShards(other, 'paused', Number.MAX_SAFE_INTEGER);
  const held = all.slice(0, 3).map(({ shard }) => shard);

  let wake = () => {};
  let begun = () => {};
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const committing = inTransaction(paused, async (client) => {
    await client.query('select from shard where shard = any($1::smallint[]) for share', [held]);
    begun();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    return client.query('select 1');
  });
  const failed = expect(committing).rejects.toThrow();
  await isBegun;
  await endLease(other, 'paused');
  await renewLease(other, 'other', LEASE_MS);
  const free = await takeShards(other, 'other', all.length);
  expect(free).toHaveLength(all.length - held.length);

  // Waits for as long as the server lets the paused one be silent.
  await other.query('select from shard where shard = any($1::smallint[]) for update', [held]);
  const rest = await takeShards(other, 'other', all.length);
  expect(rest.map(({ shard }) => shard).sort()).toEqual(held.sort());
  wake();
  await failed;
  expect((await paused.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await paused.end();
  await other.end();
});
