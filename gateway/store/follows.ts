import { ChangeError } from '../change.ts';
import { newId } from '../ids.ts';
import type { Evidence } from '../model/contact.ts';
import type { Content } from '../model/content.ts';
import { apply } from '../model/conversation.ts';
import { asksForTurn, carriedBy, type Event, type NewEvent, type RevisionType } from '../model/events.ts';
import type { DeliveryId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Author, Owner } from '../model/owner.ts';
import type { Place } from './found.ts';
import type { Open } from './open.ts';
import type { PlanOptions } from './plan-options.ts';
import { emptyWrites, type NewDeliveryRow, type Writes } from './writes.ts';

type FollowsOptions = Pick<PlanOptions, 'now' | 'acceptsAtCommit' | 'refuses'>;
type Timer = { conversation: Open['row']['id']; timer: string; due_at?: string };

/** Appends events to conversations, and writes down everything that follows from each. */
export class Follows {
  readonly writes: Writes = emptyWrites();
  /** What the deliveries of this batch carry. */
  readonly contents = new Map<DeliveryId, readonly Content[]>();
  readonly #options: FollowsOptions;
  readonly #places: ReadonlyMap<ThreadId, Place>;
  /** What becomes of each timer in the end. */
  readonly #timers = new Map<string, Timer>();
  #withEpoch = 0;

  constructor(options: FollowsOptions, places: ReadonlyMap<ThreadId, Place>) {
    this.#options = options;
    this.#places = places;
  }

  /** The rows in the end, but for those of the conversations. */
  finish(): Writes {
    for (const { conversation, timer, due_at } of this.#timers.values()) {
      if (due_at === undefined) this.writes.firedTimers.push({ conversation, timer });
      else this.writes.timers.push({ conversation, timer, due_at });
    }
    return this.writes;
  }

  /** A due turn is done; one of this very batch never was due. */
  complete(open: Open, seq: number): void {
    const conversation = open.row.id;
    const { dueTurns, doneTurns } = this.writes;
    const own = dueTurns.findLastIndex((turn) => turn.conversation === conversation && turn.seq === seq);
    if (own >= 0) dueTurns.splice(own, 1);
    else doneTurns.push({ conversation, seq });
    open.dueTurns -= 1;
  }

  /** The deliveries of a change carry the epoch that the change ends with: its own handoff does not cancel them. */
  setEpoch(open: Open): void {
    const { deliveries } = this.writes;
    for (; this.#withEpoch < deliveries.length; this.#withEpoch++) {
      const delivery = deliveries[this.#withEpoch];
      if (delivery) delivery.epoch = open.conversation.epoch;
    }
  }

  /** Applies one event and writes down what follows from it. */
  append(open: Open, news: NewEvent): Event {
    const { now } = this.#options;
    const event: Event = { ...news, conversation: open.row.id, seq: open.conversation.seq + 1, at: now };
    const before = open.conversation;
    open.conversation = apply(before, event);
    const { row, conversation } = open;
    this.writes.events.push(event);
    row.last_at = now;
    if (asksForTurn(event)) {
      open.dueTurns += 1;
      this.writes.dueTurns.push({ conversation: row.id, seq: event.seq });
    }
    switch (event.type) {
      case 'message.received':
        row.last_message = event.seq;
        if (conversation.owner.kind === 'bot') break;
        row.waits_since ??= waitedSince(row, before.owner) ?? now;
        row.unread += 1;
        break;
      case 'message.sent':
        row.last_message = event.seq;
        // What the client does not get answers nothing.
        if (this.#deliverMessage(open, event) && event.facts.author.kind === 'operator') answered(row);
        break;
      case 'message.edited':
      case 'message.deleted':
      case 'reaction.changed':
        this.#deliverRevision(open, event);
        break;
      case 'handoff.requested':
        row.last_handoff = event.seq;
        break;
      case 'owner.changed':
        // Who waits already, as when an operator is gone, keeps their place.
        if (event.facts.to.kind === 'queue') row.waits_since ??= waitedSince(row, before.owner) ?? now;
        row.owner_since = now;
        if (event.facts.to.kind === 'bot') answered(row);
        if (conversation.fence === event.facts.epoch) {
          this.writes.fences.push({ conversation: row.id, fence: conversation.fence });
        }
        break;
      case 'conversation.closed':
      case 'conversation.continued':
        row.closed_at = now;
        answered(row);
        break;
      default:
        this.#follow(event);
    }
    return event;
  }

  /** What this batch proves of an identity. */
  evidenceOf(identity: IdentityId): Evidence | undefined {
    return this.writes.proofs.find((proof) => proof.identity === identity)?.evidence;
  }

  /** What follows outside the conversation's own row. */
  #follow(event: Event): void {
    const { conversation, seq, at } = event;
    switch (event.type) {
      case 'timer.set':
        this.#time({ conversation, timer: event.facts.timer, due_at: event.facts.at });
        break;
      case 'timer.fired':
        this.#time({ conversation, timer: event.facts.timer });
        break;
      case 'action.requested': {
        const { action: id, repeatable } = event.facts;
        this.writes.actions.push({ id, conversation, seq, repeatable });
        break;
      }
      case 'action.completed':
      case 'action.unknown': {
        const state = event.type === 'action.unknown' ? 'unknown' : 'completed';
        this.writes.endedActions.push({ id: event.facts.action, state });
        break;
      }
      case 'move.offered': {
        const { move: id, until } = event.facts;
        const { link = '', code = '', bucket = '' } = event.body ?? {};
        this.writes.moves.push({ id, conversation, link, code, bucket, expires_at: until });
        break;
      }
      case 'identity.proved': {
        const { identity, evidence } = event.facts;
        const { proofs } = this.writes;
        // The newest proof of an identity counts.
        const before = proofs.findIndex((proof) => proof.identity === identity);
        if (before >= 0) proofs.splice(before, 1);
        proofs.push({ identity, evidence, customer: event.body?.customer ?? '', proved_at: at });
        break;
      }
    }
  }

  #time(timer: Timer): void {
    this.#timers.set(`${timer.conversation}\n${timer.timer}`, timer);
  }

