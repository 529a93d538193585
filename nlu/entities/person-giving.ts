import type { Token } from '../text.ts';
import type { PersonEntity } from '../types.ts';
import { numeralOf } from './numerals.ts';
import { isAcquaintance, isBridge, isGiving, isGivingPast, kinOf } from './person-words.ts';
import type { Reading } from './reading.ts';

/** "to", "send", «переведи» close before, with sums and small words allowed between. */
export function givingBefore(reading: Reading, at: number): string | undefined {
  for (let back = 1; back <= 5; back++) {
    const token = reading.tokens[at - back];
    if (!token || (token.kind === 'sign' && '.!?;'.includes(token.norm))) return undefined;
    const isNaming =
      token.norm === 'is' &&
      /^(name|recipient|it|that|this)$/.test(reading.tokens[at - back - 1]?.norm ?? '');
    if (isNaming || isGiving(token.norm)) return token.norm;
    const isBetween =
      token.kind === 'digits' ||
      '$€₽£,:-'.includes(token.norm) ||
      numeralOf(token.norm) !== undefined ||
      isBridge(token.norm);
    if (!isBetween) return undefined;
  }
  return undefined;
}

/** Where no name was said: whom kinship names, in an answer to «кому?» or behind a word of giving. */
export function kinsfolk(reading: Reading): PersonEntity[] {
  // «отправила брату» is a story, and no order; "a card to my daughter" is no money.
  const isNoOrder = ({ norm }: Token) => isGivingPast(norm) || /^(cards?|карт[ауе]?)$/.test(norm);
  if (reading.awaited !== 'person' && reading.tokens.some(isNoOrder)) return [];
  for (let at = 0; at < reading.tokens.length; at++) {
    const name = kinOf(reading.tokens[at]?.norm ?? '');
    if (name && (reading.awaited === 'person' || isReceiving(reading, at))) {
      return [
        {
          kind: 'person',
          ...reading.span(at, at + 1),
          value: { name: name.slice(0, 1).toUpperCase() + name.slice(1) },
        },
      ];
    }
  }
  return [];
}

/** «переведи маме», "send 2k to my dad"; in English a bare "send mom" is as good, "help my mom" is not. */
const isReceiving = (reading: Reading, at: number): boolean =>
  !/^(for|для|want|need|let|клиент\p{L}*|друг\p{L}*)?$/u.test(givingBefore(reading, at) ?? '') &&
  !kinOf(reading.tokens[at - 1]?.norm ?? '') &&
  !isAcquaintance(reading.tokens[at]?.norm ?? '');
