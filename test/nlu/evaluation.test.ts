import { describe, expect, it } from 'vitest';
import { type Answer, answerAll } from '../../nlu/evaluation/answers.ts';
import { compareAnswers, signTest } from '../../nlu/evaluation/compare.ts';
import { crossValidate } from '../../nlu/evaluation/cross-validate.ts';
import { figuresOf } from '../../nlu/evaluation/figures.ts';
import { foldOf, foldsByWords } from '../../nlu/evaluation/folds.ts';
import { learningCurve } from '../../nlu/evaluation/learning-curve.ts';
import { lint } from '../../nlu/evaluation/lint.ts';
import { bootstrapInterval } from '../../nlu/evaluation/resample.ts';
import { scopeCurve } from '../../nlu/evaluation/scope-curve.ts';
import { similarPairs, stemsOf } from '../../nlu/evaluation/similar.ts';
import { none } from '../../nlu/model.ts';
import { shippedPhrases } from '../../nlu/shipped.ts';
import { train } from '../../nlu/train.ts';

const answer = (truth: string, best: string, more: Partial<Answer> = {}): Answer => ({
  text: `${truth} ${best}`,
  truth,
  best,
  confidence: 0.8,
  belonging: 1,
  intent: best,
  ...more,
});

describe('figures', () => {
  const answers = [
    answer('a', 'a'),
    answer('a', 'a'),
    answer('a', 'b'),
    answer('b', 'b'),
    answer('b', 'b', { intent: none }),
    answer(none, 'a', { intent: none }),
    answer(none, 'b'),
  ];
  const figures = figuresOf(answers);

  it('count best labels, answers and texts turned away apart', () => {
    expect(figures.texts).toBe(5);
    expect(figures.accuracy).toBeCloseTo(4 / 5);
    expect(figures.inScopeAccuracy).toBeCloseTo(3 / 5);
    expect(figures.turnedAway).toBeCloseTo(1 / 5);
    expect(figures.outOfScope).toEqual({ texts: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
  });

  it('tell precision, recall and F1 of each intent', () => {
    const [a, b] = figures.intents;
    expect(a).toMatchObject({ intent: 'a', texts: 3, precision: 1, recall: 2 / 3 });
    expect(b).toMatchObject({ intent: 'b', texts: 2, precision: 2 / 3, recall: 1 });
    expect(figures.macroF1).toBeCloseTo((0.8 + 0.8) / 2);
  });

  it('tell the confusions with their texts', () => {
    expect(figures.confusions).toEqual([{ truth: 'a', answer: 'b', count: 1, texts: ['a b'] }]);
  });

  it('of nothing are zero', () => {
    expect(figuresOf([])).toMatchObject({ texts: 0, accuracy: 0, macroF1: 0, intents: [] });
  });

  it('have an interval that narrows with the texts', () => {
    const width = (n: number) => {
      const [low, high] = bootstrapInterval(
        Array.from({ length: n }, (_, i) => i % 2),
        1,
      );
      expect(low).toBeLessThan(0.5);
      expect(high).toBeGreaterThan(0.5);
      return high - low;
    };
    // 1.96 × 2 × √(0.25 / n)
    expect(width(100)).toBeCloseTo(0.196, 1);
    expect(width(10_000)).toBeCloseTo(0.0196, 2);
  });
});

describe('a comparison of two models', () => {
  const right = answer('a', 'a');
  const wrong = { ...right, intent: 'b' };

  it('tells the gain, and that a few texts may be chance', () => {
    const first = [right, right, wrong, wrong];
    const second = [right, wrong, right, right];
    const compared = compareAnswers(first, second);
    expect(compared).toMatchObject({ texts: 4, gain: 0.25, isSignificant: false });
    expect(compared.onlyFirst).toHaveLength(1);
    expect(compared.onlySecond).toHaveLength(2);
  });

  it('tells that many texts are no chance', () => {
    const first = Array.from({ length: 100 }, (_, i) => (i < 20 ? wrong : right));
    const compared = compareAnswers(
      first,
      first.map(() => right),
    );
    expect(compared).toMatchObject({ gain: 0.2, isSignificant: true });
    expect(compared.interval[0]).toBeGreaterThan(0.1);
  });

  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 5, 2 / 32],
    [1, 9, (2 * 11) / 1024],
  ])('reckons p of %d against %d', (a, b, p) => expect(signTest(a, b)).toBeCloseTo(p));

  it('refuses answers to different texts', () => {
    expect(() => compareAnswers([right], [{ ...right, text: 'other' }])).toThrow(/the same ones/);
  });
});

