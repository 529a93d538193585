import type { Token } from '../text.ts';
import { numberAt } from './numbers.ts';
import { numeralOf } from './numerals.ts';

/** Digits as they are dictated in words: `from` and `to` are token indices, `to` exclusive; `groups` are the numbers said. */
export type SpokenRun = {
  readonly digits: string;
  readonly from: number;
  readonly to: number;
  readonly groups: number;
};

/** No number that people dictate has more groups. */
const maxGroups = 24;
/** From so many numbers on, side by side, somebody dictates: «пять пять три» is neither a sum nor three of them. */
const dictated = 3;

const isZero = (word: string): boolean => word === 'oh' || word === 'o';
const timesOf = (word: string): number => (word === 'double' ? 2 : word === 'triple' ? 3 : 0);
const isNumeral = (token: Token | undefined): boolean =>
  token?.kind === 'word' && numeralOf(token.norm)?.join === 'add';
const isBeside = (tokens: readonly Token[], at: number): boolean =>
  (tokens[at]?.start ?? 0) - (tokens[at - 1]?.end ?? 0) <= 2;

/** «последние четыре 5 5 3 9», "last four": how many follow, and none of them. */
export const isCountOfTail = (tokens: readonly Token[], at: number): boolean =>
  /^(четыре|4|four)$/.test(tokens[at]?.norm ?? '') && /^(last|последн)/.test(tokens[at - 1]?.norm ?? '');

/** The digits that are dictated from here on: «девятьсот двадцать семьсот три», "five oh double three"; none in the middle of others. */
export function spokenRunAt(tokens: readonly Token[], at: number): SpokenRun | undefined {
  if (!isStart(tokens, at)) return undefined;
  let digits = '';
  let groups = 0;
  let to = at;
  while (groups < maxGroups && (to === at || isBeside(tokens, to))) {
    const group = groupAt(tokens, to);
    if (!group) break;
    digits += group.digits;
    to = group.to;
    groups++;
  }
  // "oh oh oh" is a sigh.
  const isSaid = isNumeral(tokens[at]) || /[1-9]/.test(digits);
  return groups > 0 && isSaid ? { digits, from: at, to, groups } : undefined;
}

function isStart(tokens: readonly Token[], at: number): boolean {
  const word = tokens[at]?.norm ?? '';
  if (isCountOfTail(tokens, at)) return false;
  const before = tokens[at - 1];
  const isInside = isNumeral(before) && isBeside(tokens, at) && !isCountOfTail(tokens, at - 1);
  if (isInside || isZero(before?.norm ?? '') || timesOf(before?.norm ?? '') > 0) return false;
  if (isZero(word)) return isNumeral(tokens[at + 1]) || isZero(tokens[at + 1]?.norm ?? '');
  return isNumeral(tokens[at]) || timesOf(word) > 0;
}

/** One number of those said: "forty seven" is 47, "oh" 0, "double five" 55. */
function groupAt(tokens: readonly Token[], at: number): { digits: string; to: number } | undefined {
  const word = tokens[at]?.norm ?? '';
  if (isZero(word)) return { digits: '0', to: at + 1 };
  const times = timesOf(word);
  const number = isNumeral(tokens[at + (times > 0 ? 1 : 0)])
    ? numberAt(tokens, at + (times > 0 ? 1 : 0))
    : undefined;
  if (!number || number.value >= 1000 || number.value % 1 !== 0) return undefined;
  const digits = String(number.value);
  if (times === 0) return { digits, to: number.to };
  return digits.length === 1 ? { digits: digits.repeat(times), to: number.to } : undefined;
}

/** Every run of the text in which digits are dictated. */
export function findDictated(tokens: readonly Token[]): SpokenRun[] {
  const found: SpokenRun[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const run = spokenRunAt(tokens, at);
    if (!run) continue;
    if (run.groups >= dictated) found.push(run);
    at = run.to - 1;
  }
  return found;
}
