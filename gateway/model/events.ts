import type { Evidence, Locale } from './contact.ts';
import type { Content, ContentKind } from './content.ts';
import type {
  ActionId,
  ChannelId,
  ContactId,
  ConversationId,
  IdentityId,
  MessageId,
  MoveId,
  OperatorId,
  ThreadId,
} from './ids.ts';
import type { Actor, Author, Owner } from './owner.ts';

/**
 * What can happen to a conversation: `facts` hold ids, kinds, times and counts and are never personal;
 * `body` holds what erasure removes (text, names, slot values, the bot's state).
 * A new field is optional or comes with a higher number in SCHEMA and an upcaster.
 */
export interface EventShapes {
  'conversation.opened': { facts: { contact: ContactId; previous?: ConversationId }; body?: undefined };
  /** `base` + seq of this conversation is the position in the thread that its client sees; see client-view.ts. */
  'thread.bound': {
    facts: {
      thread: ThreadId;
      channel: ChannelId;
      identity: IdentityId;
      base: number;
      /** The client wrote nothing there now: it came over from another conversation, or an operator writes there. */
      rebound?: true;
    };
    body?: undefined;
  };
  /** The contact opened the dialogue without a message, such as Telegram's `/start PAYLOAD`. */
  'thread.started': {
    facts: { thread: ThreadId; identity: IdentityId; locale?: Locale };
    body?: { payload?: string };
  };
  'message.received': {
    facts: {
      message: MessageId;
      thread: ThreadId;
      identity: IdentityId;
      channel: ChannelId;
      kinds: ContentKind[];
      locale?: Locale;
      /** When the network says that it was sent, ISO 8601. */
      sentAt?: string;
      /** Said before and elsewhere, such as in a call that is over: nobody answers it. */
      past?: true;
      /** The message says that its sender wants no more messages here, or wants them again. */
      optOut?: 'out' | 'in';
      /** Shown together with the messages before it that have the same; only the first of them asks for an answer. */
      album?: string;
      /** The message that the client answers by it, where we know that one. */
      repliesTo?: MessageId;
      /** It is the new wording of a message that we never got. */
      edited?: true;
      /** It says nothing but the code that brought the conversation here: nobody answers it. */
      moves?: true;
    };
    /** `externalId`: the network's id of it, by which an edit, a reaction or a reply names it. */
    body?: { content: Content[]; raw?: unknown; clientId?: string; externalId?: string };
  };
  'message.sent': {
    facts: {
      message: MessageId;
      thread: ThreadId;
      author: Author;
      kinds: ContentKind[];
      /** Sequence number of what it answers. */
      answers?: number;
      /** Never resend it by itself after an unknown outcome (one-time codes). */
      once?: boolean;
      repliesTo?: MessageId;
      /** How many quick replies it offers. */
      offers?: number;
      /** It asks for a number of so many digits, which in a call may be dictated or keyed in pieces. */
      digits?: number;
      /** The message that a person had sent again, since nobody knows that the contact has it. */
      repeats?: MessageId;
      /** It tells a client who waits that what they write is passed on. */
      passedOn?: true;
    };
    body?: { content: Content[]; clientId?: string };
  };
  /** New words for a message of this conversation; the old ones stay in the log. `of` is the message's number. */
  'message.edited': {
    facts: { message: MessageId; of: number; by: Actor; kinds: ContentKind[]; carried?: Carried };
    body?: { content: Content[]; raw?: unknown };
  };
  /** Taken back where the network shows it; its words stay in the log. */
  'message.deleted': {
    facts: { message: MessageId; of: number; by: Actor; carried?: Carried };
    body?: undefined;
  };
  /** The contact spoke over a message of ours; `heard` is how far it came, `characters` its length. */
  'message.interrupted': {
    facts: { message: MessageId; of: number; by: Actor; characters: number };
    body?: { heard: string };
  };
  /** All that stands under the message now from this actor; empty: taken back. */
  'reaction.changed': {
    facts: { message: MessageId; of: number; by: Actor; carried?: Carried };
    body?: { emoji: string[] };
  };
  /** What a person of ours says that the client's message with the number `of` was about; null: taken back. */
  'message.labelled': {
    facts: { message: MessageId; of: number; by: Actor; intent: string | null };
    body?: undefined;
  };
  'note.added': {
    facts: { message: MessageId; operator: OperatorId };
    body?: { text: string; clientId?: string };
  };
  /** A bot's turn, with all that decided it, so that it can be replayed. */
  'turn.completed': {
    facts: {
      turn: number;
      now: string;
      seed: number;
      model?: string;
      intent?: string;
      confidence?: number;
      /** Steps entered and left, in order. */
      trail: TrailEntry[];
    };
    body?: { state: unknown; understanding?: unknown };
  };
  /** A decision that came too late: what it was decided under no longer held. Nothing of it was sent. */
  'turn.dropped': {
    facts: { turn: number; decidedUnder: { epoch: number; version: number } };
    body?: undefined;
  };
  /** The responder failed on this turn; the conversation went to people. */
  'turn.failed': { facts: { turn: number; attempts: number }; body?: { error: string } };
  'action.requested': {
    facts: {
      action: ActionId;
      /** The bot's own word for this call. */
      call: string;
      name: string;
      identity: IdentityId;
      needs: Evidence | 'nothing';
      repeatable: boolean;
      timeoutMs: number;
    };
    body?: { parameters: Record<string, unknown> };
  };
  'action.completed': {
    facts: {
      action: ActionId;
      call: string;
      /** `refused`: the bank understood and said no (`code` says why); `failed`: it certainly was not done. */
      outcome: 'done' | 'refused' | 'failed';
      code?: string;
    };
    body?: { result: unknown };
  };
  /** The call may or may not have taken effect. */
  'action.unknown': { facts: { action: ActionId; call: string; reason: string }; body?: undefined };
  'identity.proved': {
    facts: { identity: IdentityId; evidence: Evidence; how: string };
    body?: { customer: string };
  };
  /** `context` is the handoff package, checked by the handoff module's schema. */
  'handoff.requested': {
    facts: {
      reason: string;
      /** It goes before the others of its queue. */
      urgent?: true;
    };
    body?: { context: unknown };
  };
  /** What the client wrote while they waited makes it urgent; `turn`: the number of that message. */
  'urgency.raised': { facts: { reason: string; turn: number }; body?: undefined };
  'owner.changed': {
    facts: { from: Owner; to: Owner; epoch: number; by: Actor; reason: string };
    body?: undefined;
  };
  'timer.set': { facts: { timer: string; at: string }; body?: undefined };
  'timer.fired': { facts: { timer: string }; body?: undefined };
  'conversation.closed': { facts: { by: Actor; reason: string }; body?: undefined };
  /** The client said how it was, from 1, very bad, to 5; once, and also long after its end. */
  'conversation.rated': {
    facts: { thread: ThreadId; identity: IdentityId; channel: ChannelId; score: 1 | 2 | 3 | 4 | 5 };
    body?: { content: Content[]; clientId?: string };
  };
  /** Closed because its contact was linked with another, whose open conversation goes on with it. */
  'conversation.continued': { facts: { by: Actor; in: ConversationId }; body?: undefined };
  /** What a conversation that goes on here knew: the bot's state, and what nobody had answered yet. */
  'context.carried': {
    facts: { from: ConversationId; thread?: ThreadId; unanswered: number };
    body?: { bot?: unknown; said: Content[] };
  };
  /** An identity goes from one contact to another; `in`: the conversation in which the client goes on. */
  'identity.linked': {
    facts: {
      identity: IdentityId;
      from: ContactId;
      to: ContactId;
      evidence: Evidence;
      how: string;
      by: Actor;
      in?: ConversationId;
      /** This conversation stays open beside the one in which the client goes on. */
      secondary?: true;
    };
    body?: undefined;
  };
  /** A link was undone. `thread`: where the conversation's contact wrote last. */
  'identity.unlinked': {
    facts: { identity: IdentityId; from: ContactId; to: ContactId; by: Actor; thread?: ThreadId };
    body?: undefined;
  };
  /** The client was given a link and a code to go on elsewhere; hashes of both, see moves.ts. */
  'move.offered': {
    facts: { move: MoveId; by: Actor; until: string };
    body?: { link: string; code: string; bucket: string };
  };
  /** The client came with such a link or code: the conversation goes on where they came. */
  'conversation.moved': {
    facts: {
      move: MoveId;
      identity: IdentityId;
      thread: ThreadId;
      channel: ChannelId;
      from: ChannelId;
      how: 'link' | 'code';
      /** What the place where they came speaks, where it says so. */
      locale?: Locale;
    };
    body?: undefined;
  };
}

