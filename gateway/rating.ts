import type { InboundMessage } from './connectors/inbound.ts';
import { newId } from './ids.ts';
import type { Locale } from './model/contact.ts';
import type { Content } from './model/content.ts';
import type { NewEvent } from './model/events.ts';
import type { ConversationId, MessageId, ThreadId } from './model/ids.ts';

/** How a client found a conversation, from 1, very bad, to 5. */
export type Score = 1 | 2 | 3 | 4 | 5;

const SCORES: readonly Score[] = [1, 2, 3, 4, 5];
const PREFIX = 'rate:';

const texts = {
  ru: {
    ask: 'Диалог завершён. Как мы вам помогли?',
    scores: ['Очень плохо', 'Плохо', 'Нормально', 'Хорошо', 'Отлично'],
    thanks: 'Спасибо за оценку.',
  },
  en: {
    ask: 'The conversation is closed. How did we help you?',
    scores: ['Very badly', 'Badly', 'Fairly', 'Well', 'Very well'],
    thanks: 'Thank you for your rating.',
  },
} as const satisfies Record<Locale, Texts>;

interface Texts {
  readonly ask: string;
  readonly scores: readonly string[];
  readonly thanks: string;
}

/** A question how a conversation was, with five choices, worst first: in a numbered list the number is the score. */
export function ratingQuestion(
  conversation: ConversationId,
  ask: string,
  locale: Locale,
): readonly Content[] {
  const choices = texts[locale].scores.map((text, index) => ({
    id: `${PREFIX}${conversation}:${index + 1}`,
    text,
  }));
  return [
    { kind: 'text', text: ask },
    { kind: 'choices', choices },
  ];
}

/** The hub's own question, after an operator closed the conversation. */
export function askForRating(
  conversation: ConversationId,
  thread: ThreadId,
  locale: Locale = 'ru',
): NewEvent<'message.sent'> {
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread,
      author: { kind: 'system' },
      kinds: ['text', 'choices'],
      offers: SCORES.length,
    },
    body: { content: [...ratingQuestion(conversation, texts[locale].ask, locale)] },
  };
}

/** What the client hears to their rating, where they gave it. */
export function thankForRating(thread: ThreadId, locale: Locale): NewEvent<'message.sent'> {
  return {
    type: 'message.sent',
    facts: { message: newId<MessageId>(), thread, author: { kind: 'system' }, kinds: ['text'] },
    body: { content: [{ kind: 'text', text: texts[locale].thanks }] },
  };
}

/** What a message says as an answer to the question; without a conversation it answers the last one that was asked about. */
export interface Rating {
  readonly conversation?: ConversationId;
  readonly score: Score;
}

const CHOICE = new RegExp(`^${PREFIX}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-5])$`);

/** The rating that a message may be: a choice of the question, its words, or a number from 1 to 5, and nothing besides. Pure. */
export function readRating({ content, past }: Pick<InboundMessage, 'content' | 'past'>): Rating | undefined {
  const [only, ...others] = content;
  if (past || others.length > 0) return undefined;
  if (only?.kind === 'choice') {
    const [, conversation, score] = CHOICE.exec(only.id) ?? [];
    return conversation && score
      ? { conversation: conversation as ConversationId, score: scoreOf(score) }
      : undefined;
  }
  if (only?.kind !== 'text') return undefined;
  const digit = /^\s*([1-5])[.)]?\s*$/.exec(only.text)?.[1];
  const score = digit ? scoreOf(digit) : SCORES.find((one) => isScore(only.text, one));
  return score && { score };
}

function isScore(said: string, score: Score): boolean {
  const words = said
    .trim()
    .replace(/[.!]+$/, '')
    .toLowerCase();
  return Object.values(texts).some(({ scores }) => scores[score - 1]?.toLowerCase() === words);
}

function scoreOf(digit: string): Score {
  return SCORES.find((score) => score === Number(digit)) ?? 1;
}
