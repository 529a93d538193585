import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../../gateway/store/migrate.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

test('a schema that is up to date is left as it is, from two processes at once too', async () => {
  const url = await freshDatabase();
  expect(await Promise.all([migrate(url), migrate(url)])).toEqual([[], []]);
});

test('a schema of a newer program is refused with its name and what to do, and nothing is changed', async () => {
  const url = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`insert into kysely_migration (name, timestamp) values ('9999-later', now()::text)`);
  await expect(migrate(url)).rejects.toThrow(
    'the database has the schema of a newer Okno (9999-later); run that version, or restore a backup from before it',
  );
  const { rows } = await client.query('select count(*)::int as count from kysely_migration');
  await client.end();
  expect(rows[0].count).toBeGreaterThan(2);
});
