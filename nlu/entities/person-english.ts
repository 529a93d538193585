import { isPlainlyName, shippedSurnames } from './names.ts';
import { stopWords } from './person-words.ts';
import type { Reading } from './reading.ts';

/** Names in Latin letters that no list has. */

/** What was seen of a word; see `unlistedEnglish`. */
export type Seen = {
  /** A capital, and the first word of a sentence. */
  readonly upper: boolean;
  readonly isFirst: boolean;
  /** No dictionary knows it. */
  readonly alien: boolean;
  readonly giving: string | undefined;
  /** "'s" follows. */
  readonly possessed: boolean;
  /** An answer to "who?", and nothing else in it could be the name. */
  readonly isAnswer: boolean;
};

/** How likely a word that is no listed first name is a person's: told from 2 on, where one was asked for from 1 on. */
export function unlistedEnglish(reading: Reading, at: number, seen: Seen): number {
  const { upper, isFirst, alien, possessed, isAnswer } = seen;
  const word = reading.tokens[at]?.norm ?? '';
  const isAwaited = reading.awaited === 'person';
  if (!isAwaited && isDescribed(reading, at)) return 0;
  const isGiven = seen.giving !== undefined && (upper || isAwaited || isReceiver(reading, at, seen.giving));
  let strength = 0;
  if (upper && !isFirst) strength += 1;
  if (alien) strength += 1;
  if (isGiven) strength += 1;
  // "to chen wei": the word behind it is a name, or no word at all.
  if (isGiven && !alien && isNameBehind(reading, at)) strength += 1;
  if (possessed && (alien || upper)) strength += 1;
  if (upper && isFirst && alien) strength += 1;
  if (isAnswer) strength += 1;
  if (isVerbLike(word) && !upper) strength -= 1;
  const isNameLike = alien && upper && !isFirst;
  if (!isGiven && !isNameLike && !isAwaited && !possessed) strength -= 1;
  return strength;
}

function isNameBehind(reading: Reading, at: number): boolean {
  const next = reading.tokens[at + 1];
  if (next?.kind !== 'word' || next.start !== (reading.tokens[at]?.end ?? 0) + 1) return false;
  return /^[a-z]/.test(next.norm) && isPlainlyName(next.norm) && !stopWords.has(next.norm);
}

/** "the Notting Hill ATM", "a pto request", "in Leeds": a thing or a place. */
function isDescribed(reading: Reading, at: number): boolean {
  const before = reading.tokens[at - 1]?.norm ?? '';
  return /^(the|a|an|this|that|your|our|in|at|near|outside|inside|via|using|on|into|per)$/.test(before);
}

/** Whether a small word that no dictionary knows may be whom one gives to: "send 40 to oyelaran"; "to actuate" is an act. */
function isReceiver(reading: Reading, at: number, giving: string): boolean {
  if (giving === 'is') return /^(name|recipient)$/.test(reading.tokens[at - 2]?.norm ?? '');
  if (!/^(to|for|want|need|let|2)$/.test(giving)) return true;
  if (giving !== 'to' || isInfinitive(reading, at)) return false;
  for (let back = 1; back <= 8; back++)
    if (sending.test(reading.tokens[at - back]?.norm ?? ''))
      return reading.tokens[at - 1]?.norm === 'to' || back <= 6;
  return false;
}
/** "need to configure", "how to top up". */
const isInfinitive = ({ tokens }: Reading, at: number): boolean =>
  tokens[at - 1]?.norm === 'to' &&
  /^(need|want|have|had|able|unable|how|like|trying|try|going|allowed|used|supposed|ability|way)$/.test(
    tokens[at - 2]?.norm ?? '',
  );

const sending =
  /^(send|sent|sending|pay|paid|payment|transfer|transferred|transferring|wire|wired|give|gave|move|zelle|venmo|put|bucks|dollars|euros?|pounds|quid|usd|eur|gbp|[$€£])$/;

const isVerbLike = (word: string): boolean =>
  /(ть|ться|ите|йте|ешь|ишь|ует|ает|ing|tion|ment)$/u.test(word) && word.length > 4;

/** "smith", "ivanov": behind a first name they are surnames, though they are words or known too. */
export const isLatinSurname = (word: string): boolean =>
  shippedSurnames().has(word) || /^[a-z]{2,}([^aeiouy]ov|ev|ova|eva|enko|sky|skiy|skaya|chuk)$/.test(word);

const isVerbal = new Set(
  'be have do go get make send pay transfer see know like need want can not i you the it'.split(' '),
);
export const nextIsVerbal = (reading: Reading, at: number): boolean =>
  isVerbal.has(reading.tokens[at + 1]?.norm ?? '');
