import { z } from 'zod';
import { UsageError } from './command.ts';

const MAX_LIMIT = 1_000;

/** The ids that a command was given, at least one. Throws UsageError for what is none. */
export function ids(positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0) throw new UsageError('give at least one id');
  return positionals.map((text) => {
    const id = z.uuid().safeParse(text.toLowerCase());
    if (!id.success)
      throw new UsageError(`${text} is not an id; they look like 01928f6e-8b3a-7c31-9d4e-2f6a1b0c5d7e`);
    return id.data;
  });
}

/** The one id that a command takes. Throws UsageError for none, for several, and for what is none. */
export function onlyId(positionals: readonly string[]): string {
  const [one, ...more] = positionals.length === 0 ? [] : ids(positionals);
  if (one === undefined || more.length > 0) throw new UsageError('give one id');
  return one;
}

/** How many rows a list shows: 50, or what was asked for. */
export function limitOf(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit ${text} is not a whole number from 1 to ${MAX_LIMIT}`);
}
