import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}
