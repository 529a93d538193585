import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { calibrationError, fitTemperature } from '../../nlu/calibrate.ts';
import { decodeModel, encodeModel } from '../../nlu/model.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import { stemRussian } from '../../nlu/stem.ts';
import { foldsOf, train } from '../../nlu/train.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { shippedVectors } from '../../nlu/vectors.ts';
import { readWriting } from '../../nlu/writing.ts';

const { understand } = createUnderstanding(shippedModel());

describe('the demo bank’s model', () => {
  it.each([
    ['что с моим счётом', 'check_balance'],
    ['okay, how about my checking account?', 'check_balance'],
    ['now send 50 to Ann from savings', 'transfer_money'],
    ['скинь маше 5к', 'transfer_money'],
    ['i lost my wallet with the card', 'block_card'],
    ['это не я снял деньги', 'report_fraud'],
    ['хочу живого оператора', 'call_operator'],
    ['ghbdtn', 'greeting'],
    ['руддщ', 'greeting'],
    ['perevedi mashe 500 rublej', 'transfer_money'],
    ['сколько стоит евро', 'exchange_rate'],
    ['ближайшее отделение банка где', 'find_branch'],
    ['are you a real human', 'who_are_you'],
    ['забудь, передумал', 'cancel'],
    ['заблокриуйте карут', 'block_card'],
    ['trasnfer moeny to anna', 'transfer_money'],
  ])('takes "%s" for %s', (text, intent) => {
    expect(understand(text, { kinds: [] }).intent).toBe(intent);
  });

  it.each([
    'да',
    'yes',
    'no',
    '500',
    'пять тысяч',
    'маше',
    'Srinivas',
    'the savings one',
    'накопительный',
    'какая погода',
    'tell me a joke',
    '',
    '🙂',
  ])('takes "%s" for none of the intents', (text) => {
    const { intent, alternatives } = understand(text, { kinds: [] });
    expect(intent === 'none' || (alternatives[0]?.confidence ?? 0) < 0.4).toBe(true);
  });

  it('has at least 40 phrases for each intent and language', () => {
    const counts = new Map<string, number>();
    for (const { text, label } of shippedPhrases().phrases) {
      const key = `${/[а-я]/i.test(text) ? 'ru' : 'en'} ${label}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts].filter(([, n]) => n < 40 && n > 3)).toEqual([]);
    expect(new Set([...counts.keys()].map((key) => key.slice(3))).size).toBe(14);
  });
});

/** What a model's header did not say in version 2 of the format. */
const newSettings = new Set(['multiplied', 'productWeight', 'products', 'runLength']);

describe('a model', () => {
  const phrases = ['my balance', 'show the balance', 'how much money'].map((text) => ({
    text,
    label: 'balance',
  }));
  const others = ['block my card', 'my card is lost', 'freeze the card'].map((text) => ({
    text,
    label: 'block',
  }));
  const model = train([...phrases, ...others]);

  it('is the same behind its file', () => {
    const again = decodeModel(encodeModel(model));
    expect(again.id).toBe(model.id);
    const text = 'is the money on my card';
    expect(createUnderstanding(again).understand(text)).toEqual(createUnderstanding(model).understand(text));
  });

  it('of the format before this one answers as it did', () => {
    const bytes = Buffer.from(encodeModel(model));
    const jsonLength = bytes.readUInt32LE(12);
    const json = bytes.toString('utf8', 16, 16 + jsonLength);
    const header = JSON.parse(json, (key, value) => (newSettings.has(key) ? undefined : value));
    // Blanks at the end keep the arrays where they are.
    bytes.write(JSON.stringify(header).padEnd(jsonLength), 16);
    bytes.writeUInt32LE(2, 8);
    const body = bytes.subarray(0, -32);
    const old = decodeModel(Buffer.concat([body, createHash('sha256').update(body).digest()]));
    const text = 'is the money on my card';
    const { model: id, ...understood } = createUnderstanding(model).understand(text);
    expect(createUnderstanding(old).understand(text)).toMatchObject(understood);
    expect(old.id).not.toBe(id);
  });

  it('depends on the phrases and the seed alone', () => {
    expect(train([...phrases, ...others]).id).toBe(model.id);
    expect(train([...phrases, ...others, { text: 'lock it', label: 'block' }]).id).not.toBe(model.id);
  });

  it('with other word vectors is refused', () => {
    expect(() => createUnderstanding({ ...model, vectors: 'other' })).toThrow(/train it again/);
  });

  it('is not trained with "none" for a label', () => {
    expect(() => train([...phrases, { text: 'x', label: 'none' }])).toThrow(/out of scope/);
  });

  it('can be trained from one phrase an intent', () => {
    const small = train([phrases[0], others[0]].flatMap((phrase) => (phrase ? [phrase] : [])));
    expect(createUnderstanding(small).understand('balance').alternatives[0]?.intent).toBe('balance');
  });

  it('prefers the phrases themselves', () => {
    const { understand } = createUnderstanding(model);
    for (const { text, label } of [...phrases, ...others])
      expect(understand(text).alternatives[0]?.intent).toBe(label);
  });
});

describe('steps', () => {
  it.each([
    ['мошенники', 'мошенник'],
    ['заблокировать', 'заблокирова'],
    ['счёта', 'счет'],
    ['стоимость', 'стоимост'],
    ['здесь', 'зде'],
    ['мгновеннейший', 'мгновен'],
  ])('stems %s to %s', (word, stem) => expect(stemRussian(word)).toBe(stem));

  it('keeps the length of a text in reading it in another layout', () => {
    const writing = readWriting('ghbdtn, rfr ltkf', shippedVectors());
    expect(writing).toMatchObject({ language: 'ru', kind: 'layout', readable: 'привет, как дела' });
  });

  it.each([
    ['500', 'ru', 'ru'],
    ['500', 'en', 'en'],
    ['hello', 'ru', 'en'],
    ['привет', 'en', 'ru'],
    ['переведи на visa', 'en', 'ru'],
    ['sep 3', 'en', 'en'],
    ['ok', 'en', 'en'],
    ['perevod', 'en', 'ru'],
    ['kod 1234', 'ru', 'ru'],
  ] as const)('tells the language of "%s" in a conversation in %s: %s', (text, hint, language) => {
    expect(readWriting(text, shippedVectors(), hint).language).toBe(language);
  });

  it('finds the temperature that scores were sharpened by', () => {
    // Scores whose softmax is right as it stands, then made three times as sure.
    const heldOut = Array.from({ length: 3000 }, (_, i) => {
      const lead = (i % 30) / 10;
      const isFirst = (i * 7919) % 1000 < 1000 / (1 + Math.exp(-lead));
      return { scores: Float64Array.from([3 * lead, 0]), label: isFirst ? 0 : 1 };
    });
    expect(fitTemperature(heldOut)).toBeCloseTo(3, 0);
  });

  it('reckons the calibration error', () => {
    const answers = Array.from({ length: 100 }, (_, i) => ({ confidence: 0.95, right: i < 75 }));
    expect(calibrationError(answers)).toBeCloseTo(0.2);
  });

  it('spreads each class evenly over the folds', () => {
    const fold = foldsOf(
      Int32Array.from({ length: 100 }, (_, i) => i % 2),
      5,
      1,
    );
    const counts = new Map<string, number>();
    fold.forEach((f, i) => {
      const key = `${f} ${i % 2}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
    expect(new Set(counts.values())).toEqual(new Set([10]));
  });
});
