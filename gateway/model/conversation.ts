import type { Locale } from './contact.ts';
import { type Choice, type Content, choicesIn } from './content.ts';
import type { Event, EventShapes } from './events.ts';
import type { ActionId, ContactId, ConversationId, ThreadId } from './ids.ts';
import { isWithPeople, type Owner } from './owner.ts';

/** What a conversation is after its events: the fold of its log, and nothing besides. */
export interface Conversation {
  readonly id: ConversationId;
  readonly contact: ContactId;
  readonly previous?: ConversationId;
  readonly status: 'open' | 'closed';
  /** Number of the last event; events are numbered from 1 without gaps. */
  readonly seq: number;
  /** Rises with every change of `turn` that a running turn must see. A turn's answer is valid only for the version it was decided under. */
  readonly version: number;
  /** Rises with every change of owner. */
  readonly epoch: number;
  /** The epoch of the last handoff from bot to people. No attempt of a bot's message of a lower epoch is marked. */
  readonly fence: number;
  readonly owner: Owner;
  /** Where the contact wrote last: an operator's reply goes there. */
  readonly thread?: ThreadId;
  /** Why it goes before the others of its queue, such as `fraud`, until a bot has it again. */
  readonly urgent?: string;
  readonly turn: TurnState;
}

/** The part that turns read and write. Erasable: it holds the bot's slots and the results of actions. */
export interface TurnState {
  readonly locale?: Locale;
  /** The bot's private state, which only the runner reads. */
  readonly bot?: unknown;
  /** Actions that were requested and whose result the bot has not yet used. */
  readonly actions: Readonly<Record<ActionId, ActionState>>;
  /** The quick replies that were offered last, until something else is said on that thread in a later turn. */
  readonly offered?: Offered;
  /** The album that the contact sent last, and the number of its first message. */
  readonly album?: { readonly id: string; readonly first: number };
  /** The newest wording, by number, of messages that were edited and that no turn has answered since. */
  readonly edits?: Readonly<Record<number, readonly Content[]>>;
  /** The epoch of the wait in which the client heard that what they write is passed on. */
  readonly passedOn?: number;
  /** The bot's states of conversations that go on in this one, until a turn has taken them over. */
  readonly carried?: readonly unknown[];
}

export interface Offered {
  readonly thread: ThreadId;
  /** Number of the event that the message with the quick replies answered. */
  readonly answers?: number;
  readonly choices: readonly Choice[];
}

export interface ActionState {
  /** The bot's own word for this call. */
  readonly call: string;
  readonly name: string;
  readonly state: 'requested' | EventShapes['action.completed']['facts']['outcome'] | 'unknown';
  /** Number of the event that told how it ended. */
  readonly endedAt?: number;
  readonly code?: string;
  readonly result?: unknown;
}

/** A conversation before its first event. */
export function emptyConversation(id: ConversationId, contact: ContactId): Conversation {
  return {
    id,
    contact,
    status: 'open',
    seq: 0,
    version: 0,
    epoch: 0,
    fence: 0,
    owner: { kind: 'bot' },
    turn: { actions: {} },
  };
}

/** The conversation after one more event. Pure; throws only where the log has a gap, which `verify` reports. */
export function apply(before: Conversation, event: Event): Conversation {
  if (event.seq !== before.seq + 1) {
    throw new Error(`conversation ${before.id}: event ${event.seq} follows ${before.seq}`);
  }
  const after = { ...before, seq: event.seq };
  switch (event.type) {
    case 'conversation.opened':
      return event.facts.previous ? { ...after, previous: event.facts.previous } : after;
    case 'thread.bound':
      return event.facts.rebound ? after : { ...after, thread: event.facts.thread };
    case 'thread.started':
      return withLocale({ ...after, thread: event.facts.thread }, event.facts.locale);
    case 'message.received': {
      const { thread, locale, album } = event.facts;
      return withLocale(album ? withAlbum({ ...after, thread }, album) : { ...after, thread }, locale);
    }
    case 'turn.completed': {
      // A result is used once: what had come by this turn goes; what is under way, or came later, stays.
      const actions = Object.fromEntries(
        Object.entries(after.turn.actions).filter(
          ([, { endedAt }]) => !endedAt || endedAt > event.facts.turn,
        ),
      );
      const edits = laterThan(event.facts.turn, after.turn.edits);
      return withTurn(after, { ...after.turn, actions, bot: event.body?.state, edits, carried: undefined });
    }
    case 'message.sent':
      return withPassedOn(withOffered(after, event), event);
    case 'message.edited':
      return withEdit(after, event);
    case 'action.requested':
      return withAction(after, event.facts.action, {
        call: event.facts.call,
        name: event.facts.name,
        state: 'requested',
      });
    case 'action.completed': {
      const { action, call, outcome, code } = event.facts;
      const name = nameOf(after, action);
      const result = event.body?.result;
      return withAction(after, action, { call, name, state: outcome, endedAt: event.seq, code, result });
    }
    case 'action.unknown': {
      const { action, call, reason } = event.facts;
      const name = nameOf(after, action);
      return withAction(after, action, { call, name, state: 'unknown', endedAt: event.seq, code: reason });
    }
    case 'owner.changed': {
      const { from, to, epoch } = event.facts;
      const fence = from.kind === 'bot' && isWithPeople(to) ? epoch : after.fence;
      return { ...after, owner: to, epoch, fence, ...(to.kind === 'bot' && { urgent: undefined }) };
    }
    case 'conversation.closed':
    case 'conversation.continued':
      return { ...after, status: 'closed' };
    case 'context.carried':
      return withCarried(after, event);
    case 'conversation.moved':
      return inLocale({ ...after, thread: event.facts.thread }, event.facts.locale);
    case 'identity.unlinked':
      return { ...after, thread: event.facts.thread };
    case 'handoff.requested':
      return { ...after, urgent: event.facts.urgent ? event.facts.reason : undefined };
    case 'urgency.raised':
      return { ...after, urgent: event.facts.reason };
    case 'conversation.rated':
    case 'message.deleted':
    case 'message.interrupted':
    case 'reaction.changed':
    case 'message.labelled':
    case 'note.added':
    case 'turn.dropped':
    case 'turn.failed':
    case 'identity.proved':
    case 'identity.linked':
    case 'move.offered':
    case 'timer.set':
    case 'timer.fired':
      return after;
  }
}

