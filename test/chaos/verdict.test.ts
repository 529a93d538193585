import { expect, it } from 'vitest';
import type { StoredAnswer } from './stored.ts';
import { answerTo, faultsOf, judge } from './verdict.ts';

const CHAT = 1;

interface Case {
  readonly received?: readonly string[];
  readonly heard?: readonly string[];
  readonly answers?: readonly StoredAnswer[];
  readonly everythingIsAnswered?: boolean;
}

const answered = (text: string, changed: Partial<StoredAnswer> = {}): StoredAnswer => ({
  text: answerTo(text),
  state: 'accepted',
  attempts: 1,
  unknownAttempts: 0,
  owner: 'bot',
  ...changed,
});

/** What the verdict says of a chat in which "a" and "b" were said; as it should be, but for what is given. */
function found({ received, heard, answers, everythingIsAnswered = true }: Case): readonly string[] {
  const counts = judge({
    said: new Map([[CHAT, ['a', 'b']]]),
    heard: new Map([[CHAT, heard ?? ['a', 'b'].map(answerTo)]]),
    stored: {
      received: new Map([[CHAT, received ?? ['a', 'b']]]),
      answers: new Map([[CHAT, answers ?? [answered('a'), answered('b')]]]),
    },
    everythingIsAnswered,
  });
  return faultsOf(counts);
}

const a = answerTo('a');
const b = answerTo('b');
const unknown = (text: string) => answered(text, { state: 'unknown', attempts: 2, unknownAttempts: 2 });

it.each<[string, Case, readonly string[]]>([
  ['finds nothing where all is as it should be', {}, []],
  ['a message that was acknowledged and is not stored', { received: ['a'] }, ['lostMessages: 1']],
  ['a message stored twice', { received: ['a', 'a', 'b'] }, ['doubledMessages: 1']],
  ['messages stored in another order', { received: ['b', 'a'] }, ['reordered: 1']],
  ['answers heard in another order', { heard: [b, a] }, ['reordered: 1']],
  ['an answer that nobody heard', { heard: [a] }, ['lostAnswers: 1']],
  ['an answer that was never decided', { heard: [a], answers: [answered('a')] }, ['lostAnswers: 1']],
  ['an answer heard twice', { heard: [a, a, b] }, ['doubledAnswers: 1']],
  [
    'a message answered twice',
    { answers: [answered('a'), answered('a'), answered('b')] },
    ['doubledAnswers: 1'],
  ],
  ['an answer that the bot never gave', { heard: [a, b, 'nonsense'] }, ['invented: 1']],
  [
    'an answer of the bot while a person had the conversation',
    { answers: [answered('a'), answered('b', { owner: 'operator' })] },
    ['behindTheFence: 1'],
  ],
  [
    'an answer that was cancelled before its first attempt, and heard',
    { answers: [answered('a'), answered('b', { state: 'cancelled', attempts: 0 })] },
    ['behindTheFence: 1'],
  ],
  ['lets an unknown answer be missing', { heard: [a], answers: [answered('a'), unknown('b')] }, []],
  ['lets an unknown answer be repeated', { heard: [a, b, b, b], answers: [answered('a'), unknown('b')] }, []],
  [
    'but not more often than it was attempted',
    { heard: [a, b, b, b, b], answers: [answered('a'), unknown('b')] },
    ['doubledAnswers: 1'],
  ],
  [
    'lets a cancelled answer be missing where people answer too',
    {
      heard: [a],
      answers: [answered('a'), answered('b', { state: 'cancelled' })],
      everythingIsAnswered: false,
    },
    [],
  ],
])('%s', (_name, given, expected) => {
  expect(found(given)).toEqual(expected);
});