export type EventType = keyof EventShapes;

/** Of a revision by people of ours: it goes out by a delivery of its own, where its message stands. */
export interface Carried {
  /** The delivery's own `message`: what is said of that message is not said of this one. */
  readonly message: MessageId;
  readonly thread: ThreadId;
}

/** `outcome` is set where a step or a script ends: `filled`, `confirmed`, `cancelled`, `failed`, … */
export interface TrailEntry {
  readonly script: string;
  readonly step: string;
  readonly what: 'entered' | 'left';
  readonly outcome?: string;
}

/** An event that is to be stored. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    readonly facts: EventShapes[K]['facts'];
    readonly body?: EventShapes[K]['body'];
  };
}[T];

/** An event as stored; `body` is undefined where there was none or where it was erased. */
export type Event<T extends EventType = EventType> = NewEvent<T> & {
  readonly conversation: ConversationId;
  readonly seq: number;
  readonly at: Date;
};

/** What changes a message that was said. */
export type RevisionType = 'message.edited' | 'message.deleted' | 'reaction.changed';

/** What goes out of an event, if anything: where, and the `message` of its delivery. */
export function carriedBy(event: NewEvent): Carried | undefined {
  switch (event.type) {
    case 'message.sent':
      return event.facts;
    case 'message.edited':
    case 'message.deleted':
    case 'reaction.changed':
      return event.facts.carried;
    default:
      return undefined;
  }
}

