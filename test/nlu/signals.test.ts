import { describe, expect, it } from 'vitest';
import { allSignals } from '../../nlu/signals.ts';
import { scoreOf, tellHeldOut } from './signals.ts';

describe('signals of lines that the model has not seen', () => {
  // One part of three; test/perf/signals.ts tells all five of five.
  const told = tellHeldOut(3, 1);

  it.each(allSignals)('tells %s more often than not, and seldom where it is not', (signal) => {
    const own = signal === 'angry' ? told : told.filter(({ isMore }) => !isMore);
    const { lines, precision, recall } = scoreOf(signal, own);
    expect(lines).toBeGreaterThan(40);
    expect(recall).toBeGreaterThan(signal === 'angry' ? 0.55 : 0.6);
    expect(precision).toBeGreaterThan(0.8);
  });
});