describe('the curve of the threshold', () => {
  it('weighs the texts out of scope to their expected share', () => {
    const answers = [
      ...Array.from({ length: 80 }, (_, i) => answer('a', 'a', { belonging: 1 + i / 100 })),
      ...Array.from({ length: 10 }, (_, i) => answer(none, 'a', { belonging: i / 100 })),
    ];
    const curve = scopeCurve(answers, 0.2, 1000);
    expect(curve).toHaveLength(90);
    expect(curve[0]).toMatchObject({ threshold: 0, inScopeRight: 1, recall: 0, f1: 0 });
    // All out of scope below, all in scope above.
    expect(curve[10]).toMatchObject({ threshold: 1, inScopeRight: 1, precision: 1, recall: 1, f1: 1 });
    // Ten in scope turned away beside a weight of 80 × 0.2 / 0.8 = 20 out of scope.
    expect(curve[20]?.precision).toBeCloseTo(2 / 3);
    expect(curve[20]?.inScopeRight).toBeCloseTo(7 / 8);
  });

  it('is empty without texts out of scope', () => {
    expect(scopeCurve([answer('a', 'a')], 0.2)).toEqual([]);
  });
});

describe('cross-validation', () => {
  const { phrases, outOfScope } = shippedPhrases();
  const intents = ['check_balance', 'block_card', 'find_branch'];
  const few = phrases.filter(({ label }) => intents.includes(label)).filter((_, i) => i % 4 === 0);
  const foreign = outOfScope.slice(0, 30);

  it('answers each text once, by models without it, and the same again', () => {
    const shares: number[] = [];
    const options = { folds: 3, outOfScope: foreign, onProgress: (share: number) => shares.push(share) };
    const { answers, figures, scopeCurve } = crossValidate(few, options);
    expect(answers.map(({ text }) => text)).toEqual([...few.map(({ text }) => text), ...foreign]);
    expect(figures.accuracy).toBeGreaterThan(0.8);
    expect(figures.outOfScope?.texts).toBe(30);
    expect(scopeCurve.length).toBeGreaterThan(20);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
    expect(crossValidate(few, { folds: 3, outOfScope: foreign }).answers).toEqual(answers);
  });

  it('gives worse figures for labels at random: it does not see what it measures', () => {
    const mixed = few.map(({ text }, i) => ({ text, label: intents[i % 3] ?? '' }));
    expect(crossValidate(mixed, { folds: 3 }).figures.accuracy).toBeLessThan(0.6);
  });

  it('gives the learning curve on the same held-out texts', () => {
    const curve = learningCurve(few, { shares: [0.2, 1] });
    expect(curve).toHaveLength(2);
    expect(curve[0]?.phrases).toBeLessThan((curve[1]?.phrases ?? 0) / 3);
    expect(curve[1]?.accuracy).toBeGreaterThanOrEqual(curve[0]?.accuracy ?? 1);
  });

  it('has the figures of a model on a test as well', () => {
    const half = few.filter((_, i) => i % 2 === 0);
    const rest = few.filter((_, i) => i % 2 === 1);
    const answers = answerAll(train(half, { folds: 2 }), rest, ['the moon']);
    expect(answers.at(-1)).toMatchObject({ text: 'the moon', truth: none });
    expect(figuresOf(answers).texts).toBe(rest.length);
  });
});

