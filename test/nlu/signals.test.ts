import { describe, expect, it } from 'vitest';
import { allSignals, createSignals, shippedSignals } from '../../nlu/signals.ts';
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

it('takes a charge that one disputes for no fraud, and one that nobody made for fraud', () => {
  const read = createSignals(shippedSignals());
  const tells = (text: string) => read(text).some(({ signal }) => signal === 'fraud');
  const disputed = [
    'why was i charged twice',
    'двойное списание за заказ, верните',
    'с меня списали комиссию почему',
  ];
  const stolen = ['i see a payment that i did not make', 'someone took money from my card'];
  expect([disputed.map(tells), stolen.map(tells)]).toEqual([
    [false, false, false],
    [true, true],
  ]);
});
