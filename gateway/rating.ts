import type { InboundMessage } from './connectors/inbound.ts';
import { newId } from './ids.ts';
import type { Locale } from './model/contact.ts';
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
  },
  en: {
    ask: 'The conversation is closed. How did we help you?',
    scores: ['Very badly', 'Badly', 'Fairly', 'Well', 'Very well'],
  },
} as const satisfies Record<Locale, { readonly ask: string; readonly scores: readonly string[] }>;

/** The question how a conversation was, with five choices, worst first: in a numbered list the number is the score. */
export function askForRating(
  conversation: ConversationId,
  thread: ThreadId,
  locale: Locale = 'ru',
): NewEvent<'message.sent'> {
  const { ask, scores } = texts[locale];
  const choices = scores.map((text, index) => ({ id: `${PREFIX}${conversation}:${index + 1}`, text }));
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread,
      author: { kind: 'system' },
      kinds: ['text', 'choices'],
      offers: choices.length,
    },
    body: {
      content: [
        { kind: 'text', text: ask },
        { kind: 'choices', choices },
      ],
    },
  };
}

/** What a message says as an answer to the question; without a conversation it answers the last one that was asked about. */
export interface Rating {
  readonly conversation?: ConversationId;
  readonly score: Score;
}

const CHOICE = new RegExp(`^${PREFIX}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-5])$`);

/** The rating that a message may be: a choice of the question, or a number from 1 to 5 and nothing besides. Pure. */
export function readRating({ content, past }: InboundMessage): Rating | undefined {
  const [only, ...others] = content;
  if (past || others.length > 0) return undefined;
  if (only?.kind === 'choice') {
    const [, conversation, score] = CHOICE.exec(only.id) ?? [];
    return conversation && score
      ? { conversation: conversation as ConversationId, score: scoreOf(score) }
      : undefined;
  }
  const said = only?.kind === 'text' ? /^\s*([1-5])[.)]?\s*$/.exec(only.text)?.[1] : undefined;
  return said ? { score: scoreOf(said) } : undefined;
}

function scoreOf(digit: string): Score {
  return SCORES.find((score) => score === Number(digit)) ?? 1;
}
