import { describe, expect, it } from 'vitest';
import { heated, heatOf } from '../../nlu/tone.ts';

describe('the heat of a text', () => {
  it.each([
    ['где мой перевод', 0],
    ['СНИЛС 112', 0],
    ['хлеба купить, застрахуйте', 0],
    ['assess my class', 0],
    ['hello there', 0],
    ['ответьте уже!!', 1],
    ['ГДЕ МОЙ ПЕРЕВОД', 1],
    ['ГДЕ МОЙ ПЕРЕВОД??', 2],
    ['тупой бот', 3],
    ['какого черта', 3],
    ['why the hell', 3],
  ])('of «%s» is %i', (text, heat) => expect(heatOf(text)).toBe(heat));

  it('raises the odds, and what is sure stays so', () => {
    expect(heated(0.2, 0)).toBeCloseTo(0.2);
    expect(heated(0.2, Math.log(4))).toBeCloseTo(0.5);
    expect(heated(0, 3)).toBe(0);
    expect(heated(1, 3)).toBe(1);
  });
});
