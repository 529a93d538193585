import { newId } from './ids.ts';
import type { ContactView } from './model/contact.ts';
import { type Content, choicesIn } from './model/content.ts';
import type { Conversation } from './model/conversation.ts';
import type { NewEvent } from './model/events.ts';
import type { ActionId, ChannelId, MessageId, QueueId, ThreadId } from './model/ids.ts';
import type { Author, Owner } from './model/owner.ts';
import type { Decision, HandoffDecision, MessageDecision, Turn } from './model/turn.ts';
import { offerMove } from './moves.ts';
import type { PlacesElsewhere } from './places-elsewhere.ts';
import { ratingQuestion } from './rating.ts';

/** Where a handoff goes and what the operator is given; `say` is added where the bot itself said nothing. */
export interface HandoffPlan {
  readonly context: unknown;
  readonly queue: QueueId;
  /** It goes before the others of the queue. */
  readonly isUrgent?: boolean;
  readonly say?: readonly Content[];
}

/** Plans a handoff. Pure. */
export type PlanHandoff = (
  request: HandoffDecision,
  conversation: Conversation,
  contact: ContactView,
  channel: ChannelId,
  now: Date,
) => HandoffPlan;

/**
 * The events of a turn's decisions, in their order; ids are new. What is said after a handoff in the same turn is
 * said with the handoff's epoch, so the handoff does not cancel it.
 * Throws where the decisions contradict each other, which is a fault of the responder.
 */
export function eventsOf(
  turn: Turn,
  decisions: readonly Decision[],
  planHandoff: PlanHandoff,
  placesElsewhere: PlacesElsewhere = () => [],
): readonly NewEvent[] {
  const owner = turn.conversation.owner;
  if (owner.kind === 'bot' && decisions.filter(({ type }) => type === 'turn.completed').length !== 1) {
    throw new Error('a bot completes its turn exactly once');
  }
  const ends = decisions.filter(({ type }) => type === 'handoff.requested' || type === 'conversation.closed');
  if (ends.length > 1) throw new Error('a turn ends with at most one handoff or closing');
  return [...decisions]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((decision) => eventsOfOne(turn, decision, planHandoff, placesElsewhere));
}

/** The state comes first, what ends the dialogue last; the rest keeps its order. */
function rank({ type }: Decision): number {
  if (type === 'turn.completed') return 0;
  return type === 'conversation.closed' || type === 'handoff.requested' ? 2 : 1;
}

function eventsOfOne(
  turn: Turn,
  decision: Decision,
  planHandoff: PlanHandoff,
  placesElsewhere: PlacesElsewhere,
): readonly NewEvent[] {
  const { conversation, contact, now, seed, event } = turn;
  switch (decision.type) {
    case 'message.sent':
      return [saying(turn, decision)];
    case 'turn.completed': {
      const { model, intent, confidence, trail, state, understanding } = decision;
      const facts = {
        turn: event.seq,
        now: now.toISOString(),
        seed,
        model,
        intent,
        confidence,
        trail: [...trail],
      };
      return [{ type: 'turn.completed', facts, body: { state, understanding } }];
    }
    case 'action.requested': {
      const { call, name, parameters, needs, repeatable, timeoutMs } = decision;
      const identity = contact.identity.id;
      const facts = { action: newId<ActionId>(), call, name, identity, needs, repeatable, timeoutMs };
      return [{ type: 'action.requested', facts, body: { parameters: { ...parameters } } }];
    }
    case 'move.offered': {
      const { event, code, link } = offerMove({ kind: 'bot' }, now);
      const said = decision.text.replaceAll('{code}', code);
      const text = [said, ...placesElsewhere(link, contact.identity.channel, decision.locale)].join('\n');
      return [event, say(turn, [{ kind: 'text', text }], { kind: 'bot' }, { once: true })];
    }
    case 'rating.asked': {
      const content = ratingQuestion(conversation.id, decision.text, decision.locale);
      return [say(turn, content, { kind: 'bot' })];
    }
    case 'handoff.requested':
      return handOff(turn, decision, planHandoff);
    case 'urgency.raised':
      return [{ type: 'urgency.raised', facts: { reason: decision.reason, turn: event.seq } }];
    case 'timer.set': {
      const at = new Date(now.getTime() + decision.afterMs).toISOString();
      return [{ type: 'timer.set', facts: { timer: decision.timer, at } }];
    }
    case 'conversation.closed':
      return close(conversation, { kind: 'bot' }, decision.reason);
  }
}

/** The events of a handoff: the context package, the new owner, and what the client hears of it. */
export function handOff(turn: Turn, request: HandoffDecision, planHandoff: PlanHandoff): readonly NewEvent[] {
  const { conversation, contact, now } = turn;
  const planned = planHandoff(request, conversation, contact, contact.identity.channel, now);
  const facts = { reason: request.reason, ...(planned.isUrgent && { urgent: true as const }) };
  return [
    { type: 'handoff.requested', facts, body: { context: planned.context } },
    changeOwner(conversation, { kind: 'queue', queue: planned.queue }, { kind: 'bot' }, request.reason),
    ...(planned.say ? [say(turn, planned.say, { kind: 'bot' })] : []),
  ];
}

/** A change of owner, at the next epoch. */
export function changeOwner(
  conversation: Pick<Conversation, 'owner' | 'epoch'>,
  to: Owner,
  by: Extract<NewEvent, { type: 'owner.changed' }>['facts']['by'],
  reason: string,
): NewEvent {
  const facts = { from: conversation.owner, to, epoch: conversation.epoch + 1, by, reason };
  return { type: 'owner.changed', facts };
}

/** The end of a conversation: nobody owns it any more. */
export function close(
  conversation: Pick<Conversation, 'owner' | 'epoch'>,
  by: Extract<NewEvent, { type: 'owner.changed' }>['facts']['by'],
  reason: string,
): readonly NewEvent[] {
  return [
    changeOwner(conversation, { kind: 'nobody' }, by, reason),
    { type: 'conversation.closed', facts: { by, reason } },
  ];
}

/** What is said while people have it is the hub's word, not the bot's. */
function saying(turn: Turn, { content, passedOn, ...how }: MessageDecision): NewEvent {
  const author: Author = turn.conversation.owner.kind === 'bot' ? { kind: 'bot' } : { kind: 'system' };
  const said = say(turn, content, author, how);
  return passedOn ? { ...said, facts: { ...said.facts, passedOn } } : said;
}

function say(
  turn: Turn,
  content: readonly Content[],
  author: Author,
  { once, digits }: Pick<MessageDecision, 'once' | 'digits'> = {},
): NewEvent<'message.sent'> {
  const { event, conversation } = turn;
  const thread: ThreadId | undefined =
    event.type === 'message.received' ||
    event.type === 'thread.started' ||
    event.type === 'conversation.moved'
      ? event.facts.thread
      : conversation.thread;
  if (!thread) throw new Error(`conversation ${conversation.id} has no thread to answer on`);
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread,
      author,
      kinds: content.map(({ kind }) => kind),
      answers: event.seq,
      once,
      offers: choicesIn(content).length || undefined,
      digits,
    },
    body: { content: [...content] },
  };
}
