import type { ContactView, Locale } from '../gateway/model/contact.ts';
import type { Content } from '../gateway/model/content.ts';
import type { Conversation } from '../gateway/model/conversation.ts';
import type { ChannelId, QueueId } from '../gateway/model/ids.ts';
import type { HandoffDecision } from '../gateway/model/turn.ts';
import type { HandoffContext } from './context.ts';
import { DEFAULT_QUEUE } from './queues.ts';
import { shorten } from './shorten.ts';
import { summarize } from './summary.ts';
import { isUrgent } from './urgent.ts';

/** Where a handoff goes, what the operator is given, and what the client hears where the bot said nothing. */
export interface PlannedHandoff {
  readonly context: HandoffContext;
  readonly queue: QueueId;
  readonly isUrgent: boolean;
  readonly say?: readonly Content[];
}

// The package is stored with the conversation and read at a glance: a script gone wild must not make it long.
const MAX_SLOTS = 30;
const MAX_STEPS = 50;
const MAX_MISSES = 10;
const MAX_TEXT = 500;

/** Plans a handoff from the bot to people. Pure. */
export function planHandoff(
  request: HandoffDecision,
  conversation: Pick<Conversation, 'turn'>,
  contact: ContactView,
  channel: ChannelId,
  now: Date,
): PlannedHandoff {
  const locale = request.locale ?? conversation.turn.locale ?? contact.locale ?? 'ru';
  const { id, identity } = contact;
  const name = contact.name ?? identity.name ?? identity.username;
  const who = { contact: { id, name, evidence: identity.evidence }, channel, locale };
  return {
    context: packContext(request, who, now),
    queue: DEFAULT_QUEUE,
    isUrgent: isUrgent(request.reason),
    ...(request.reason === 'bot-failed' ? { say: [SORRY[locale]] } : {}),
  };
}

/** The package that an operator is given. */
export function packContext(
  request: HandoffDecision,
  who: Pick<HandoffContext, 'contact' | 'channel' | 'locale'>,
  now: Date,
): HandoffContext {
  return {
    reason: request.reason,
    summary: summarize(request, who.locale),
    intent: request.intent,
    slots: request.slots
      .slice(0, MAX_SLOTS)
      .map((slot) => ({ ...slot, value: shorten(slot.value, MAX_TEXT) })),
    steps: request.steps.slice(-MAX_STEPS).map((step) => ({ ...step })),
    misses: request.misses.slice(-MAX_MISSES).map((miss) => shorten(miss, MAX_TEXT)),
    ...who,
    at: now.toISOString(),
  };
}

const SORRY: Readonly<Record<Locale, Content>> = {
  ru: {
    kind: 'text',
    text: 'Сейчас я не могу ответить. Передаю диалог сотруднику, он увидит всю переписку.',
  },
  en: {
    kind: 'text',
    text: 'I cannot answer right now. I am passing you to a person, who will see the whole dialogue.',
  },
};
