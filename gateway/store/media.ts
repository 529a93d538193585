import type { KeptBytes, MediaKind } from '../model/content.ts';
import type { ChannelId, ConversationId, MediaId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** Media that a network announced and that wait to be fetched. */
export interface AnnouncedMedia {
  readonly id: MediaId;
  readonly channel: ChannelId;
  readonly kind: MediaKind;
  readonly source: string;
  readonly name?: string;
  /** Its bytes came with it and are kept: there is nothing to fetch. */
  readonly kept?: KeptBytes;
}

/** Media whose bytes are kept; type and size are the true ones. */
export interface StoredMedia {
  readonly id: MediaId;
  readonly kind: MediaKind;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  readonly type: string;
  readonly size: number;
  readonly name?: string;
}

/** Those of these media that are stored. */
export async function storedMedia(
  db: Database,
  ids: readonly MediaId[],
): Promise<ReadonlyMap<MediaId, StoredMedia>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Omit<StoredMedia, 'name'> & { name: string | null }>(
    `select id, kind, encode(hash, 'hex') as hash, type, size, name from media
     where id = any($1::uuid[]) and state = 'stored'`,
    [ids],
  );
  return new Map(rows.map(({ name, ...row }) => [row.id, { ...row, ...(name !== null && { name }) }]));
}

/** Media that this node fetches now. */
export interface ClaimedMedia extends AnnouncedMedia {
  /** This one included. */
  readonly attempts: number;
}

/** Takes the media that have waited longest; until `until` nobody else takes them. Empty: nothing is due. */
export async function claimMedia(db: Database, now: Date, until: Date): Promise<readonly ClaimedMedia[]> {
  const { rows } = await db.query<ClaimedMedia>(
    `update media set due_at = $2, attempts = attempts + 1, reason = null
     where id = (select id from media where state = 'pending' and due_at <= $1
       order by due_at limit 1 for update skip locked)
     returning id, channel, kind, source, attempts`,
    [now, until],
  );
  return rows;
}

/** A row of media protects its file by itself: one note that it is on its way is done with. */
const NOTE_DONE = `done as (
  delete from kept_file where id = (
    select min(k.id) from kept_file k join stored s on s.hash = k.hash where k.channel is null)
)`;

/** What was fetched is stored; false where it was erased meanwhile. */
export async function keepMedia(
  db: Database,
  id: MediaId,
  { hash, type, size }: Pick<StoredMedia, 'hash' | 'type' | 'size'>,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with stored as (
       update media set state = 'stored', hash = decode($2, 'hex'), type = $3, size = $4, reason = null
       where id = $1 and state = 'pending' returning hash
     ), ${NOTE_DONE} select from stored`,
    [id, hash, type, size],
  );
  return rowCount === 1;
}

export async function giveUpMedia(
  db: Database,
  id: MediaId,
  state: 'refused' | 'failed',
  reason: string,
): Promise<void> {
  await db.query(`update media set state = $2, reason = $3 where id = $1 and state = 'pending'`, [
    id,
    state,
    reason,
  ]);
}

export async function postponeMedia(db: Database, id: MediaId, dueAt: Date, reason: string): Promise<void> {
  await db.query(`update media set due_at = $2, reason = $3 where id = $1 and state = 'pending'`, [
    id,
    dueAt,
    reason,
  ]);
}

/** What an operator attached, stored already. */
export async function addUpload(
  db: Database,
  media: StoredMedia,
  operator: string,
  now: Date,
): Promise<void> {
  const { id, kind, name, hash, type, size } = media;
  await db.query(
    `with stored as (
       insert into media (id, kind, state, name, type, size, hash, due_at, created_at, uploaded_by)
       values ($1, $2, 'stored', $3, $4, $5, decode($6, 'hex'), $7, $7, $8) returning hash
     ), ${NOTE_DONE} select from stored`,
    [id, kind, name, type, size, hash, now, operator],
  );
}

/** Those of these media that this operator uploaded, by id. */
export async function uploadedMedia(
  db: Database,
  ids: readonly string[],
  operator: string,
): Promise<ReadonlyMap<string, StoredMedia>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: MediaId }>(
    'select id from media where id = any($1::uuid[]) and uploaded_by = $2',
    [ids, operator],
  );
  return storedMedia(
    db,
    rows.map(({ id }) => id),
  );
}

/** What is known of media, for those who may read the conversation. */
export interface MediaState {
  readonly id: MediaId;
  readonly kind: MediaKind;
  readonly state: 'pending' | 'stored' | 'refused' | 'failed' | 'erased';
  readonly type: string | null;
  readonly size: number | null;
  readonly name: string | null;
  readonly reason: string | null;
}

export async function mediaState(db: Database, id: MediaId): Promise<MediaState | undefined> {
  const { rows } = await db.query<MediaState>(
    `select id, kind, state, type, size, name, reason from media where id = $1`,
    [id],
  );
  return rows[0];
}

/** What the messages of conversations name, pictures of cards too. */
const NAMED = `named as (
  select (media ->> 'id')::uuid as id from event e
  cross join lateral jsonb_path_query(e.body, '$.content[*].keyvalue() ? (@.key == "media" || @.key == "image").value') as media
  where e.conversation = any($1::uuid[]) and e.type in ('message.received', 'message.sent', 'message.edited')
)`;

/**
 * Forgets media of conversations whose contact is erased, before their events are emptied. Returns the hashes of their
 * files, of which the caller hands those that nothing needs to `removeFiles`; a crash before leaves them to the sweep.
 */
export async function eraseMediaRows(
  db: Pick<Database, 'query'>,
  conversations: readonly ConversationId[],
): Promise<readonly string[]> {
  const { rows } = await db.query<{ hash: string }>(
    `with ${NAMED}, gone as (
       select m.id, m.hash from media m where m.id in (select id from named)
     ), erased as (
       update media m set state = 'erased', source = null, name = null, hash = null from gone where gone.id = m.id
     ), unneeded as (
       select distinct g.hash from gone g where g.hash is not null
       and not exists (select from media o where o.hash = g.hash and o.id not in (select id from gone))
     ), noted as (
       insert into kept_file (hash, size, at) select hash, 0, to_timestamp(0) from unneeded
     )
     select encode(hash, 'hex') as hash from unneeded`,
    [conversations],
  );
  return rows.map(({ hash }) => hash);
}

/** Removes media of conversations that are removed, before their events. Their files go with those that nothing names. */
export async function removeMediaRows(
  db: Pick<Database, 'query'>,
  conversations: readonly string[],
  now: Date,
): Promise<void> {
  await db.query(
    `with ${NAMED}, gone as (delete from media m using named where m.id = named.id returning m.hash)
     insert into kept_file (hash, size, at) select distinct hash, 0, $2::timestamptz from gone where hash is not null`,
    [conversations, now],
  );
}

/** Signs links to media; made with the store, and the same on every node. */
export async function readMediaKey(db: Database): Promise<Uint8Array> {
  const { rows } = await db.query<{ key: Buffer }>('select key from media_key');
  if (!rows[0]) throw new Error('the store has no key for links to media; run okno migrate');
  return rows[0].key;
}
