import { describe, expect, it } from 'vitest';
import { compileCustom } from '../../nlu/entities/custom.ts';
import { allKinds, findEntities } from '../../nlu/entities/index.ts';
import { read } from '../../nlu/entities/reading.ts';
import { tokenise } from '../../nlu/text.ts';
import { shippedVectors } from '../../nlu/vectors.ts';
import { readWriting } from '../../nlu/writing.ts';

const vectors = shippedVectors();
const custom = compileCustom({
  colour: { list: { red: ['красный', 'red'] } },
  claim: { pattern: 'CL-\\d{2,6}' },
});

/** How often the finders look at a token of the text, whatever was asked for: each look of each kind is counted. */
function looksAt(text: string): number {
  const writing = readWriting(text, vectors);
  let looks = 0;
  for (const awaited of allKinds) {
    const options = { awaited, today: '2026-03-18', custom };
    const reading = read(text, writing, (word) => vectors.find(word) >= 0, options);
    const tokens = new Proxy(reading.tokens, {
      get(target, key, receiver) {
        looks++;
        return Reflect.get(target, key, receiver);
      },
    });
    findEntities({ ...reading, tokens }, allKinds);
  }
  return looks;
}

describe('a text twice as long takes twice the steps', () => {
  it.each([
    'переведи маше 500 рублей с текущего. ',
    'send 50 dollars to Ann, not 60. ',
    '500 ',
    '1 000 ',
    'сто ',
    'двадцать пять тысяч ',
    'с 1 по ',
    'последние три ',
    'five and ',
    '1-',
    '4',
    '*',
    "n't",
    'Ivan ',
    'van der ',
    'Mr ',
    'договор № ',
    'заказ А-',
    'счет 40817810238120001122 бик 044525225 ',
    '+7 916 ',
    '4 5 1 2 ',
    'дядя ',
    'не ',
    'в ',
    'a.b@',
    'double five ',
    'oh one ',
    'пять ноль три ',
    'last four ',
    '12 34 ',
    '212-555-0143 ',
    'ivan собака ',
    'a dot b at ',
    'его 7707083893 инн ',
  ])('in a text of «%s» over and over', (part) => {
    const times = Math.ceil(100 / tokenise(part).length);
    const once = looksAt(part.repeat(times));
    const twice = looksAt(part.repeat(2 * times));
    expect(once).toBeGreaterThan(0);
    expect(twice).toBeLessThanOrEqual(2.2 * once);
  });
});
