import type { ClientMessage, ClientRevision, ClientSeen, Revised } from '../connectors/client-view.ts';
import type { EventShapes, RevisionType } from '../model/events.ts';
import type { ChannelId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Owner } from '../model/owner.ts';
import type { Database } from './database.ts';
import { FIRST_OPEN, isOpenWith } from './secondary.ts';

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
  | RevisionRow
);

type RevisionRow = {
  [T in RevisionType]: {
    type: T;
    facts: EventShapes[T]['facts'];
    body: EventShapes[T]['body'] | null;
    base: number;
  };
}[RevisionType];

// What the client of a thread sees: what they said there, what was accepted for that thread, and what people of ours
// changed in it.
const VISIBLE = `from (
    select *, lead(since) over (partition by conversation order by since) as until from binding where thread = $1
  ) b join event e on e.conversation = b.conversation and e.seq >= b.since and (b.until is null or e.seq < b.until) and (
    (e.type in ('message.received', 'message.sent', 'conversation.rated') and e.facts ->> 'thread' = b.thread::text)
    or (e.type in ('message.edited', 'message.deleted', 'reaction.changed')
      and e.facts -> 'carried' ->> 'thread' = b.thread::text))
  left join delivery d on d.conversation = e.conversation and d.seq = e.seq
  where (d.state = 'accepted' or (d.id is null and e.type <> 'message.sent'))`;

// A revision may be of a message before the thread was bound anew.
const BASE_OF = `case when (e.facts ->> 'of')::bigint < b.since then (
    select o.base from binding o where o.thread = $1 and o.conversation = e.conversation
      and o.since <= (e.facts ->> 'of')::bigint order by o.since desc limit 1
  ) else b.base end`;

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
     join conversation c on ${isOpenWith('i.contact')} where t.id = $1 ${FIRST_OPEN}`,
    [thread],
  );
  return rows[0]?.owner;
}

/** The same for each thread, on one channel, of a conversation's contact and of some identities. */
export async function ownersBeside(
  db: Database,
  channel: ChannelId,
  conversation: ConversationId,
  identities: readonly IdentityId[],
): Promise<ReadonlyMap<ThreadId, Owner['kind'] | null>> {
  const { rows } = await db.query<{ thread: ThreadId; owner: Owner['kind'] | null }>(
    `select t.id as thread,
       (select c.owner_kind from conversation c where ${isOpenWith('i.contact')} ${FIRST_OPEN}) as owner
     from identity i join thread t on t.identity = i.id
     where t.channel = $1 and i.id in (
       select unnest($3::uuid[])
       union select x.id from conversation o join identity x on x.contact = any(array[o.contact, o.secondary_to]) where o.id = $2)`,
    [channel, conversation, identities],
  );
  return new Map(rows.map(({ thread, owner }) => [thread, owner]));
}

/** How far each of these threads has come, and who has the open conversation of its contact. */
export async function headsOf(
  db: Database,
  threads: readonly ThreadId[],
): Promise<ReadonlyMap<ThreadId, { readonly head: number; readonly owner: Owner['kind'] | null }>> {
  if (threads.length === 0) return new Map();
  const { rows } = await db.query<{ thread: ThreadId; head: number; owner: Owner['kind'] | null }>(
    `select b.thread, b.base + l.seq as head,
       (select c.owner_kind from conversation c where ${isOpenWith('i.contact')} ${FIRST_OPEN}) as owner
     from (select distinct on (thread) * from binding where thread = any($1::uuid[]) order by thread, bound_at desc) b
     join conversation l on l.id = b.conversation
     join thread t on t.id = b.thread join identity i on i.id = t.identity`,
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

/**
 * What the thread's client sees after a position, oldest first. Undefined position: the newest `limit`. A message is
 * as the revisions behind it in the same page left it.
 */
export async function visibleAfter(
  db: Database,
  thread: ThreadId,
  position: number | undefined,
  limit: number,
): Promise<readonly ClientSeen[]> {
  const columns = `b.base + e.seq as position, ${BASE_OF} as base, e.at, e.type, e.facts, e.body`;
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
  return withRevisions(rows.map((row) => (isRevision(row) ? toRevision(row) : toClientMessage(row))));
}

function isRevision(row: Row): row is Row & RevisionRow {
  return row.type === 'message.edited' || row.type === 'message.deleted' || row.type === 'reaction.changed';
}

function toRevision(row: Row & RevisionRow): ClientRevision {
  const seen = { type: 'revision', position: row.position, of: row.base + row.facts.of } as const;
  switch (row.type) {
    case 'message.edited':
      return { ...seen, isEdited: true, content: row.body?.content ?? [] };
    case 'message.deleted':
      return { ...seen, isDeleted: true };
    case 'reaction.changed':
      return { ...seen, reactions: row.body?.emoji ?? [] };
  }
}

/** What was deleted is not shown again, and what was edited is shown in its newest words. Pure. */
function withRevisions(seen: readonly ClientSeen[]): readonly ClientSeen[] {
  const revisions = seen.filter((each): each is ClientRevision => each.type === 'revision');
  if (revisions.length === 0) return seen;
  return seen.map((each) => {
    if (each.type === 'revision') return each;
    return revisions.filter(({ of }) => of === each.position).reduce(revise, each);
  });
}

function revise(
  message: ClientMessage,
  { content, isEdited, isDeleted, reactions }: ClientRevision,
): ClientMessage {
  const revised: Revised = {
    ...message.revised,
    ...(isEdited && { isEdited }),
    ...(isDeleted && { isDeleted }),
    ...(reactions && { reactions }),
  };
  return { ...message, content: revised.isDeleted ? [] : (content ?? message.content), revised };
}

function toClientMessage(row: Exclude<Row, RevisionRow>): ClientMessage {
  const content = row.body?.content ?? [];
  if (row.type === 'message.received') {
    const id = row.body?.clientId ?? row.facts.message;
    return { type: 'message', position: row.position, id, from: 'client', content, at: row.at };
  }
  if (row.type === 'conversation.rated') {
    const id = row.body?.clientId ?? `rated ${row.position}`;
    return { type: 'message', position: row.position, id, from: 'client', content, at: row.at };
  }
  const { message, author, digits } = row.facts;
  return {
    type: 'message',
    position: row.position,
    id: message,
    from: author.kind,
    content,
    at: row.at,
    ...(digits !== undefined && { digits }),
  };
}
