/** What a column of a batch may hold: `json` columns are given as values and written as JSON. */
export type Cell = string | number | boolean | Date | object | null | undefined;

/**
 * A column of values as PostgreSQL's text form of an array, for `unnest($1::uuid[])` and the like. Null and undefined
 * become NULL. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(values: readonly Cell[]): string {
  let literal = '{';
  for (let index = 0; index < values.length; index++) {
    if (index > 0) literal += ',';
    literal += elementOf(values[index]);
  }
  return `${literal}}`;
}

const PLAIN = /^[\w-]+$/;
const SPECIAL = /["\\]/g;

function elementOf(value: Cell): string {
  if (value === null || value === undefined) return 'NULL';
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value);
    case 'string':
      return PLAIN.test(value) && !isNull(value) ? value : quoted(value);
    default:
      // JSON holds no control characters, so its own quoting escapes what an array's does: quotes and backslashes.
      return value instanceof Date ? `"${value.toISOString()}"` : JSON.stringify(JSON.stringify(value));
  }
}

function isNull(text: string): boolean {
  return text.length === 4 && text.toUpperCase() === 'NULL';
}

function quoted(text: string): string {
  return `"${text.replace(SPECIAL, '\\$&')}"`;
}
