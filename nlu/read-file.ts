import { readFileSync } from 'node:fs';

/** Reads a file; what is wrong with it is told with its path and the fix. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} ${whyUnreadable(error)}; check the path`);
  }
}

/** As `readBytes`, as text. */
export const readText = (file: string): string => readBytes(file).toString('utf8');

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ENOTDIR: 'is no folder',
};

/** What is wrong with a file or folder that the system did not let us read, in words that go on from its path. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WHY[code] ?? `cannot be read (${code || String(error)})`;
}
