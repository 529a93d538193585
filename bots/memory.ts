import type { ActionResult, PerformAction } from '../gateway/actions.ts';
import { changeOwner, eventsOf, type PlanHandoff } from '../gateway/decide-turn.ts';
import { newId } from '../gateway/ids.ts';
import type { ContactView, Evidence, Locale } from '../gateway/model/contact.ts';
import type { Choice, Content } from '../gateway/model/content.ts';
import { apply, type Conversation, emptyConversation } from '../gateway/model/conversation.ts';
import { asksForTurn, type Event, type NewEvent } from '../gateway/model/events.ts';
import type {
  ChannelId,
  ContactId,
  ConversationId,
  IdentityId,
  MessageId,
  ThreadId,
} from '../gateway/model/ids.ts';
import { readRating, type Score, thankForRating } from '../gateway/rating.ts';
import type { BotResponder } from './responder.ts';

/** What a conversation without a network shows, in order. */
export type Shown =
  | {
      readonly type: 'message';
      readonly text: string;
      readonly choices?: readonly Choice[];
      readonly asks?: string;
    }
  | { readonly type: 'action'; readonly name: string; readonly parameters: Readonly<Record<string, unknown>> }
  | { readonly type: 'handoff'; readonly reason: string; readonly context: unknown }
  | { readonly type: 'end' };

interface MemoryParts {
  readonly responder: BotResponder;
  readonly perform: PerformAction;
  readonly planHandoff: PlanHandoff;
  /** Whose conversation it is; a client who is only claimed has no customer. */
  readonly client: { readonly evidence: Evidence; readonly customer?: string; readonly name?: string };
  readonly locale?: Locale;
  readonly now: () => Date;
  readonly seed: () => number;
}

/** One conversation in memory: the events, turns and fold of the hub, without store, network and deliveries. */
export class MemoryConversation {
  private readonly parts: MemoryParts;
  private readonly thread = newId<ThreadId>();
  private contact: ContactView;
  private customer: string | undefined;
  private readonly timers: { readonly timer: string; readonly at: number }[] = [];
  private readonly log: Event[] = [];
  private current: Conversation;
  /** What the dialogue is in, where no channel says a language. */
  private language: Locale = 'ru';

  constructor(parts: MemoryParts) {
    this.parts = parts;
    const { client, locale } = parts;
    const channel = 'chat' as ChannelId;
    this.customer = client.customer;
    this.contact = {
      id: newId<ContactId>(),
      ...(client.name === undefined ? {} : { name: client.name }),
      ...(locale === undefined ? {} : { locale }),
      identity: { id: newId<IdentityId>(), channel, evidence: client.evidence },
    };
    this.current = emptyConversation(newId<ConversationId>(), this.contact.id);
    this.store({ type: 'conversation.opened', facts: { contact: this.contact.id } });
    const identity = this.contact.identity.id;
    this.store({ type: 'thread.bound', facts: { thread: this.thread, channel, identity, base: 0 } });
  }

  get conversation(): Conversation {
    return this.current;
  }

  get events(): readonly Event[] {
    return this.log;
  }

  /** The client opens the dialogue without a message. */
  open(): Promise<Shown[]> {
    return this.take({ type: 'thread.started', facts: this.fromClient() });
  }

  /** The client says something, or presses a quick reply. */
  async say(content: readonly Content[]): Promise<Shown[]> {
    const [part] = content;
    const rating = part?.kind === 'choice' ? readRating({ content: [part] }) : undefined;
    if (rating) return [this.rate(rating.score)];
    const { channel } = this.contact.identity;
    const kinds = content.map((part) => part.kind);
    return this.take({
      type: 'message.received',
      facts: { ...this.fromClient(), message: newId<MessageId>(), channel, kinds },
      body: { content: [...content] },
    });
  }

  /** As the hub does it: the answer is the conversation's rating, and the bot is not asked. */
  private rate(score: Score): Shown {
    const { id: identity, channel } = this.contact.identity;
    const { thread } = this;
    this.store({ type: 'conversation.rated', facts: { thread, identity, channel, score } });
    const thanks = this.store(thankForRating(thread, this.language));
    return messageOf(thanks.type === 'message.sent' ? (thanks.body?.content ?? []) : [], undefined);
  }

  /** People give the conversation back to the bot. */
  giveBack(): Promise<Shown[]> {
    return this.take(changeOwner(this.current, { kind: 'bot' }, { kind: 'hub' }, 'returned'));
  }

