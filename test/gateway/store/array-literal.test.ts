import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayLiteral } from '../../../gateway/store/array-literal.ts';
import { openDatabase } from '../../../gateway/store/database.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

/** What PostgreSQL can hold: no U+0000 and no half of a surrogate pair. */
const text = fc.string({ unit: 'grapheme' }).filter((it) => !it.includes('\0'));
const awkward = fc.constantFrom(
  '',
  'NULL',
  'null',
  '{}',
  '"',
  '\\',
  '\\"',
  'a,b',
  ' ',
  '\n',
  '-',
  '{"a":[1]}',
);

test('a column of values comes to PostgreSQL as it was', async () => {
  const db = openDatabase(await freshDatabase(), () => {});
  const values = fc.array(fc.oneof(text, awkward, fc.constant(null)), { minLength: 1, maxLength: 50 });
  try {
    await fc.assert(
      fc.asyncProperty(values, async (column) => {
        const { rows } = await db.query('select $1::text[] as column', [arrayLiteral(column)]);
        expect(rows[0].column).toEqual(column);
      }),
      { numRuns: 200 },
    );
    const at = new Date('2026-02-03T04:05:06.789Z');
    const { rows } = await db.query(
      'select $1::timestamptz[] as times, $2::bigint[] as numbers, $3::boolean[] as flags, $4::jsonb[] as bodies',
      [
        [at, undefined],
        [1, 9_007_199_254_740_991],
        [true, null],
        [{ текст: 'а"б\\в' }, { list: [1, null] }],
      ].map(arrayLiteral),
    );
    expect(rows[0].times).toEqual([at, null]);
    expect(rows[0].numbers.map(Number)).toEqual([1, 9_007_199_254_740_991]);
    expect(rows[0].flags).toEqual([true, null]);
    expect(rows[0].bodies).toEqual([{ текст: 'а"б\\в' }, { list: [1, null] }]);
  } finally {
    await db.end();
  }
});
