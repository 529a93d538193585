import type { ClientFile } from '../connectors/client-view.ts';
import { fileName } from '../file-name.ts';
import type { FitContext } from '../fit-media.ts';
import { newId } from '../ids.ts';
import type { Locale } from '../model/contact.ts';
import {
  type Content,
  isMedia,
  type KeptBytes,
  type MediaContent,
  type MediaKind,
  mediaIn,
  mediaKindOf,
} from '../model/content.ts';
import type { ConversationId, MediaId } from '../model/ids.ts';
import {
  type DailyBounds,
  type FileSender,
  isWithinBounds,
  noteFile,
  removeFiles,
} from '../store/kept-files.ts';
import {
  addUpload,
  eraseMediaRows,
  type MediaState,
  mediaState,
  readMediaKey,
  type StoredMedia,
  storedMedia,
} from '../store/media.ts';
import { createMediaFetch, type FetchOptions, type Kept, keepBytes, type MediaFetch } from './fetch.ts';
import { isShownInPlace } from './inspect.ts';
import { createMediaLinks, type MediaLinks } from './links.ts';
import { createOrphans } from './orphans.ts';

export interface MediaOptions extends FetchOptions {
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
  /** Of channels whose clients bring their bytes to us. */
  readonly bounds: DailyBounds;
}

export interface Upload {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** MIME type as the browser says; only tells which kind it may be. */
  readonly type: string;
  readonly operator: string;
}

export type Uploaded =
  | { readonly outcome: 'stored'; readonly media: StoredMedia }
  | { readonly outcome: 'refused' | 'retry'; readonly reason: string };

/** The bytes that messages carry. */
export interface Media extends MediaFetch {
  /** Rejects where they are not stored. */
  read(id: MediaId): Promise<Uint8Array>;
  /** The state, and a link to the bytes for a page of ours where they are stored. */
  look(id: MediaId): Promise<(MediaState & { readonly link?: string }) | undefined>;
  /** The bytes under a signed link; undefined where it is not valid, or has ended, or nothing is stored. */
  open(
    id: string,
    until: string,
    sign: string,
  ): Promise<{ readonly media: StoredMedia; readonly bytes: Uint8Array } | undefined>;
  upload(upload: Upload): Promise<Uploaded>;
  /** Checks and keeps bytes for a message that is about to be stored with them. */
  keep(bytes: Uint8Array, kind: MediaKind, by: FileSender): Promise<Kept>;
  /** True where so many bytes more of this sender are within the day's bounds. */
  hasRoom(by: FileSender, size: number): Promise<boolean>;
  /** What a client may fetch of the media in messages of theirs or ours, a list for each. */
  filesOf(contents: readonly (readonly Content[])[]): Promise<readonly (readonly ClientFile[])[]>;
  /** What `fit` has to know of the media in a message. */
  contextOf(content: readonly Content[], locale: Locale): Promise<FitContext>;
  /** Takes away the media of these conversations, before their events are emptied. */
  erase(conversations: readonly ConversationId[]): Promise<void>;
}

/** A page that shows a thread asks anew when a link has ended. */
const PAGE_LINK_MS = 15 * 60_000;
/** A client reads an SMS the day after, too. */
const CLIENT_LINK_MS = 3 * 24 * 3_600_000;

export function createMedia(options: MediaOptions): Media {
  const { db, files, now, publicUrl, bounds } = options;
  const fetching = createMediaFetch(options);
  const orphans = createOrphans(options);
  let key: Promise<MediaLinks> | undefined;

  function links(): Promise<MediaLinks> {
    key ??= readMediaKey(db)
      .then(createMediaLinks)
      .catch((error: unknown) => {
        key = undefined;
        throw error;
      });
    return key;
  }

  async function bytesOf({ id, hash }: StoredMedia): Promise<Uint8Array> {
    const bytes = await files.get(hash);
    if (!bytes) throw new Error(`the file of media ${id} is missing`);
    return bytes;
  }

  async function read(id: MediaId): Promise<Uint8Array> {
    const stored = (await storedMedia(db, [id])).get(id);
    if (!stored) throw new Error(`media ${id} are not stored`);
    return bytesOf(stored);
  }

  const inFuture = (ms: number) => new Date(now().getTime() + ms);

  return {
    ...fetching,
    read,
    async look(id) {
      const state = await mediaState(db, id);
      if (state?.state !== 'stored') return state;
      return { ...state, link: (await links()).pathOf(id, inFuture(PAGE_LINK_MS)) };
    },
    async open(id, until, sign) {
      if (!(await links()).isValid(id, until, sign, now())) return undefined;
      const media = (await storedMedia(db, [id as MediaId])).get(id as MediaId);
      return media && { media, bytes: await bytesOf(media) };
    },
    async upload({ bytes, name, type, operator }) {
      const kind = mediaKindOf(type);
      const note = (kept: KeptBytes) => noteFile(db, kept, now());
      const kept = await keepBytes(bytes, kind, { ...options, note });
      if (kept.outcome !== 'kept')
        return { outcome: kept.outcome === 'retry' ? 'retry' : 'refused', reason: kept.reason };
      const { hash, size } = kept;
      const media = { id: newId<MediaId>(), kind, name, hash, size, type: kept.type };
      await addUpload(db, media, operator, now());
      return { outcome: 'stored', media };
    },
    keep: (bytes, kind, by) =>
      keepBytes(bytes, kind, { ...options, note: (kept) => noteFile(db, kept, now(), { ...by, bounds }) }),
    hasRoom: (by, size) => isWithinBounds(db, { ...by, bounds }, size, now()),
    start() {
      fetching.start();
      orphans.start();
    },
    async stop() {
      await Promise.all([fetching.stop(), orphans.stop()]);
    },
    async filesOf(contents) {
      const parts = contents.map((content) => content.filter(isMedia));
      const ids = parts.flat().map(({ media }) => media.id);
      if (ids.length === 0) return parts.map(() => []);
      const stored = await storedMedia(db, ids);
      const signed = await links();
      const fileOf = ({ kind, name, media }: MediaContent): ClientFile => {
        const named = { kind, ...(name !== undefined && { name: fileName(name) }) };
        const found = stored.get(media.id);
        if (!found) return { ...named, isShown: false };
        const { type, size } = found;
        const path = signed.pathOf(media.id, inFuture(CLIENT_LINK_MS));
        return { ...named, type, size, path, isShown: isShownInPlace(kind, type) };
      };
      return parts.map((list) => list.map(fileOf));
    },
    async contextOf(content, locale) {
      const ids = mediaIn(content).map(({ id }) => id);
      const stored = await storedMedia(db, ids);
      const signed = ids.length > 0 ? await links() : undefined;
      return {
        locale,
        stored: ({ id }) => stored.get(id),
        link: ({ id }) => `${publicUrl}${signed?.pathOf(id, inFuture(CLIENT_LINK_MS)) ?? ''}`,
      };
    },
    async erase(conversations) {
      const hashes = await eraseMediaRows(db, conversations);
      await removeFiles(db, hashes, (hash) => files.remove(hash), now());
    },
  };
}
