import { changeOwner } from './decide-turn.ts';
import type { Evidence } from './model/contact.ts';
import type { Content } from './model/content.ts';
import type { Conversation } from './model/conversation.ts';
import type { NewEvent } from './model/events.ts';
import type { ContactId, IdentityId, ThreadId } from './model/ids.ts';
import type { Actor } from './model/owner.ts';

/** One of two contacts that prove to be one person. */
export interface Side {
  readonly contact: ContactId;
  /** Its open conversation, and when something last happened there. */
  readonly open?: { readonly conversation: Conversation; readonly lastAt: Date };
}

/** Why two contacts are one. */
export interface LinkReason {
  readonly evidence: Evidence;
  /** `move-link`, `move-code`, `same-customer`. */
  readonly how: string;
  readonly by: Actor;
}

/** `closes`: the conversation of the contact that goes ends in favour of the other; else both stay open. */
export interface Joined<S extends Side> {
  readonly stays: S;
  readonly goes: S;
  readonly closes: boolean;
}

/**
 * Which of two contacts takes the other in. Of two open conversations the one that is less with people ends, else the
 * less recent; where an operator speaks in both, both stay open and what the client writes goes to the more recent.
 * Pure, and the same whichever way round it is asked.
 */
export function join<S extends Side>(one: S, other: S): Joined<S> {
  const [stays, goes] = comesBefore(one, other) ? [one, other] : [other, one];
  const bothHeld = isHeld(stays) && isHeld(goes);
  return { stays, goes, closes: goes.open !== undefined && !bothHeld };
}

function comesBefore(one: Side, other: Side): boolean {
  if (one.open && other.open) {
    const more = rank(one.open.conversation) - rank(other.open.conversation);
    if (more !== 0) return more > 0;
    const later = one.open.lastAt.getTime() - other.open.lastAt.getTime();
    if (later !== 0) return later > 0;
  } else if (one.open || other.open) return one.open !== undefined;
  // Ids are time-ordered: the older contact.
  return one.contact < other.contact;
}

const RANK = { operator: 2, queue: 1, bot: 0, nobody: 0 } as const;
const rank = ({ owner }: Conversation) => RANK[owner.kind];
const isHeld = ({ open }: Side) => open?.conversation.owner.kind === 'operator';

/** The end of a conversation that goes on in another. */
export function continueIn(ends: Conversation, into: Conversation, by: Actor): readonly NewEvent[] {
  return [
    changeOwner(ends, { kind: 'nobody' }, by, 'continued'),
    { type: 'conversation.continued', facts: { by, in: into.id } },
  ];
}

/** What goes over from the conversation that ends; `said`: what the client wrote there and nobody answered yet. */
export function carry(
  ends: Conversation,
  said: readonly { readonly content: readonly Content[]; readonly thread: ThreadId }[],
): NewEvent {
  return {
    type: 'context.carried',
    facts: { from: ends.id, thread: said.at(-1)?.thread, unanswered: said.length },
    body: { bot: ends.turn.bot, said: said.flatMap(({ content }) => content) },
  };
}

/** The links themselves, one an identity. `secondary`: for a conversation that stays open beside the one that goes on. */
export function linksOf(
  identities: readonly IdentityId[],
  { stays, goes }: Joined<Side>,
  { evidence, how, by }: LinkReason,
  secondary = false,
): readonly NewEvent[] {
  return identities.map((identity) => ({
    type: 'identity.linked',
    facts: {
      identity,
      from: goes.contact,
      to: stays.contact,
      evidence,
      how,
      by,
      in: stays.open?.conversation.id,
      ...(secondary && { secondary: true as const }),
    },
  }));
}
