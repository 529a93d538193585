import { describe, expect, it } from 'vitest';
import { eachRun, type WordFeatures } from '../../nlu/features.ts';
import { createMultiply, fitDirections, partsAlong } from '../../nlu/products.ts';

const word = (key: number): WordFeatures => ({
  key,
  isMark: false,
  hashes: [],
  row: -1,
  concepts: [],
  cyrillic: false,
});

const runsOf = (keys: readonly number[], longest: number): number[] => {
  const runs: number[] = [];
  eachRun(keys.map(word), longest, (hash) => runs.push(hash));
  return runs;
};

describe('the products of a meaning', () => {
  it('are made along the direction in which intents differ', () => {
    // The intents differ in the second number, texts of one intent in the first.
    const vectors = [
      [0.6, 0.8],
      [-0.6, 0.8],
      [0.6, -0.8],
      [-0.6, -0.8],
    ].map((vector) => Float32Array.from(vector));
    const [first, second] = fitDirections(vectors, Int32Array.from([0, 0, 1, 1]), 2, 1);
    expect(first).toBeCloseTo(0);
    expect(Math.abs(second ?? 0)).toBeCloseTo(1);
  });

  it('are of each part with each, of length 1 together, whatever the length of the vector', () => {
    const directions = Float32Array.from([1, 0, 0, 0, 1, 0]);
    const multiply = createMultiply(2);
    const productsOf = (vector: readonly number[]) => [
      ...multiply(partsAlong(directions, Float32Array.from(vector))),
    ];
    const products = productsOf([3, -4, 9]);
    expect(products.map((product) => product.toFixed(2))).toEqual(['0.36', '-0.68', '0.64']);
    expect(productsOf([6, -8, 1])).toEqual(products);
    expect(Math.hypot(...products)).toBeCloseTo(1);
    expect(productsOf([0, 0, 1])).toEqual([0, 0, 0]);
  });
});

describe('runs of neighbouring words', () => {
  it('tell the order of the words and the ends of the text', () => {
    expect(runsOf([5, 6], 2)).toHaveLength(3);
    expect(runsOf([5, 6], 3)).toHaveLength(5);
    expect(new Set([...runsOf([5, 6], 3), ...runsOf([6, 5], 3)]).size).toBe(10);
    expect(runsOf([5, 6, 7], 2).filter((run) => runsOf([6, 7, 5], 2).includes(run))).toHaveLength(1);
    expect(runsOf([5, 6], 0)).toEqual([]);
  });
});