describe('lint of phrases', () => {
  const phrases = [
    ...['block my card', 'please block the card now', 'freeze it', 'i lost my wallet', 'card is stolen'].map(
      (text) => ({ text, label: 'block' }),
    ),
    { text: 'My card block', label: 'other' },
    { text: 'please block a card now', label: 'other' },
    ...['x', 'one more thing to say', 'one thing more to say', 'to say one thing more'].map((text) => ({
      text,
      label: 'other',
    })),
    { text: 'заблокируйте карту', label: 'few' },
  ];
  const kinds = (kind: string, options = {}) =>
    lint(phrases, options).filter((finding) => finding.kind === kind);

  it('finds the same words under two intents, whatever their order and case', () => {
    expect(kinds('conflict')).toEqual([
      { kind: 'conflict', text: 'block my card', intents: ['block', 'other'] },
    ]);
  });

  it('finds near duplicates under two intents', () => {
    expect(kinds('near-duplicate', { similarity: 0.6 })).toMatchObject([
      { first: { text: 'please block the card now' }, second: { text: 'please block a card now' } },
    ]);
    expect(kinds('near-duplicate')).toEqual([]);
  });

  it('finds repetitions, intents with too few phrases, and those of one phrase in variations', () => {
    expect(kinds('repeated')).toMatchObject([{ intent: 'other', times: 3 }]);
    expect(kinds('too-few')).toMatchObject([{ intent: 'few', phrases: 1 }]);
    expect(kinds('too-similar')).toEqual([]);
    const alike = Array.from({ length: 6 }, () => ({ text: 'show me the balance', label: 'balance' }));
    expect(lint(alike).find(({ kind }) => kind === 'too-similar')).toMatchObject({ share: 5 / 6 });
  });

  it('finds test phrases that are trained, in another form', () => {
    const test = [{ text: 'Заблокируйте карты!', label: 'few' }];
    expect(kinds('leak', { test })).toMatchObject([
      { training: { text: 'заблокируйте карту' }, similarity: 1 },
    ]);
  });

  it('finds phrases that the model would move, the surest first', () => {
    const answers = [
      answer('a', 'b', { confidence: 0.6 }),
      answer('a', 'b', { confidence: 0.9 }),
      answer('a', 'b', { confidence: 0.4 }),
      answer('a', 'a', { confidence: 0.9 }),
    ];
    expect(kinds('would-move', { answers })).toMatchObject([{ confidence: 0.9 }, { confidence: 0.6 }]);
  });

  it('finds all pairs that comparing each with each finds', () => {
    const texts = shippedPhrases()
      .phrases.slice(0, 300)
      .map(({ text }) => text);
    const sets = texts.map((text) => new Set(stemsOf(text)));
    const slow: string[] = [];
    sets.forEach((b, second) => {
      sets.slice(0, second).forEach((a, first) => {
        const shared = [...a].filter((stem) => b.has(stem)).length;
        if (shared / (a.size + b.size - shared) >= 0.6) slow.push(`${first} ${second}`);
      });
    });
    expect(slow.length).toBeGreaterThan(3);
    const found = similarPairs(texts, 0.6).map(({ first, second }) => `${first} ${second}`);
    expect(found.sort()).toEqual(slow.sort());
  });
});

describe('the folds of a cross-validation', () => {
  const { phrases, outOfScope } = shippedPhrases();
  const texts = [...phrases, ...outOfScope.map((text) => ({ text, label: none }))];
  const foldByText = (of: typeof texts) => {
    const folds = foldsByWords(of, 5, 1);
    return new Map(of.map(({ text }, i) => [text, folds[i]] as const));
  };

  it('hold each text where they held it, whatever else there is and whatever it belongs to', () => {
    const all = foldByText(texts);
    const fewer = texts.filter((_, i) => i % 3 > 0).reverse();
    const moved = fewer.map(({ text, label }, i) => ({ text, label: i % 10 === 0 ? 'other' : label }));
    for (const [text, fold] of foldByText(moved)) expect([text, fold]).toEqual([text, all.get(text)]);
  });

  it('hold texts of the same words together', () => {
    expect(foldOf('Перевод маме', 5, 1)).toBe(foldOf('маме перевод!', 5, 1));
    const seeds = Array.from({ length: 20 }, (_, seed) => foldOf('перевод маме', 5, seed));
    expect(new Set(seeds).size).toBe(5);
  });

  it('are about as large as each other', () => {
    const sizes = [0, 0, 0, 0, 0];
    for (const fold of foldsByWords(texts, 5, 1)) sizes[fold] = (sizes[fold] ?? 0) + 1;
    for (const size of sizes) {
      expect(size).toBeGreaterThan(texts.length / 5 / 1.3);
      expect(size).toBeLessThan((texts.length / 5) * 1.3);
    }
  });

  it('leave two intents to learn from, of however few texts', () => {
    const few = ['один', 'два', 'три', 'четыре'].map((text, i) => ({ text, label: i < 2 ? 'a' : 'b' }));
    for (let seed = 0; seed < 30; seed++) {
      const fold = foldsByWords(few, 2, seed);
      for (const held of [0, 1]) {
        const left = few.filter((_, i) => fold[i] !== held);
        expect(new Set(left.map(({ label }) => label)).size).toBe(2);
      }
    }
  });
});

describe('the phrases that ship', () => {
  it('say nothing twice in one intent, and nothing in two', () => {
    const { phrases, outOfScope } = shippedPhrases();
    const all = [...phrases, ...outOfScope.map((text) => ({ text, label: none }))];
    expect(all.length).toBeGreaterThan(1000);
    const told = lint(all).filter(({ kind }) => kind === 'repeated' || kind === 'conflict');
    expect(told).toEqual([]);
  });
});
