import type { ClientMessage } from '../connectors/client-view.ts';
import type { EventShapes } from '../model/events.ts';
import type { ChannelId, ThreadId } from '../model/ids.ts';
import type { Owner } from '../model/owner.ts';
import type { Database } from './database.ts';

type Row = { position: number; at: Date } & (
  | {
      type: 'message.received';
      facts: EventShapes['message.received']['facts'];
      body: EventShapes['message.received']['body'] | null;
    }
  | {
      type: 'conversation.rated';
      facts: EventShapes['conversation.rated']['facts'];
      body: EventShapes['conversation.rated']['body'] | null;
    }
  | {
      type: 'message.sent';
      facts: EventShapes['message.sent']['facts'];
      body: EventShapes['message.sent']['body'] | null;
    }
);

// What the client of a thread sees: what they said there, and what was accepted for that thread.
const VISIBLE = `from binding b
  join event e on e.conversation = b.conversation and e.facts ->> 'thread' = b.thread::text
    and e.type in ('message.received', 'message.sent', 'conversation.rated')
  left join delivery d on d.conversation = e.conversation and d.seq = e.seq and e.type = 'message.sent'
  where b.thread = $1 and (e.type <> 'message.sent' or d.state = 'accepted')`;

/** The thread of a network's own place, once something was said there. */
export async function findThread(
  db: Database,
  channel: ChannelId,
  external: string,
): Promise<ThreadId | undefined> {
  const { rows } = await db.query<{ id: ThreadId }>(
    'select id from thread where channel = $1 and external_thread = $2',
    [channel, external],
  );
  return rows[0]?.id;
}

/** Who owns the open conversation of a thread's contact; undefined where none is open. */
export async function ownerOn(db: Database, thread: ThreadId): Promise<Owner['kind'] | undefined> {
  const { rows } = await db.query<{ owner: Owner['kind'] }>(
    `select c.owner_kind as owner from thread t join identity i on i.id = t.identity
     join conversation c on c.contact = i.contact and c.status = 'open' where t.id = $1`,
    [thread],
  );
  return rows[0]?.owner;
}

/** How far each of these threads has come, and who has the open conversation of its contact. */
export async function headsOf(
  db: Database,
  threads: readonly ThreadId[],
): Promise<ReadonlyMap<ThreadId, { readonly head: number; readonly owner: Owner['kind'] | null }>> {
  if (threads.length === 0) return new Map();
  const { rows } = await db.query<{ thread: ThreadId; head: number; owner: Owner['kind'] | null }>(
    `select b.thread, max(b.base + c.seq) as head, max(c.owner_kind) filter (where c.status = 'open') as owner
     from binding b join conversation c on c.id = b.conversation
     where b.thread = any($1::uuid[]) group by b.thread`,
    [threads],
  );
  return new Map(rows.map(({ thread, ...rest }) => [thread, rest]));
}

/** The network's own place of a thread. */
export async function externalOf(db: Database, thread: ThreadId): Promise<string | undefined> {
  const { rows } = await db.query<{ external_thread: string }>(
    'select external_thread from thread where id = $1',
    [thread],
  );
  return rows[0]?.external_thread;
}

/** What the thread's client sees after a position, oldest first. Undefined position: the newest `limit`. */
export async function visibleAfter(
  db: Database,
  thread: ThreadId,
  position: number | undefined,
  limit: number,
): Promise<readonly ClientMessage[]> {
  const columns = 'b.base + e.seq as position, e.at, e.type, e.facts, e.body';
  const { rows } =
    position === undefined
      ? await db.query<Row>(
          `select * from (select ${columns} ${VISIBLE} order by 1 desc limit $2) as newest order by position`,
          [thread, limit],
        )
      : await db.query<Row>(
          `select ${columns} ${VISIBLE} and e.seq > $2::bigint - b.base order by 1 limit $3`,
          [thread, position, limit],
        );
  return rows.map(toClientMessage);
}

function toClientMessage(row: Row): ClientMessage {
  const content = row.body?.content ?? [];
  if (row.type === 'message.received') {
    const id = row.body?.clientId ?? row.facts.message;
    return { type: 'message', position: row.position, id, from: 'client', content, at: row.at };
  }
  if (row.type === 'conversation.rated') {
    const id = row.body?.clientId ?? `rated ${row.position}`;
    return { type: 'message', position: row.position, id, from: 'client', content, at: row.at };
  }
  const { message, author } = row.facts;
  return { type: 'message', position: row.position, id: message, from: author.kind, content, at: row.at };
}
