import { describe, expect, it } from 'vitest';
import { none } from '../../nlu/model.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { makeNonsense, type NonsenseKind } from './nonsense.ts';

/** Others than those that the limit was chosen on. */
const SEED = 77;
const COUNT = 300;

const { understand, labels } = createUnderstanding(shippedModel());

describe('what says nothing', () => {
  it.each<readonly [NonsenseKind, number]>([
    ['letters', 0.04],
    ['keys', 0.02],
    ['syllables', 0.1],
    ['one letter', 0],
    ['signs', 0],
  ])('is no intent: %s, but for a share of at most %d that are like words by chance', (kind, most) => {
    const answers = makeNonsense(kind, COUNT, SEED).map((text) => understand(text, { kinds: [] }));
    expect(answers.filter(({ intent }) => intent !== none).length / COUNT).toBeLessThanOrEqual(most);
    expect(answers.filter(({ confidence }) => confidence > 0.5).length / COUNT).toBeLessThanOrEqual(0.05);
  });

  it.each(['фывапролд', 'asdfgh', '🙂', 'ъ', 'hjkl фщзшг'])('%s makes the model sure of nothing', (text) => {
    const { intent, confidence, alternatives } = understand(text, { kinds: [] });
    expect(intent).toBe(none);
    expect(confidence).toBeLessThan(3 / labels.length);
    expect(alternatives.length).toBeGreaterThan(0);
  });

  it.each([
    ['переведи маме 500 рублей', 'transfer_money'],
    ['заблокируйте крату', 'block_card'],
    ['zablokiruyte kartu', 'block_card'],
    ['курс usd', 'exchange_rate'],
    ['спасибки', 'thanks'],
    ['блокируй карту фывфыв', 'block_card'],
  ])('%s says something, slips and all', (text, intent) => {
    expect(understand(text, { kinds: [] }).intent).toBe(intent);
  });
});
