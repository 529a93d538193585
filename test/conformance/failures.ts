import type { SendFault } from './suite.ts';

/** Names of the suite's cases that the table of docs/channels.md stands on; `%s` is the failure of our request. */
export const CASES = {
  repeats: 'counts a message once, however often it comes and also side by side',
  order: 'loses and repeats nothing of what comes out of order',
  text: 'says %s back as it was said',
  longText: '100 kB of text',
  album: 'keeps every part of an album and answers it once',
  editUnknown: 'keeps and answers an edit of a message that it never got',
  badInput: 'answers what it cannot read as documented, keeps what is to be kept, and goes on',
  strangers: 'stores nothing of strangers',
  edited: 'gives a message of an operator new words, once and in order',
  deleted: 'takes back that message of an operator and no other, once',
  reacted: 'puts a reaction of an operator under a message and takes it back',
  sending: 'loses no answer and keeps the order when a request meets "%s"',
} as const;

const sending = (fault: SendFault) => CASES.sending.replace('%s', fault);

/** The rows of the table: a failure in words, and the case that a connector stands there. */
export const FAILURES: Readonly<Record<string, string>> = {
  'a message comes again, also side by side': CASES.repeats,
  'messages come out of order': CASES.order,
  'input that makes no sense, or is too large': CASES.badInput,
  'input that is forged': CASES.strangers,
  '100 kB of text': CASES.text.replace('%s', CASES.longText),
  'an album': CASES.album,
  'an edit of an unknown message': CASES.editUnknown,
  'our request is cut before it is taken': sending('cut-before'),
  'our request is cut after it was taken': sending('cut-after'),
  'the answer stops in its middle': sending('truncated'),
  'the answer is garbage': sending('garbage'),
  'the answer is slow': sending('slow'),
  'we are told that it is too much (429)': sending('too-many'),
  'the network fails (5xx)': sending('server-error'),
};

/** The rows of a second table: what operators do, in words. */
export const CHANGES: Readonly<Record<string, string>> = {
  'an operator edits a message': CASES.edited,
  'an operator deletes a message': CASES.deleted,
  'an operator reacts to a message': CASES.reacted,
};

/** Names of the cases of both tables. */
export const RECORDED: readonly string[] = [...Object.values(FAILURES), ...Object.values(CHANGES)];

/** Suites without failures of our requests, and why. */
export const WITHOUT_SENDING: Readonly<Record<string, string>> = {
  'the chat on the page': 'nothing is asked of a page: it shows what is committed',
  'MAX, by long polling': 'what goes out is the same as by webhook',
};

/** Networks without the suite, and why. */
export const WITHOUT_SUITE: Readonly<Record<string, string>> = {
  voice:
    'what is said to a caller is worded for speech, so nothing comes back as it was said, and a call has no ids of messages; calls have tests of their own (test/gateway/connectors/voice)',
};
