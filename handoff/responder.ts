import type { Locale } from '../gateway/model/contact.ts';
import { type Content, readableText } from '../gateway/model/content.ts';
import type { Decision, Responder, Turn } from '../gateway/model/turn.ts';
import { isUrgent } from './urgent.ts';
import type { WaitingWords } from './waiting-words.ts';

/** The reason for which people should look at a message at once, such as `fraud`. Pure. */
export type ReasonAtOnce = (content: readonly Content[], locale: Locale | undefined) => string | undefined;

export interface DeskResponderParts {
  readonly reasonAtOnce: ReasonAtOnce;
  /** Without them, clients who wait hear nothing. */
  readonly words?: WaitingWords | undefined;
}

/**
 * Answers turns of conversations that people have, or nobody. Where an operator has it, the operator answers: it says
 * nothing by itself. To a client who waits in a queue it says once that what they write is passed on; what sounds
 * urgent moves them to the front.
 */
export function createDeskResponder({ reasonAtOnce, words }: DeskResponderParts): Responder {
  return {
    respond({ event, conversation, contact }: Turn): readonly Decision[] {
      if (event.type !== 'message.received' || conversation.owner.kind !== 'queue') return [];
      const { turn, epoch, urgent } = conversation;
      const content = event.body?.content ?? [];
      const known = event.facts.locale ?? turn.locale ?? contact.locale;
      const reason = urgent === undefined ? reasonAtOnce(content, known) : undefined;
      const isRaised = reason !== undefined && isUrgent(reason);
      const raised: readonly Decision[] = isRaised ? [{ type: 'urgency.raised', reason }] : [];
      if (!words || event.facts.optOut || (turn.passedOn === epoch && !isRaised)) return raised;
      const said = (isRaised ? words.urgent : words.passedOn)[spokenIn(content, known)];
      return [...raised, { type: 'message.sent', content: [{ kind: 'text', text: said }], passedOn: true }];
    },
  };
}

/** The language of what they write now, which may be another than their channel's. */
function spokenIn(content: readonly Content[], known: Locale | undefined): Locale {
  const text = readableText(content);
  if (/\p{Script=Cyrillic}/u.test(text)) return 'ru';
  return known ?? (/\p{Script=Latin}/u.test(text) ? 'en' : 'ru');
}
