import { expect, test } from 'vitest';
import { inTransaction, isWritable, openDatabase } from '../../../gateway/store/database.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

test('a query that takes too long is given up, with its connection, and the next one is served', async () => {
  const db = openDatabase(await freshDatabase(), () => {}, 200);
  await expect(inTransaction(db, (client) => client.query('select pg_sleep(60)'))).rejects.toThrow(/timeout/);
  expect(db.totalCount).toBe(0);
  expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await db.end();
});

test('a command may wait for as long as its query takes', async () => {
  const db = openDatabase(await freshDatabase(), () => {}, 0);
  expect((await db.query('select pg_sleep(0.5)')).rowCount).toBe(1);
  await db.end();
});

test('a store that only reads is not writable, nor is one that nobody answers for', async () => {
  const url = await freshDatabase();
  const db = openDatabase(url, () => {});
  expect(await isWritable(db)).toBe(true);
  const { rows } = await db.query<{ name: string }>('select current_database() as name');
  await db.query(`alter database ${rows[0]?.name} set default_transaction_read_only = on`);
  await db.end();
  const readOnly = openDatabase(url, () => {});
  expect(await isWritable(readOnly)).toBe(false);
  await readOnly.end();
  const nobody = openDatabase('postgres://okno@127.0.0.1:1/okno', () => {});
  expect(await isWritable(nobody)).toBe(false);
  await nobody.end();
});

test('a transaction whose work throws leaves nothing behind', async () => {
  const db = openDatabase(await freshDatabase(), () => {});
  const work = inTransaction(db, async (client) => {
    await client.query('create table half (n int)');
    throw new Error('on purpose');
  });
  await expect(work).rejects.toThrow('on purpose');
  expect((await db.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
  await db.end();
});
