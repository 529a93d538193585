import { closeSync, fchownSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from './embedded-account.ts';

/** Writes a small file whole or not at all, on disk when this returns; the text is never readable beyond `mode`. */
export function writeWhole(file: string, text: string, mode: number, owner?: Account): void {
  const draft = `${file}.${process.pid}.new`;
  const descriptor = openSync(draft, 'w', mode);
  try {
    writeSync(descriptor, text);
    if (owner) fchownSync(descriptor, owner.uid, owner.gid);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  moveDurably(draft, file);
}

/** Renames a file or folder; on disk when this returns. */
export function moveDurably(from: string, to: string): void {
  renameSync(from, to);
  const folder = openSync(dirname(to), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
