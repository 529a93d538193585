import { describe, expect, it } from 'vitest';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { joined, markedKinds, tallySuite } from './suite.ts';

describe.each(['ru', 'en'] as const)('entities as people write them in %s', (locale) => {
  const { understand } = createUnderstanding(shippedModel());
  const tallies = joined([
    tallySuite(locale, locale, understand),
    tallySuite(`${locale}-more`, locale, understand),
  ]);

  it.each(markedKinds)('finds %s with an F1 of at least 0.95', (kind) => {
    const { right, missed, extra, f1 } = tallies.get(kind) ?? {};
    expect(right).toBeGreaterThan(0);
    expect(f1, JSON.stringify({ missed, extra }, null, 2)).toBeGreaterThanOrEqual(0.95);
  });
});
