import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import pg from 'pg';
import { createGroup } from '../../gateway/store/group.ts';
import { startPostgres } from '../fixtures/postgres-server.ts';
import { updateSchema } from './update-schema.ts';

/** The least that storing costs: the bare server, and what waits together is inserted in one statement. */
const folder = mkdtempSync(join(tmpdir(), 'okno-grouped-'));
chmodSync(folder, 0o711);
const postgres = await startPostgres(join(folder, 'data'));
const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
await pool.query('create table said (id bigint primary key, chat bigint not null, body text not null)');

interface Update {
  readonly update_id: number;
  readonly message: { readonly chat: { readonly id: number }; readonly text: string };
}

const insert = createGroup<Update, undefined>(async (updates) => {
  await pool.query({
    name: 'insert',
    text: 'insert into said select * from unnest($1::bigint[], $2::bigint[], $3::text[]) on conflict do nothing',
    values: [
      updates.map(({ update_id }) => update_id),
      updates.map(({ message }) => message.chat.id),
      updates.map(({ message }) => message.text),
    ],
  });
  return updates.map(() => undefined);
});

const app = fastify();
app.post<{ Body: Update }>('/', { schema: { body: updateSchema } }, async (request) => {
  await insert(request.body);
  return { ok: true };
});
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));

process.once('SIGTERM', async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