function withTurn(conversation: Conversation, turn: TurnState): Conversation {
  return { ...conversation, version: conversation.version + 1, turn };
}

/** A turn that runs without it is stale: the version rises. */
function withCarried(conversation: Conversation, { facts, body }: Event<'context.carried'>): Conversation {
  const { turn } = conversation;
  const carried = body?.bot === undefined ? turn.carried : [...(turn.carried ?? []), body.bot];
  return withTurn({ ...conversation, thread: facts.thread ?? conversation.thread }, { ...turn, carried });
}

function nameOf(conversation: Conversation, id: ActionId): string {
  return conversation.turn.actions[id]?.name ?? '';
}

function withAction(conversation: Conversation, id: ActionId, action: ActionState): Conversation {
  const { turn } = conversation;
  return withTurn(conversation, { ...turn, actions: { ...turn.actions, [id]: action } });
}

function withLocale(conversation: Conversation, locale: Locale | undefined): Conversation {
  if (!locale || conversation.turn.locale) return conversation;
  // The first locale is known before any turn ran, so no version rises for it.
  return { ...conversation, turn: { ...conversation.turn, locale } };
}

/** The client went on to a page in another language; a turn that runs in the one before is stale. */
function inLocale(conversation: Conversation, locale: Locale | undefined): Conversation {
  const { turn } = conversation;
  return locale && turn.locale !== locale ? withTurn(conversation, { ...turn, locale }) : conversation;
}

function withAlbum(conversation: Conversation, id: string): Conversation {
  const { turn, seq } = conversation;
  return turn.album?.id === id
    ? conversation
    : { ...conversation, turn: { ...turn, album: { id, first: seq } } };
}

function withOffered(conversation: Conversation, { facts, body }: Event<'message.sent'>): Conversation {
  const { turn } = conversation;
  const { thread, answers, offers } = facts;
  // What is offered decides no turn that runs already, so no version rises for it.
  if (offers) {
    const offered = { thread, answers, choices: choicesIn(body?.content ?? []) };
    return { ...conversation, turn: { ...turn, offered } };
  }
  if (!turn.offered || turn.offered.thread !== thread || turn.offered.answers === answers)
    return conversation;
  return { ...conversation, turn: { ...turn, offered: undefined } };
}

/** It decides no turn that runs already, so no version rises for it. */
function withPassedOn(conversation: Conversation, { facts }: Event<'message.sent'>): Conversation {
  if (!facts.passedOn) return conversation;
  return { ...conversation, turn: { ...conversation.turn, passedOn: conversation.epoch } };
}

/** A turn that runs on the old words of its message is stale with the new ones: the version rises. */
function withEdit(conversation: Conversation, { facts, body }: Event<'message.edited'>): Conversation {
  const { turn, owner } = conversation;
  if (facts.by.kind !== 'contact' || owner.kind !== 'bot') return conversation;
  return withTurn(conversation, { ...turn, edits: { ...turn.edits, [facts.of]: body?.content ?? [] } });
}

function laterThan(seq: number, edits: TurnState['edits']): TurnState['edits'] {
  if (!edits) return undefined;
  const later = Object.entries(edits).filter(([of]) => Number(of) > seq);
  return later.length > 0 ? Object.fromEntries(later) : undefined;
}