/** The schema number that an event of each type is written with. */
export const SCHEMA = {
  'conversation.opened': 1,
  'thread.bound': 1,
  'thread.started': 1,
  'message.received': 1,
  'message.sent': 1,
  'message.edited': 1,
  'message.deleted': 1,
  'message.interrupted': 1,
  'reaction.changed': 1,
  'message.labelled': 1,
  'note.added': 1,
  'turn.completed': 1,
  'turn.dropped': 1,
  'turn.failed': 1,
  'action.requested': 1,
  'action.completed': 1,
  'action.unknown': 1,
  'identity.proved': 1,
  'handoff.requested': 1,
  'urgency.raised': 1,
  'owner.changed': 1,
  'timer.set': 1,
  'timer.fired': 1,
  'conversation.closed': 1,
  'conversation.rated': 1,
  'conversation.continued': 1,
  'context.carried': 1,
  'identity.linked': 1,
  'identity.unlinked': 1,
  'move.offered': 1,
  'conversation.moved': 1,
} as const satisfies Record<EventType, number>;

/** True for what asks for an answer and so starts a turn. */
export function asksForTurn(event: NewEvent): boolean {
  switch (event.type) {
    case 'message.received':
      return event.facts.past !== true && event.facts.moves !== true;
    case 'thread.started':
    case 'timer.fired':
    case 'action.completed':
    case 'action.unknown':
    case 'conversation.moved':
      return true;
    case 'context.carried':
      return event.facts.unanswered > 0;
    case 'owner.changed':
      return event.facts.to.kind === 'bot';
    default:
      return false;
  }
}
