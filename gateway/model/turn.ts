import type { ContactView, Evidence, Locale } from './contact.ts';
import type { Content } from './content.ts';
import type { Conversation } from './conversation.ts';
import type { Event, TrailEntry } from './events.ts';

/** All that a decision may depend on: the same turn always gets the same answer. */
export interface Turn {
  /** Of a type for which `asksForTurn` is true. */
  readonly event: Event;
  /** The conversation with every event up to now applied, this one included. */
  readonly conversation: Conversation;
  readonly contact: ContactView;
  readonly now: Date;
  /** Whole number from 0 to 2^31 - 1; the only source of chance, such as a choice between wordings. */
  readonly seed: number;
}

/**
 * Decides turns for an owner. It writes nothing, calls nothing and keeps nothing between turns.
 * It may answer synchronously, so that a turn can be folded into the commit of its message.
 * A responder that throws is asked again; after three failures the conversation goes to people.
 */
export interface Responder {
  respond(turn: Turn): readonly Decision[] | Promise<readonly Decision[]>;
}

/**
 * What a responder may decide: events without what only the hub knows (ids, threads, epochs, numbers).
 * They take effect together or not at all, in the order given.
 */
export type Decision =
  | MessageDecision
  | TurnDecision
  | ActionDecision
  | HandoffDecision
  | UrgencyDecision
  | MoveDecision
  | RatingDecision
  | { readonly type: 'timer.set'; readonly timer: string; readonly afterMs: number }
  | { readonly type: 'conversation.closed'; readonly reason: string };

/** Said on the thread of the turn's event. */
export interface MessageDecision {
  readonly type: 'message.sent';
  readonly content: readonly Content[];
  /** Never resend by itself after an unknown outcome. */
  readonly once?: boolean;
  /** It tells a client who waits that what they write is passed on; they hear it once a wait. */
  readonly passedOn?: true;
  /** It asks for a number of so many digits. */
  readonly digits?: number;
}

/** The bot's next private state and how it got there. A bot's decision holds exactly one. */
export interface TurnDecision {
  readonly type: 'turn.completed';
  /** JSON; small, since it is stored with each turn. */
  readonly state: unknown;
  readonly understanding?: unknown;
  readonly model?: string;
  readonly intent?: string;
  readonly confidence?: number;
  readonly trail: readonly TrailEntry[];
}

/** A call outside. Its `action.completed` or `action.unknown` starts a turn of its own. */
export interface ActionDecision {
  readonly type: 'action.requested';
  /** The bot's own word for this call, returned with its result; unique within the conversation. */
  readonly call: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The hub refuses the call where the identity's evidence is weaker, whatever the script believed. */
  readonly needs: Evidence | 'nothing';
  /** False: never called twice; a lost answer becomes `action.unknown`. */
  readonly repeatable: boolean;
  readonly timeoutMs: number;
}

/**
 * Gives the client a one-time code with which the conversation goes on elsewhere; `{code}` stands for it in the text, and
 * the hub adds a line, in `locale`, for each channel that has a link or a number to call.
 */
export interface MoveDecision {
  readonly type: 'move.offered';
  readonly text: string;
  readonly locale: Locale;
}

/** Asks how the conversation was; the hub adds five choices, and takes the answer as the conversation's rating. */
export interface RatingDecision {
  readonly type: 'rating.asked';
  readonly text: string;
  readonly locale: Locale;
}

/** Of a client who waits: they go before the others of their queue. */
export interface UrgencyDecision {
  readonly type: 'urgency.raised';
  /** Such as `fraud`. */
  readonly reason: string;
}

/** The bot's part of the context package; the handoff module adds the rest. */
export interface HandoffDecision {
  readonly type: 'handoff.requested';
  /** `asked`, `not-understood`, `fraud`, `bank-unavailable`, `outcome-unknown`, `script`, `bot-failed`. */
  readonly reason: string;
  /** The language in which the client speaks with the bot. */
  readonly locale?: Locale;
  readonly intent?: string;
  /** Slots as people read them. */
  readonly slots: readonly { readonly name: string; readonly title: string; readonly value: string }[];
  /** What was done for the client, oldest first: script and step with its outcome. */
  readonly steps: readonly { readonly script: string; readonly step: string; readonly outcome?: string }[];
  /** Texts that the bot did not understand, oldest first. */
  readonly misses: readonly string[];
}
