import type pg from 'pg';
import { recordAudit, type Who } from '../access/audit.ts';
import type { ContactId, ConversationId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';
import { isHeld } from './holds.ts';
import { eraseMediaRows } from './media.ts';
import { personOf } from './person.ts';

export type Erased =
  | {
      readonly outcome: 'erased';
      readonly conversations: number;
      readonly texts: number;
      /** Hashes of files that nothing needed then; the caller hands them to `removeFiles`. */
      readonly files: readonly string[];
    }
  | { readonly outcome: 'missing' }
  /** The law wants it kept. */
  | { readonly outcome: 'held' }
  /** A conversation is under way, or something of it is still to be sent. */
  | { readonly outcome: 'unfinished'; readonly conversation: ConversationId };

/**
 * Erases what is personal of a contact and of all that are linked with it, in one transaction: texts and their salts,
 * the bot's state, names. Facts stay: ids, kinds, times, counts; and so does the proof that nothing else was altered.
 */
export async function eraseContact(db: Database, contact: ContactId, by: Who, at: Date): Promise<Erased> {
  return inTransaction(db, async (client) => {
    const { rows: known } = await client.query('select from contact where id = $1', [contact]);
    if (known.length === 0) return { outcome: 'missing' };
    const contacts = await contactsOf(client, contact);
    const { rows } = await client.query<{
      id: ConversationId;
      held: boolean;
      unfinished: boolean;
    }>(
      `select c.id, ${isHeld('c')} as held, c.status = 'open'
         or exists (select from delivery d where d.conversation = c.id and d.state in ('due', 'attempting')) as unfinished
       from conversation c where c.contact = any($1::uuid[]) order by c.id for update`,
      [contacts],
    );
    if (rows.some(({ held }) => held) || (await isOneHeld(client, contacts))) return { outcome: 'held' };
    const busy = rows.find(({ unfinished }) => unfinished);
    if (busy) return { outcome: 'unfinished', conversation: busy.id };
    // Before the texts, which name them.
    const files = await eraseMediaRows(
      client,
      rows.map(({ id }) => id),
    );
    let texts = 0;
    for (const { id } of rows) texts += await eraseTexts(client, id);
    await client.query(
      'delete from client_code where identity in (select id from identity where contact = any($1::uuid[]))',
      [contacts],
    );
    await client.query('update identity set name = null, username = null where contact = any($1::uuid[])', [
      contacts,
    ]);
    const detail = { conversations: rows.length, texts };
    await recordAudit(client, at, { who: by, act: 'contact.erased', subject: contact, detail });
    return { outcome: 'erased', ...detail, files };
  });
}

async function contactsOf(client: pg.PoolClient, contact: ContactId): Promise<readonly ContactId[]> {
  const { rows } = await client.query<{ contact: ContactId }>(
    `select p.contact from ${personOf('$1::uuid')} as p(contact)`,
    [contact],
  );
  return rows.map((row) => row.contact);
}

async function isOneHeld(client: pg.PoolClient, contacts: readonly ContactId[]): Promise<boolean> {
  const { rows } = await client.query(
    'select from legal_hold where contact = any($1::uuid[]) and released_at is null limit 1',
    [contacts],
  );
  return rows.length > 0;
}

async function eraseTexts(client: pg.PoolClient, conversation: ConversationId): Promise<number> {
  const { rowCount } = await client.query(
    'update event set body = null, salt = null where conversation = $1 and body is not null',
    [conversation],
  );
  for (const table of ['training_candidate', 'message_search'])
    await client.query(`delete from ${table} where conversation = $1`, [conversation]);
  await client.query(
    `update conversation set turn = '{"actions": {}}', revision = nextval('revision') where id = $1`,
    [conversation],
  );
  return rowCount ?? 0;
}
