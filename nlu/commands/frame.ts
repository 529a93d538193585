import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Model } from '../model.ts';
import { readTexts } from '../phrases.ts';
import { readText } from '../read-file.ts';
import { type Phrase, train } from '../train.ts';

export type Io = { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable };
/** Runs with the arguments behind its name; 0: done, 2: bad usage. Rejects where the work failed. */
export type Command = (argv: readonly string[], io: Io) => Promise<number>;

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option with a value, and one without. */
export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;

export type Given = { readonly [name: string]: string | boolean | undefined };

/**
 * Reads the arguments and does the work. Bad usage becomes lines on standard error and the exit code; what else goes wrong
 * is for the caller, who names the command. `help` begins with the command's name and its options.
 */
export async function run(
  argv: readonly string[],
  io: Io,
  help: string,
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
  work: (given: Given) => void | Promise<void>,
): Promise<number> {
  try {
    const given = parse(argv, { ...options, help: flag });
    if (given.help) io.stdout.write(help);
    else await work(given);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [name = ''] = /^okno \w+ \w+/.exec(help) ?? [];
    io.stderr.write(`${name}: ${error.message}\nusage: ${help.split('\n')[0] ?? ''}\n`);
    return 2;
  }
}

function parse(
  argv: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): Given {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Given;
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** The value of an option that must be there. */
export function required(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

/** The number of an option, from `low` to `high`. */
export function numberOf(given: Given, name: string, fallback: number, low: number, high: number): number {
  const value = given[name];
  if (value === undefined) return fallback;
  const number = Number(value);
  if (value === '' || !(number >= low && number <= high)) {
    throw new UsageError(`--${name} is ${String(value)}; give a number from ${low} to ${high}`);
  }
  return number;
}

/** Trains with the options `--seed` and `--oos-share`; errors name the file of the phrases. */
export function trainFrom(
  file: string,
  phrases: readonly Phrase[],
  outOfScope: readonly string[],
  given: Given,
): Model {
  const outOfScopeShare = numberOf(given, 'oos-share', 0.18, 0, 0.9);
  const seed = numberOf(given, 'seed', 1, 0, 2 ** 32 - 1);
  try {
    return train(phrases, { outOfScope, outOfScopeShare, seed });
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The texts of a file, where one is given. */
export const optionalTexts = (file: string | boolean | undefined): string[] =>
  typeof file === 'string' ? readTexts(readText(file)) : [];
