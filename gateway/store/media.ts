import type { MediaKind } from '../model/content.ts';
import type { ChannelId, MediaId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** Media that a network announced and that wait to be fetched. */
export interface AnnouncedMedia {
  readonly id: MediaId;
  readonly channel: ChannelId;
  readonly kind: MediaKind;
  readonly source: string;
  readonly name?: string;
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
