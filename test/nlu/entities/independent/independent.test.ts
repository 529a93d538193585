import { describe, expect, it } from 'vitest';
import { shippedModel } from '../../../../nlu/shipped.ts';
import { createUnderstanding } from '../../../../nlu/understand.ts';
import { markedKinds } from '../../suite.ts';
import { overall, readSet, tallyLines } from './cases.ts';

/**
 * `least` keeps the figure of lines that the code was mended on from falling: it lies one slip below what was measured
 * (of some 150 marks one that is missed, and one found instead, take 0.007), so that a rule that is better on other lines
 * may cost one of these. It is never below the 0.95 that is asked of every set. Unseen, at its first run, the second set
 * was 0.898 in Russian and 0.824 in English, the third 0.898 and 0.965, its wrong labels corrected,
 * the fourth 0.963 and 0.954.
 */
const sets = [
  { set: 'first', locale: 'ru', size: 320, emptyIn: 6, ofKind: 12, least: 0.95 },
  { set: 'first', locale: 'en', size: 320, emptyIn: 6, ofKind: 12, least: 0.95 },
  { set: 'second', locale: 'ru', size: 150, emptyIn: 6, ofKind: 6, least: 0.99 },
  { set: 'second', locale: 'en', size: 150, emptyIn: 6, ofKind: 6, least: 0.99 },
  { set: 'third', locale: 'ru', size: 150, emptyIn: 6, ofKind: 6, least: 0.98 },
  { set: 'third', locale: 'en', size: 150, emptyIn: 6, ofKind: 6, least: 0.99 },
  { set: 'fourth', locale: 'ru', size: 150, emptyIn: 10, ofKind: 6, least: 0.95 },
  { set: 'fourth', locale: 'en', size: 150, emptyIn: 10, ofKind: 6, least: 0.95 },
] as const;

describe.each(sets)('entities in lines written without sight of the code, $set set, $locale', (row) => {
  const { set, locale, size, emptyIn, ofKind, least } = row;
  const lines = readSet(locale, set);
  const { understand } = createUnderstanding(shippedModel());
  const tallies = tallyLines(locale, lines, understand);

  it(`has ${size} lines and more, one in ${emptyIn} with nothing to find, and every kind ${ofKind} times`, () => {
    const empty = lines.filter(({ marks }) => marks.length === 0);
    const times = (kind: string) => lines.flatMap(({ marks }) => marks).filter((mark) => mark.kind === kind);
    expect(lines.length).toBeGreaterThanOrEqual(size);
    expect(empty.length * emptyIn).toBeGreaterThanOrEqual(lines.length);
    expect(markedKinds.filter((kind) => times(kind).length < ofKind)).toEqual([]);
  });

  it('is marked without slips', () => {
    const slips = lines.filter(
      ({ text, marks }) =>
        text === '' || /[[\]<>|\t]/.test(text) || marks.some(({ start, end }) => start[1] >= end[0]),
    );
    expect(slips).toEqual([]);
  });

  it(`finds span and value with an F1 of at least ${least} over all kinds`, () => {
    const { right, missed, extra, f1 } = overall(tallies);
    expect(right).toBeGreaterThan(0);
    expect(f1, JSON.stringify({ missed, extra }, null, 2)).toBeGreaterThanOrEqual(least);
  });
});
