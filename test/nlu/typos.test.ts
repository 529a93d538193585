import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRepair, isOneSlip } from '../../nlu/typos.ts';

describe('repair of typos', () => {
  const repair = createRepair(['карта', 'балансы', 'баланс', 'transfer', 'card', 'the']);

  it.each([
    ['балнас', 'баланс'],
    ['балан', 'баланс'],
    ['балланс', 'баланс'],
    ['баланз', 'баланс'],
    ['trasnfer', 'transfer'],
    ['tansfer', 'transfer'],
    ['transferr', 'transfer'],
    ['crad', 'card'],
  ])('takes «%s» for «%s»', (word, meant) => expect(repair(word)).toBe(meant));

  it('prefers the commoner word, which stands first', () => {
    expect(createRepair(['move', 'love'])('xove')).toBe('move');
    expect(createRepair(['love', 'move'])('xove')).toBe('love');
  });

  it.each(['телефон', 'бланк', 'teh', 'tarnsfre', 'т'.repeat(50), ''])('leaves "%s" alone', (word) => {
    expect(repair(word)).toBeUndefined();
  });

  it('finds a word behind any single slip, and nothing that is two away', () => {
    const letters = fc.constantFrom(...'abcdeабв');
    const word = fc.string({ unit: letters, minLength: 5, maxLength: 12 });
    fc.assert(
      fc.property(word, fc.nat(), letters, fc.nat(3), (meant, place, letter, kind) => {
        const at = place % (meant.length - 1);
        const before = meant.slice(0, at);
        const slipped = [
          before + meant.slice(at + 1),
          before + letter + meant.slice(at),
          before + letter + meant.slice(at + 1),
          before + meant.charAt(at + 1) + meant.charAt(at) + meant.slice(at + 2),
        ][kind] as string;
        expect(createRepair([meant])(slipped)).toBe(meant);
        expect(isOneSlip(slipped, meant)).toBe(true);
        expect(isOneSlip(`${slipped}zzz`, meant)).toBe(false);
      }),
    );
  });
});
