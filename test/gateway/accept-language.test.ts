import { expect, test } from 'vitest';
import { localeOf } from '../../gateway/accept-language.ts';

test.each([
  [undefined, 'ru'],
  ['', 'ru'],
  ['de-DE, fr;q=0.5', 'ru'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['ru;q=0.8, en;q=0.9', 'en'],
  ['en;q=0.1, ru-RU', 'ru'],
  ['en;q=0', 'ru'],
  ['en;q=nonsense', 'ru'],
  [`${'xx,'.repeat(100_000)}en`, 'ru'],
])('reads %.40s as %s', (header, locale) => {
  expect(localeOf(header)).toBe(locale);
});
