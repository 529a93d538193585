import { describe, expect, it } from 'vitest';
import { crossValidateInWorker, trainInWorker } from '../../nlu/background.ts';
import { crossValidate } from '../../nlu/evaluation/cross-validate.ts';
import { createLiveModel } from '../../nlu/live-model.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import { train } from '../../nlu/train.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const { phrases, outOfScope } = shippedPhrases();
const intents = ['check_balance', 'block_card', 'find_branch'];
const some = phrases.filter(({ label }) => intents.includes(label)).filter((_, i) => i % 3 === 0);
const foreign = outOfScope.slice(0, 30);

/** Starting a thread and teaching it TypeScript takes seconds on a busy machine. */
const patient = 120_000;

describe('training in a thread of its own', { timeout: patient }, () => {
  it('gives the same model as training here, tells how far it is, and lets this thread go on', async () => {
    const shares: number[] = [];
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const { model, bytes } = await trainInWorker(some, {
      outOfScope: foreign,
      folds: 2,
      seed: 3,
      onProgress: (share) => shares.push(share),
    });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(5);
    expect(model.id).toBe(train(some, { outOfScope: foreign, folds: 2, seed: 3 }).id);
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('cross-validates as here', async () => {
    const few = some.filter((_, i) => i % 3 === 0);
    expect(await crossValidateInWorker(few, { folds: 2 })).toEqual(crossValidate(few, { folds: 2 }));
  });

  it('stops when it is told to, with the reason', async () => {
    const stopping = new AbortController();
    const training = trainInWorker(phrases, {
      signal: stopping.signal,
      onProgress: () => stopping.abort(new Error('the admin has changed their mind')),
    });
    await expect(training).rejects.toThrow('the admin has changed their mind');
    await expect(trainInWorker(phrases, { signal: stopping.signal })).rejects.toThrow('changed their mind');
  });

  it('tells what is wrong with the phrases', async () => {
    await expect(trainInWorker([{ text: 'a', label: 'b' }])).rejects.toThrow(/add phrases of another intent/);
  });
});

describe('the model in use', { timeout: patient }, () => {
  it('is replaced while texts are understood: each by one model wholly, none unanswered', async () => {
    const first = shippedModel();
    const second = (await trainInWorker(some, { outOfScope: foreign, folds: 2 })).model;
    const live = createLiveModel(first);
    const asked = Array.from({ length: 400 }, (_, i) => phrases[(i * 7) % phrases.length]?.text ?? '');
    const answers = await Promise.all(
      asked.map(async (text, i) => {
        await new Promise((resolve) => setTimeout(resolve, i % 20));
        if (i % 50 === 49) live.replace(i % 100 === 99 ? first : second);
        return live.understand(text, { kinds: [] });
      }),
    );
    const plain = new Map([first, second].map((model) => [model.id, createUnderstanding(model)]));
    expect(new Set(answers.map(({ model }) => model))).toEqual(new Set(plain.keys()));
    answers.forEach((answer, i) => {
      expect(answer).toEqual(plain.get(answer.model)?.understand(asked[i] ?? '', { kinds: [] }));
    });
  });

  it('stays when another cannot be used', () => {
    const live = createLiveModel(shippedModel());
    expect(() => live.replace({ ...shippedModel(), vectors: 'other' })).toThrow(/train it again/);
    expect(live.current()).toBe(shippedModel().id);
    expect(live.understand('мой баланс').intent).toBe('check_balance');
  });
});
