import { describe, expect, it } from 'vitest';
import { shippedModel } from '../../../../nlu/shipped.ts';
import { createUnderstanding } from '../../../../nlu/understand.ts';
import { markedKinds } from '../../suite.ts';
import { overall, readLines, tallyLines } from './cases.ts';

describe.each(['ru', 'en'] as const)('entities in lines written without sight of the code, %s', (locale) => {
  const lines = readLines(locale);
  const { understand } = createUnderstanding(shippedModel());
  const tallies = tallyLines(locale, understand);

  it('has 320 lines and more, a sixth of them with nothing to find, and every kind a dozen times', () => {
    const empty = lines.filter(({ marks }) => marks.length === 0);
    const times = (kind: string) => lines.flatMap(({ marks }) => marks).filter((mark) => mark.kind === kind);
    expect(lines.length).toBeGreaterThanOrEqual(320);
    expect(empty.length * 6).toBeGreaterThanOrEqual(lines.length);
    expect(markedKinds.filter((kind) => times(kind).length < 12)).toEqual([]);
  });

  it('is marked without slips', () => {
    const slips = lines.filter(
      ({ text, marks }) =>
        text === '' || /[[\]<>|\t]/.test(text) || marks.some(({ start, end }) => start[1] >= end[0]),
    );
    expect(slips).toEqual([]);
  });

  it('finds span and value with an F1 of at least 0.95 over all kinds', () => {
    const { right, missed, extra, f1 } = overall(tallies);
    expect(right).toBeGreaterThan(0);
    expect(f1, JSON.stringify({ missed, extra }, null, 2)).toBeGreaterThanOrEqual(0.95);
  });
});
