import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedConcepts } from '../../nlu/concepts.ts';
import { isPlainlyName } from '../../nlu/entities/names.ts';
import { createExtract, createReadWord } from '../../nlu/features.ts';
import { indexHashes } from '../../nlu/hash.ts';
import { keep } from '../../nlu/kept.ts';
import type { Model } from '../../nlu/model.ts';
import { createScorer } from '../../nlu/scorer.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import { createEncode } from '../../nlu/space.ts';
import { train } from '../../nlu/train.ts';
import { createReadMeant, createRepair } from '../../nlu/typos.ts';
import { shippedVectors } from '../../nlu/vectors.ts';
import { readWriting } from '../../nlu/writing.ts';

const vectors = shippedVectors();
const { phrases } = shippedPhrases();
/** As it ships, and with what only models of many phrases look at. */
const models = {
  'few phrases': shippedModel(),
  // Products need more intents than ship.
  'many phrases': train(
    phrases.map(({ text, label }, i) => ({ text, label: `${label} ${i % 2}` })),
    { features: { runLength: 3, products: 0.6 }, folds: 0 },
  ),
};

/** Makes the function that fails where a text's fast scores are not those of the row that training sees. */
function createCompare(model: Model): (text: string) => void {
  const readWord = createReadWord(model.features, vectors, shippedConcepts(), isPlainlyName);
  const index = indexHashes(model.space.hashes);
  const knows = (key: number) => index.find(key) >= 0;
  const readMeant = createReadMeant(readWord, createRepair(model.vocabulary), knows);
  const extract = createExtract(model.features, vectors, readMeant);
  const encode = createEncode(model.space);
  const scoreFast = createScorer(model, vectors, readWord);
  const classes = model.labels.length;
  const scorePlainly = (text: string): Float64Array => {
    const { places, values } = encode(extract(readWriting(text, vectors)));
    const scores = new Float64Array(classes);
    places.forEach((place, k) => {
      for (let c = 0; c < classes; c++) {
        const weight = (model.weights[place * classes + c] ?? 0) * (model.scales[place] ?? 0);
        scores[c] = (scores[c] ?? 0) + weight * (values[k] ?? 0);
      }
    });
    return scores;
  };
  return (text) => {
    const fast = new Float64Array(classes);
    scoreFast(readWriting(text, vectors), fast);
    for (const [c, score] of scorePlainly(text).entries()) {
      if (!(Math.abs(score - (fast[c] ?? Number.NaN)) < 1e-4))
        throw new Error(`"${text}" gets ${fast[c]} for ${model.labels[c]}, by definition ${score}`);
    }
  };
}

describe.each(Object.entries(models))('the fast scores of a model of %s', (_, model) => {
  const expectTheSame = createCompare(model);

  it('are those of the row that training sees, for the shipped phrases', () => {
    expect(phrases.length).toBeGreaterThan(500);
    for (const { text } of phrases) expectTheSame(text);
  });

  it('are those of the row for any words, repeated as often as one likes', () => {
    const words = fc.constantFrom(
      'card',
      'cards',
      'my',
      'карту',
      'карта',
      '500',
      'qwxz',
      'block',
      'Маша',
      'ё',
      '?',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 120 }), (list) => expectTheSame(list.join(' '))),
      { numRuns: 200 },
    );
  });
});

describe('what is kept for words', () => {
  it('is bounded, and made again when it was forgotten', () => {
    const made: string[] = [];
    const kept = keep(2, (word) => {
      made.push(word);
      return word.length;
    });
    const words = ['a', 'bb', 'a', 'ccc', 'a', 'dddd', 'a', 'bb'];
    expect(words.map(kept.get)).toEqual([1, 2, 1, 3, 1, 4, 1, 2]);
    expect(made).toEqual(['a', 'bb', 'ccc', 'dddd', 'bb']);
  });
});
