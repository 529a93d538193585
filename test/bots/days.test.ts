import { expect, test } from 'vitest';
import { dayAt, dayFor, isTimeZone } from '../../bots/days.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const { understand } = createUnderstanding(shippedModel());
/** The first and the last day that slots for a period get of a text, and the day that a slot without a side gets. */
function daysIn(text: string, around: Parameters<typeof dayFor>[3] = {}) {
  const { entities } = understand(text, { kinds: ['date'], today: '2026-11-23' });
  const days = entities.filter((entity) => entity.kind === 'date');
  return (['from', 'to', undefined] as const).map((side) => dayFor(side, days, text, around));
}

test.each([
  ['за октябрь', '2026-10-01', '2026-10-31', '2026-10-01'],
  ['с 1 по 15 октября', '2026-10-01', '2026-10-15', '2026-10-01'],
  ['с 3 марта по сегодня', '2026-03-03', '2026-11-23', '2026-11-23'],
  ['вчера', '2026-11-22', '2026-11-22', '2026-11-22'],
  ['с 1 октября', '2026-10-01', undefined, '2026-10-01'],
  ['since October 1', '2026-10-01', undefined, '2026-10-01'],
  ['по 15 октября', undefined, '2026-10-15', '2026-10-15'],
  ['through October 15', undefined, '2026-10-15', '2026-10-15'],
  ['с октября', '2026-10-01', undefined, '2026-10-01'],
  ['по октябрь', undefined, '2026-10-31', '2026-10-01'],
  ['as usual', undefined, undefined, undefined],
])('of «%s» a period begins on %s and ends on %s', (text, from, to, day) => {
  expect(daysIn(text)).toEqual([from, to, day]);
});

test('one day that was asked for as the last one is not the first one too', () => {
  expect(daysIn('15 октября', { asked: 'to' })).toEqual([undefined, '2026-10-15', '2026-10-15']);
  expect(daysIn('15 октября', { asked: 'from' })).toEqual(['2026-10-15', '2026-10-15', '2026-10-15']);
  expect(daysIn('за октябрь', { asked: 'to' })).toEqual(['2026-10-01', '2026-10-31', '2026-10-01']);
});

test.each([
  ['until October 31', '2026-10-01', '2026-10-31'],
  ['до 31 октября', '2026-10-01', '2026-10-31'],
  ['до 10 января', '2025-12-15', '2026-01-10'],
  ['until October 31, 2025', '2024-10-01', '2025-10-31'],
])('«%s» of a period that began on %s is %s, and no deadline to come', (text, begun, to) => {
  expect(daysIn(text, { asked: 'to', begun }).slice(0, 2)).toEqual([undefined, to]);
});

test('a day begins at midnight of its zone', () => {
  const late = new Date('2026-11-23T22:00:00Z');
  expect(dayAt(late, 'Europe/Moscow')).toBe('2026-11-24');
  expect(dayAt(late, 'UTC')).toBe('2026-11-23');
  expect(isTimeZone('Europe/Moscow')).toBe(true);
  expect(isTimeZone('Moscow')).toBe(false);
});
