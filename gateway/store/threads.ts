import type { ChannelId, ConversationId, ThreadId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { FIRST_OPEN, isOpenWith } from './secondary.ts';

/** The thread at a network's own place and the open conversation it belongs to. */
export async function placeOf(
  db: Database,
  channel: ChannelId,
  externalThread: string,
): Promise<{ thread: ThreadId; conversation: ConversationId } | undefined> {
  const { rows } = await db.query<{ thread: ThreadId; conversation: ConversationId }>(
    `select t.id as thread, c.id as conversation from thread t
     join identity i on i.id = t.identity
     join conversation c on ${isOpenWith('i.contact')}
     where t.channel = $1 and t.external_thread = $2 ${FIRST_OPEN}`,
    [channel, externalThread],
  );
  return rows[0];
}

/** Where the contact of a conversation wrote last. */
export async function placeOfThread(
  db: Database,
  conversation: ConversationId,
): Promise<{ thread: ThreadId; channel: ChannelId; externalThread: string } | undefined> {
  const { rows } = await db.query<{ thread: ThreadId; channel: ChannelId; externalThread: string }>(
    `select t.id as thread, t.channel, t.external_thread as "externalThread"
     from conversation c join thread t on t.id = c.thread where c.id = $1`,
    [conversation],
  );
  return rows[0];
}

/** Keeps what a person is called; where nobody of that id is known, nothing. */
export async function nameIdentity(
  db: Database,
  channel: ChannelId,
  externalUser: string,
  name: string,
): Promise<void> {
  await db.query(
    'update identity set name = $3 where channel = $1 and external_user = $2 and name is distinct from $3',
    [channel, externalUser, name],
  );
}

/** The bank's customer whom an identity was proved to be, by the network's id of the person. */
export async function customerOf(
  db: Database,
  channel: ChannelId,
  externalUser: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ customer: string | null }>(
    'select customer from identity where channel = $1 and external_user = $2',
    [channel, externalUser],
  );
  return rows[0]?.customer ?? undefined;
}
