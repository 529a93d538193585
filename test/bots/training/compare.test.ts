import { expect, test } from 'vitest';
import { applyDecisions } from '../../../bots/training/phrases.ts';
import { compareOnCommon } from '../../../nlu/evaluation/compare.ts';

const shipped = {
  phrases: [
    { text: 'баланс', label: 'check_balance' },
    { text: 'остаток', label: 'check_balance' },
    { text: 'карта пропала', label: 'block_card' },
  ],
  outOfScope: ['погода', 'анекдот'],
};

test('a decided phrase counts once, as it was decided: added, moved, left out, or out of scope', () => {
  const decided = applyDecisions(shipped, [
    { text: 'сколько денег', intent: 'check_balance' },
    { text: 'остаток', intent: 'none' },
    { text: 'карта пропала', intent: null },
    { text: 'погода', intent: 'find_branch' },
  ]);
  expect(decided.phrases).toEqual([
    { text: 'баланс', label: 'check_balance' },
    { text: 'сколько денег', label: 'check_balance' },
    { text: 'погода', label: 'find_branch' },
  ]);
  expect(decided.outOfScope).toEqual(['анекдот', 'остаток']);
  expect(applyDecisions(shipped, [])).toEqual(shipped);
});

test('versions are compared on the texts that both hold with the same truth', () => {
  const answer = (text: string, truth: string, intent: string) => ({ text, truth, intent });
  const before = [answer('a', 'x', 'y'), answer('b', 'x', 'x'), answer('moved', 'x', 'x')];
  const after = [
    answer('moved', 'z', 'x'),
    answer('new', 'x', 'y'),
    answer('b', 'x', 'x'),
    answer('a', 'x', 'x'),
  ];
  expect(compareOnCommon(before, after)).toMatchObject({
    texts: 2,
    gain: 0.5,
    onlyFirst: [],
    onlySecond: ['a'],
    isSignificant: false,
  });
  expect(compareOnCommon(before, [answer('new', 'x', 'x')])).toBeUndefined();
});
