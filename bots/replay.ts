import { eventsOf, type PlanHandoff } from '../gateway/decide-turn.ts';
import type { ContactView, Evidence, Identity } from '../gateway/model/contact.ts';
import { choicesIn, readableText } from '../gateway/model/content.ts';
import { apply, emptyConversation } from '../gateway/model/conversation.ts';
import type { Event, NewEvent } from '../gateway/model/events.ts';
import type { ContactId, ConversationId, IdentityId } from '../gateway/model/ids.ts';
import type { Responder } from '../gateway/model/turn.ts';

/** A conversation of the log, whole and in order, with who its contact is now. */
export interface Recorded {
  readonly id: ConversationId;
  readonly contact: ContactId;
  readonly identities: readonly Identity[];
  readonly events: readonly Event[];
}

/** A turn that is answered otherwise than it was. */
export interface ChangedTurn {
  /** Number of the event that asked for an answer. */
  readonly seq: number;
  /** What the client said, where it was the client. */
  readonly asked: string;
  /** What was decided then, and what would be now, a line for each: words, calls, a handoff. */
  readonly was: readonly string[];
  readonly now: readonly string[];
}

export interface Replayed {
  readonly turns: number;
  readonly changed: readonly ChangedTurn[];
}

/**
 * Asks a bot for each turn of the bot that was, under what was recorded of it: the event, the state before it, the time and
 * the seed. So a turn that is answered otherwise does not change the ones after it, which go on from what was said then.
 * Nothing is stored, sent or called. Turns whose words were erased, and those of a responder that answers later, are not
 * asked. What `evidence` somebody had is taken from the log where it changed in this conversation, else from today.
 */
export function replayConversation(
  { id, contact, identities, events }: Recorded,
  bot: Responder,
  planHandoff: PlanHandoff,
): Replayed {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const changed: ChangedTurn[] = [];
  let turns = 0;
  let conversation = emptyConversation(id, contact);
  let identity: IdentityId | undefined;
  for (const [index, event] of events.entries()) {
    if ('identity' in event.facts) ({ identity } = event.facts);
    const asked = event.type === 'turn.completed' ? bySeq.get(event.facts.turn) : undefined;
    if (event.type === 'turn.completed' && asked && conversation.owner.kind === 'bot' && !isErased(asked)) {
      const view = viewOf(contact, identities, identity, events.slice(index));
      const { now, seed } = event.facts;
      const turn = { event: asked, conversation, contact: view, now: new Date(now), seed };
      const decisions = bot.respond(turn);
      if (!(decisions instanceof Promise)) {
        turns++;
        const was = linesOf(decidedWith(events, index));
        const would = linesOf(eventsOf(turn, decisions, planHandoff));
        if (was.join('\n') !== would.join('\n'))
          changed.push({ seq: asked.seq, asked: wordsOf(asked), was, now: would });
      }
    }
    conversation = apply(conversation, event);
  }
  return { turns, changed };
}

/** Of what a client says; what else asks for a turn has no words. */
function isErased(event: Event): boolean {
  return event.type === 'message.received' && event.body === undefined;
}

function wordsOf(event: Event): string {
  return event.type === 'message.received' ? readableText(event.body?.content ?? []) : `(${event.type})`;
}

/** Who the contact was: what they proved later in this conversation they had not proved yet. */
function viewOf(
  id: ContactId,
  identities: readonly Identity[],
  identity: IdentityId | undefined,
  later: readonly Event[],
): ContactView {
  const known = identities.find((one) => one.id === identity) ?? identities[0];
  const isProvedLater = later.some(
    (event) => event.type === 'identity.proved' && event.facts.identity === known?.id,
  );
  const evidence: Evidence = isProvedLater ? 'claimed' : (known?.evidence ?? 'claimed');
  if (!known) throw new Error(`contact ${id} has no identity`);
  return { id, ...(known.name !== undefined && { name: known.name }), identity: { ...known, evidence } };
}

/** What is committed with a turn, behind it in the log. */
const DECIDED: ReadonlySet<Event['type']> = new Set([
  'message.sent',
  'move.offered',
  'action.requested',
  'timer.set',
  'handoff.requested',
  'owner.changed',
  'conversation.closed',
  'urgency.raised',
]);

function decidedWith(events: readonly Event[], index: number): readonly Event[] {
  const after = events.slice(index + 1);
  const end = after.findIndex(({ type }) => !DECIDED.has(type));
  return end < 0 ? after : after.slice(0, end);
}

/** What people see of decisions. A code differs each time, so that only that one was offered is told. */
function linesOf(events: readonly (Event | NewEvent)[]): string[] {
  const isMove = events.some(({ type }) => type === 'move.offered');
  return events.flatMap((event) => {
    switch (event.type) {
      case 'message.sent': {
        if (isMove) return ['< (a code with which the dialogue goes on elsewhere)'];
        const content = event.body?.content ?? [];
        const buttons = choicesIn(content).map(({ text }) => `[${text}]`);
        return [`< ${[readableText(content), ...buttons].join(' ')}`];
      }
      case 'action.requested': {
        const parameters = Object.entries(event.body?.parameters ?? {});
        return [
          ['·', event.facts.name, ...parameters.map(([key, value]) => `${key}=${String(value)}`)].join(' '),
        ];
      }
      case 'handoff.requested':
        return [`· handoff: ${event.facts.reason}`];
      case 'conversation.closed':
        return ['· closed'];
      default:
        return [];
    }
  });
}
