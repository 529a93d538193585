import { describe, expect, it } from 'vitest';
import { type CustomDefinition, CustomEntityError, compileCustom } from '../../nlu/entities/custom.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const { understand } = createUnderstanding(shippedModel());

function valuesIn(text: string, definitions: Readonly<Record<string, CustomDefinition>>): string[] {
  const custom = compileCustom(definitions);
  const { entities } = understand(text, { kinds: ['custom'], locale: 'ru', custom });
  return entities.flatMap((it) =>
    it.kind === 'custom' ? [`${it.value.entity}=${it.value.value} «${text.slice(it.start, it.end)}»`] : [],
  );
}

describe('an admin’s list', () => {
  const tariff: CustomDefinition = {
    list: { gold: ['золотой тариф', 'gold plan'], base: ['базовый тариф', 'basic plan'] },
  };

  it.each([
    ['подключите золотой тариф', ['tariff=gold «золотой тариф»']],
    ['сколько стоит обслуживание на золотом тарифе', ['tariff=gold «золотом тарифе»']],
    ['с базового тарифа на золотой тариф', ['tariff=base «базового тарифа»', 'tariff=gold «золотой тариф»']],
    ['what is in the GOLD PLANS', ['tariff=gold «GOLD PLANS»']],
    ['gold and a plan', []],
    ['🙂 золотого тарифа', ['tariff=gold «золотого тарифа»']],
  ])('is found in «%s»', (text, expected) => {
    expect(valuesIn(text, { tariff })).toEqual(expected);
  });

  it('without a phrase is refused', () => {
    expect(() => compileCustom({ tariff: { list: {} } })).toThrow(/tariff lists no phrases/);
    expect(() => compileCustom({ tariff: { list: { gold: ['…'] } } })).toThrow(/tariff\.gold/);
  });
});

describe('an admin’s pattern', () => {
  it('is found apart from longer words and numbers, with its place in the text', () => {
    expect(valuesIn('😀 обращение cl-123456 и CL-7654321', { claim: { pattern: 'CL-\\d{6}' } })).toEqual([
      'claim=cl-123456 «cl-123456»',
    ]);
  });

  it.each([
    ['(?=x)y', /cannot be used/],
    ['(a)\\1', /cannot be used/],
    ['[', /cannot be used/],
    ['a{1001}', /cannot be used/],
    ['\\d*', /fits an empty text/],
    ['(\\w{100}){10}', /too large/],
    ['x'.repeat(501), /501 characters/],
  ])('that cannot be matched safely is refused: %s', (pattern, message) => {
    expect(() => compileCustom({ claim: { pattern } })).toThrow(CustomEntityError);
    expect(() => compileCustom({ claim: { pattern } })).toThrow(message);
    expect(() => compileCustom({ claim: { pattern } })).toThrow(/claim/);
  });

  it('that would hang a backtracking engine is answered', () => {
    const evil = { claim: { pattern: '(a+)+b' }, other: { pattern: '(.*a){12}' } };
    expect(valuesIn(`${'a'.repeat(100_000)}!`, evil)).toEqual([]);
  });
});
