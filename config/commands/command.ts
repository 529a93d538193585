import type { Readable, Writable } from 'node:stream';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Standard input and output of a command. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Runs with the arguments behind its name; 0: done, 1: the work failed, 2: bad usage. */
export type Run = (argv: readonly string[], io: Io) => Promise<number>;

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses arguments strictly; what is wrong with them becomes a UsageError. */
export function parse<Config extends ParseArgsConfig>(argv: readonly string[], config: Config) {
  try {
    return parseArgs({ ...config, args: [...argv] });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
