import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where bytes are kept, by their SHA-256 in hexadecimal: equal bytes are kept once. */
export interface MediaFiles {
  /** Resolves once the bytes outlive a crash. */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where they are not. */
  get(hash: string): Promise<Uint8Array | undefined>;
  remove(hash: string): Promise<void>;
}

/** Media in a folder of this machine. */
export function filesIn(folder: string): MediaFiles {
  const pathOf = (hash: string): string => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('a hash of media is not 64 hexadecimal digits');
    return join(folder, hash.slice(0, 2), hash);
  };
  return {
    async put(hash, bytes) {
      const path = pathOf(hash);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const half = `${path}.${randomUUID()}`;
      const file = await open(half, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(half, path);
      await syncFolder(dirname(path));
    },
    async get(hash) {
      return await readFile(pathOf(hash)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
    },
    async remove(hash) {
      await rm(pathOf(hash), { force: true });
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