  /** False where the policy refuses it. */
  #deliverMessage(open: Open, event: Event<'message.sent'>): boolean {
    const content = event.body?.content ?? [];
    const delivery = this.#deliver(open, event, content, event.facts.author, event.facts.once);
    if (delivery) this.contents.set(delivery.id, content);
    return delivery?.state !== 'cancelled';
  }

  /** What people of ours change goes out like what they say; what clients change came in. */
  #deliverRevision(open: Open, event: Event<RevisionType>): void {
    const { by } = event.facts;
    const content = event.type === 'message.edited' ? (event.body?.content ?? []) : [];
    if (by.kind === 'operator') this.#deliver(open, event, content, by);
  }

  #deliver(
    open: Open,
    event: Event,
    content: readonly Content[],
    author: Author,
    once = false,
  ): NewDeliveryRow | undefined {
    const carried = carriedBy(event);
    if (!carried) return undefined;
    const { message, thread } = carried;
    const channel = this.#places.get(thread)?.channel;
    if (!channel) throw new ChangeError(`message ${message}: thread ${thread} does not exist`);
    const id = newId<DeliveryId>();
    const refusal = this.#options.refuses?.(channel, content);
    const state = this.#options.acceptsAtCommit(channel) ? 'accepted' : 'due';
    const delivery: NewDeliveryRow = {
      id,
      conversation: open.row.id,
      seq: event.seq,
      message,
      thread,
      channel,
      author_kind: author.kind,
      author_id: author.kind === 'operator' ? author.operator : null,
      epoch: open.conversation.epoch,
      once,
      state: refusal === undefined ? state : 'cancelled',
      reason: refusal ?? null,
      due_at: this.#options.now,
      fence: open.conversation.fence,
      term: null,
      after: null,
    };
    this.writes.deliveries.push(delivery);
    return delivery;
  }
}

/**
 * Since when a client waits whom the version before, which kept no such time, took into a queue or heard: since they have
 * had this owner. Undefined of others.
 */
function waitedSince({ unread, owner_since }: Open['row'], owner: Owner): Date | undefined {
  return owner.kind === 'queue' || unread > 0 ? owner_since : undefined;
}

/** Nothing of the client's waits for a person of ours any more; what they write next does. */
function answered(row: Open['row']): void {
  row.unread = 0;
  row.waits_since = null;
}
