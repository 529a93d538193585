import type { MediaId } from '../model/ids.ts';
import type { Database } from '../store/database.ts';
import { storedMedia } from '../store/media.ts';
import type { MediaFiles } from './files.ts';

export interface MediaOptions {
  readonly db: Database;
  readonly files: MediaFiles;
}

/** The bytes that messages carry. */
export interface Media {
  /** Rejects where they are not stored. */
  read(id: MediaId): Promise<Uint8Array>;
}

export function createMedia({ db, files }: MediaOptions): Media {
  return {
    async read(id) {
      const stored = (await storedMedia(db, [id])).get(id);
      const bytes = stored && (await files.get(stored.hash));
      if (!bytes) throw new Error(`media ${id} are not stored`);
      return bytes;
    },
  };
}
