import { validate, version } from 'uuid';
import { expect, test } from 'vitest';
import { newId } from '../../gateway/ids.ts';

test('ids are UUIDs of version 7, rise in the order in which they were made, and never repeat', () => {
  const ids = Array.from({ length: 20_000 }, () => newId<string>());
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id tells the moment at which it was made and ends at random', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, () => newId<string>());
  const last = ids.at(-1) ?? '';
  const madeAt = Number.parseInt(last.replaceAll('-', '').slice(0, 12), 16);
  expect(madeAt).toBeGreaterThanOrEqual(before);
  expect(madeAt).toBeLessThanOrEqual(Date.now());
  expect(new Set(ids.map((id) => id.slice(-10))).size).toBe(ids.length);
});
