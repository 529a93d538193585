import { RE2JS, RE2JSException } from 're2js';
import type { CustomEntity } from '../types.ts';
import { compileList, type WordList } from './lists.ts';
import type { Reading } from './reading.ts';

/**
 * Entities that an admin defines: a list of values with the phrases that mean them, found in any of their forms; or a
 * pattern, in the syntax of RE2 (github.com/google/re2/wiki/Syntax), which is matched in time linear in the text.
 */
export type CustomDefinition =
  | { readonly list: Readonly<Record<string, readonly string[]>> }
  | { readonly pattern: string };

/** Prepared definitions. */
export type CustomEntities = {
  readonly names: readonly string[];
  find(reading: Reading): CustomEntity[];
};

/** What is wrong with a definition, said to the admin. */
export class CustomEntityError extends Error {
  override readonly name = 'CustomEntityError';
}

const maxPattern = 500;
const maxPhrases = 5_000;
/** Of a compiled pattern, in instructions: each of them may cost a step for each character. */
const maxProgram = 400;
/** Of how much text a pattern is sought, in characters, and how many values it may give: both bound the worst case. */
const maxSought = 4_000;
const maxMatches = 20;

type Finder = (reading: Reading) => CustomEntity[];

/**
 * Prepares the entities of a bot.
 * @throws CustomEntityError that names the entity, what is wrong, and the fix
 */
export function compileCustom(definitions: Readonly<Record<string, CustomDefinition>>): CustomEntities {
  const finders = Object.entries(definitions).map(
    ([entity, definition]): Finder =>
      'list' in definition ? listFinder(entity, definition.list) : patternFinder(entity, definition.pattern),
  );
  return { names: Object.keys(definitions), find: (reading) => finders.flatMap((find) => find(reading)) };
}

function listFinder(entity: string, values: Readonly<Record<string, readonly string[]>>): Finder {
  const entries = Object.entries(values).map(([value, phrases]) => ({ value, phrases }));
  const count = entries.reduce((sum, { phrases }) => sum + phrases.length, 0);
  if (count === 0) throw new CustomEntityError(`${entity} lists no phrases; give its values words to find`);
  if (count > maxPhrases)
    throw new CustomEntityError(
      `${entity} lists ${count} phrases; ${maxPhrases} are the most that a list may have`,
    );
  const empty = entries.find(({ phrases }) => phrases.some((phrase) => !/[\p{L}\p{N}]/u.test(phrase)));
  if (empty)
    throw new CustomEntityError(`${entity}.${empty.value} has a phrase without a letter or digit; remove it`);
  const list: WordList<string> = compileList(entries);
  return (reading) =>
    list.all(reading).map(({ value, from, to }) => ({
      kind: 'custom',
      ...reading.span(from, to),
      value: { entity, value },
      listed: true,
    }));
}

function patternFinder(entity: string, source: string): Finder {
  if (source.length > maxPattern) {
    throw new CustomEntityError(
      `the pattern of ${entity} has ${source.length} characters; ${maxPattern} are the most: split it into several entities`,
    );
  }
  const pattern = compilePattern(entity, source);
  if (pattern.programSize() > maxProgram) {
    throw new CustomEntityError(
      `the pattern ${source} of ${entity} is too large (${pattern.programSize()} steps, at most ${maxProgram}); use smaller repeats`,
    );
  }
  if (pattern.matcher('').find()) {
    throw new CustomEntityError(
      `the pattern ${source} of ${entity} fits an empty text; let it need a character`,
    );
  }
  return (reading) => {
    const text = reading.text.slice(0, maxSought);
    const matcher = pattern.matcher(text);
    const found: CustomEntity[] = [];
    for (let matches = 0; matches < maxMatches && matcher.find(); matches++) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (end === start || !standsApart(reading.text, start, end)) continue;
      const value = text.slice(start, end);
      found.push({ kind: 'custom', text: value, start, end, value: { entity, value } });
    }
    return found;
  };
}

function compilePattern(entity: string, source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new CustomEntityError(
      `the pattern ${source} of ${entity} cannot be used: ${error.message}. Patterns are written in RE2's syntax: no (?=…), no \\1, repeats up to 1000`,
    );
  }
}

/** A match inside a longer word or number is none: «12» of «2012». */
function standsApart(text: string, start: number, end: number): boolean {
  const isGlued = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && /[\p{L}\p{N}]/u.test(a) && /[\p{L}\p{N}]/u.test(b);
  return !isGlued(text[start - 1], text[start]) && !isGlued(text[end - 1], text[end]);
}