  /** Fires the timers that are due. */
  async tick(): Promise<Shown[]> {
    const now = this.parts.now().getTime();
    const due = this.timers.filter((it) => it.at <= now);
    this.timers.splice(0, this.timers.length, ...this.timers.filter((it) => it.at > now));
    const shown: Shown[] = [];
    for (const { timer } of due) shown.push(...(await this.take({ type: 'timer.fired', facts: { timer } })));
    return shown;
  }

  private fromClient() {
    const { locale } = this.parts;
    return {
      thread: this.thread,
      identity: this.contact.identity.id,
      ...(locale === undefined ? {} : { locale }),
    };
  }

  private store(event: NewEvent): Event {
    const position = { conversation: this.current.id, seq: this.current.seq + 1, at: this.parts.now() };
    const stored: Event = { ...event, ...position };
    this.current = apply(this.current, stored);
    this.log.push(stored);
    return stored;
  }

  /** Stores an event and runs its turn, and the turns of what comes of it, until nothing is due. */
  private async take(event: NewEvent): Promise<Shown[]> {
    const shown: Shown[] = [];
    const due: NewEvent[] = [event];
    let hasEnded = false;
    for (let next = due.shift(); next; next = due.shift()) {
      const stored = this.store(next);
      if (!asksForTurn(stored) || this.current.owner.kind !== 'bot') continue;
      const turn = {
        event: stored,
        conversation: this.current,
        contact: this.contact,
        now: this.parts.now(),
        seed: this.parts.seed(),
      };
      const { decisions, asks, ended, language } = this.parts.responder.answer(turn);
      this.language = language;
      hasEnded = ended;
      const open = [...asks];
      for (const decided of eventsOf(turn, decisions, this.parts.planHandoff)) {
        due.push(...(await this.carryOut(this.store(decided), open, shown)));
      }
    }
    if (hasEnded) shown.push({ type: 'end' });
    return shown;
  }

  private async carryOut(event: Event, asks: (string | undefined)[], shown: Shown[]): Promise<NewEvent[]> {
    switch (event.type) {
      case 'message.sent':
        shown.push(messageOf(event.body?.content ?? [], asks.shift()));
        return [];
      case 'action.requested':
        shown.push({ type: 'action', name: event.facts.name, parameters: event.body?.parameters ?? {} });
        return [this.recorded(event, await this.perform(event))];
      case 'handoff.requested':
        shown.push({ type: 'handoff', reason: event.facts.reason, context: event.body?.context });
        return [];
      case 'timer.set':
        this.timers.push({ timer: event.facts.timer, at: Date.parse(event.facts.at) });
        return [];
      default:
        return [];
    }
  }

  private perform(event: Event<'action.requested'>): Promise<ActionResult> {
    const { action, name, identity, timeoutMs } = event.facts;
    return this.parts.perform({
      id: action,
      name,
      parameters: event.body?.parameters ?? {},
      identity,
      evidence: this.contact.identity.evidence,
      ...(this.customer === undefined ? {} : { customer: this.customer }),
      locale: this.current.turn.locale ?? this.language,
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  private recorded(
    { facts: { action, call, identity } }: Event<'action.requested'>,
    result: ActionResult,
  ): NewEvent {
    if (result.outcome === 'unknown') {
      return { type: 'action.unknown', facts: { action, call, reason: result.reason } };
    }
    if (result.outcome === 'done' && result.proves) {
      const { evidence, customer, how } = result.proves;
      this.customer = customer;
      this.contact = { ...this.contact, identity: { ...this.contact.identity, evidence } };
      this.store({ type: 'identity.proved', facts: { identity, evidence, how }, body: { customer } });
    }
    const facts = { action, call, outcome: result.outcome };
    if (result.outcome === 'done')
      return { type: 'action.completed', facts, body: { result: result.result } };
    const body = result.outcome === 'refused' ? { body: { result: result.result } } : {};
    return { type: 'action.completed', facts: { ...facts, code: result.code }, ...body };
  }
}

function messageOf(content: readonly Content[], asks: string | undefined): Shown {
  const text = content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  const choices = content.flatMap((part) => (part.kind === 'choices' ? part.choices : []));
  return {
    type: 'message',
    text,
    ...(choices.length > 0 ? { choices } : {}),
    ...(asks === undefined ? {} : { asks }),
  };
}
