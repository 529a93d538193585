import type { Change, ChangeBySender, Changed, ChangeOfConversation } from '../change.ts';
import { newId } from '../ids.ts';
import { isEnough } from '../model/contact.ts';
import { asksForTurn, type Event, type NewEvent } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, ThreadId } from '../model/ids.ts';
import { newConversationRow, stateColumns } from './conversation-row.ts';
import { Follows } from './follows.ts';
import type { Found, Place, Resolved } from './found.ts';
import type { Open } from './open.ts';
import type { PlanOptions } from './plan-options.ts';
import type { ConversationRow } from './rows.ts';
import { toContactView, toConversation } from './rows.ts';
import type { NewDeliveryRow, Writes } from './writes.ts';

export interface Planned {
  readonly results: readonly Changed[];
  readonly writes: Writes;
  /** The conversations that it changes; their rows are as they will be, but for the revision. */
  readonly changed: readonly Open[];
}

export const dedupeKey = (dedupe: { scope: string; key: string }): string => `${dedupe.scope}\n${dedupe.key}`;

/** Decides what a batch writes and what each change is told. Pure but for new ids and what `options` ask. */
export function plan(changes: readonly Change[], found: Found, options: PlanOptions): Planned {
  const batch = new Batch(found, options);
  const results = changes.map((change, index) => batch.apply(change, found.resolved[index]));
  return { results, ...batch.finish() };
}

class Batch {
  readonly #follows: Follows;
  readonly #byId = new Map<ConversationId, Open>();
  readonly #openOf = new Map<ContactId, Open>();
  readonly #seen: Map<string, { conversation: ConversationId; seq: number }>;
  readonly #touched = new Set<Open>();
  readonly #terms = new Map<number, number>();
  readonly #found: Found;
  readonly #options: PlanOptions;

  constructor(found: Found, options: PlanOptions) {
    this.#found = found;
    this.#options = options;
    this.#follows = new Follows(options, found.places);
    this.#seen = new Map(found.duplicates);
    for (const row of found.conversations) this.#add(row, false);
    for (const { conversation, thread, base } of found.bindings)
      this.#byId.get(conversation)?.bases.set(thread, base);
  }

  apply(change: Change, resolved: Resolved | undefined): Changed {
    const original = change.dedupe && this.#seen.get(dedupeKey(change.dedupe));
    if (original) return this.#duplicate(original, resolved?.thread);
    if (!('channel' in change)) return this.#applyToConversation(change);
    if (!resolved) return { outcome: 'missing' };
    const { open, opening } = this.#openConversation(resolved);
    const binding = this.#bind(open, resolved, change.channel);
    const news = [...opening, ...binding, ...prove(change, resolved), ...change.events(resolved)];
    return this.#commit(open, news, change, { ...resolved, channel: change.channel });
  }

  #applyToConversation(change: ChangeOfConversation): Changed {
    const open = this.#byId.get(change.conversation);
    if (!open) return { outcome: 'missing' };
    const { conversation, row } = open;
    const { term } = change;
    if (term !== undefined && term !== this.#found.terms.get(row.shard)) return { outcome: 'lost' };
    const { epoch, version, seq } = change.expect ?? {};
    const isStale =
      (epoch !== undefined && epoch !== conversation.epoch) ||
      (version !== undefined && version !== conversation.version) ||
      (seq !== undefined && seq !== conversation.seq);
    if (isStale) return { outcome: 'stale', conversation };
    if (conversation.status === 'closed' && !mayBeLate(change.events))
      return { outcome: 'closed', conversation };
    if (term !== undefined) this.#terms.set(row.shard, term);
    if (change.completes !== undefined) this.#follows.complete(open, change.completes);
    return this.#commit(open, change.events, change);
  }

  finish(): Omit<Planned, 'results'> {
    const writes = this.#follows.finish();
    for (const delivery of writes.deliveries) this.#settle(delivery);
    for (const open of this.#touched) {
      if (open.conversation.seq === open.firstSeq) continue;
      Object.assign(open.row, stateColumns(open.conversation));
      (open.isNew ? writes.newConversations : writes.conversations).push(open.row);
    }
    for (const [shard, term] of this.#terms) writes.terms.push({ shard, term });
    return { writes, changed: [...this.#touched] };
  }

  /** After all changes: a handoff may have overtaken a message of the bot; what may go out at once is marked. */
  #settle(delivery: NewDeliveryRow): void {
    const open = this.#byId.get(delivery.conversation);
    if (!open || delivery.state !== 'due') return;
    delivery.fence = open.conversation.fence;
    if (delivery.author_kind === 'bot' && delivery.epoch < delivery.fence) {
      delivery.state = 'cancelled';
      delivery.reason = 'handed-off';
      return;
    }
    const term = this.#ownTerm(open.row.shard);
    const content = this.#follows.contents.get(delivery.id);
    const place = this.#found.places.get(delivery.thread);
    if (term === undefined || !content || !place) return;
    const after = this.#options.ending?.get(delivery.thread);
    const { externalThread } = place;
    if (!this.#options.admit?.({ delivery, after, term, content, externalThread })) return;
    delivery.after = after ?? null;
    delivery.state = 'attempting';
    delivery.term = term;
    this.#terms.set(open.row.shard, term);
  }

  /** This node's term of a shard, where it is still the one that the store knows. */
  #ownTerm(shard: number): number | undefined {
    const term = this.#options.termOf(shard);
    return term !== undefined && term === this.#found.terms.get(shard) ? term : undefined;
  }

  #duplicate(original: { conversation: ConversationId; seq: number }, thread: ThreadId | undefined): Changed {
    const { conversation, seq } = original;
    const base =
      thread &&
      this.#found.bindings.find((b) => b.thread === thread && b.conversation === conversation)?.base;
    const own = thread && this.#byId.get(conversation)?.bases.get(thread);
    const known = base ?? own;
    return {
      outcome: 'duplicate',
      conversation,
      seq,
      position: known === undefined ? undefined : known + seq,
    };
  }

  #add(row: ConversationRow, isNew: boolean): Open {
    const dueTurns = this.#found.dueTurns.get(row.id) ?? 0;
    const open: Open = {
      row,
      conversation: toConversation(row),
      isNew,
      firstSeq: row.seq,
      bases: new Map(),
      dueTurns,
    };
    this.#byId.set(row.id, open);
    if (row.status === 'open') this.#openOf.set(row.contact, open);
    return open;
  }

  /** The contact's open conversation, or a new one with the event that opens it. */
  #openConversation({ contact }: Resolved): { open: Open; opening: NewEvent[] } {
    const existing = this.#openOf.get(contact);
    if (existing && existing.conversation.status === 'open') return { open: existing, opening: [] };
    const row = newConversationRow(newId<ConversationId>(), contact, this.#options.now);
    const open = this.#add(row, true);
    const previous = existing?.conversation.id ?? this.#found.previous.get(contact);
    return { open, opening: [{ type: 'conversation.opened', facts: { contact, previous } }] };
  }

  /** The event that binds the sender's thread, where it is not bound yet. */
  #bind(open: Open, { thread, identity }: Resolved, channel: ChannelId): NewEvent[] {
    if (open.bases.has(thread)) return [];
    let last: { base: number; seq: number; boundAt: Date } | undefined;
    for (const binding of this.#found.bindings) {
      if (binding.thread !== thread) continue;
      if (!last || binding.boundAt > last.boundAt) {
        const live = this.#byId.get(binding.conversation)?.conversation.seq;
        last = { ...binding, seq: live ?? binding.seq };
      }
    }
    // Positions go on where the thread's last conversation stopped.
    const base = last ? last.base + last.seq - open.conversation.seq : 0;
    open.bases.set(thread, base);
    this.#follows.writes.bindings.push({
      thread,
      conversation: open.conversation.id,
      base,
      bound_at: this.#options.now,
    });
    return [{ type: 'thread.bound', facts: { thread, channel, identity, base } }];
  }

  #commit(
    open: Open,
    news: readonly NewEvent[],
    change: Change,
    from?: Resolved & Pick<Place, 'channel'>,
  ): Changed {
    const events = news.map((event) => this.#follows.append(open, event));
    const { seq } = open.conversation;
    if (from) events.push(...this.#answer(open, events.at(-1), from));
    this.#follows.setEpoch(open);
    if (change.dedupe) {
      const original = { conversation: open.row.id, seq };
      this.#seen.set(dedupeKey(change.dedupe), original);
      this.#follows.writes.dedupe.push({ ...change.dedupe, ...original, at: this.#options.now });
    }
    const { media } = this.#follows.writes;
    for (const { kept, ...one } of change.media ?? []) media.push({ ...one, ...kept, at: this.#options.now });
    this.#touched.add(open);
    return {
      outcome: 'committed',
      conversation: open.conversation,
      events,
      seq,
      positions: positionsOf(open, events),
      hasDueTurn: open.dueTurns > 0,
      // Filled in from what the database answers.
      deliveries: [],
      revision: 0,
    };
  }

  /** The events of the turn that `event` asks for, where it is the only one that is due and can be answered now. */
  #answer(open: Open, event: Event | undefined, from: Resolved & Pick<Place, 'channel'>): Event[] {
    const { answer } = this.#options;
    const term = this.#ownTerm(open.row.shard);
    if (!answer || !event || !asksForTurn(event) || open.dueTurns !== 1 || term === undefined) return [];
    const { conversation } = open;
    const evidence = this.#follows.evidenceOf(from.identity) ?? from.evidence;
    const contact = toContactView({ ...from, evidence }, from.contact, conversation.turn.locale);
    const news = answer({ conversation, contact, event });
    if (!news) return [];
    this.#terms.set(open.row.shard, term);
    this.#follows.complete(open, event.seq);
    return news.map((one) => this.#follows.append(open, one));
  }
}

function positionsOf({ bases }: Open, events: readonly Event[]): Map<number, number> {
  const positions = new Map<number, number>();
  for (const event of events) {
    const thread =
      event.type === 'message.received' || event.type === 'message.sent' ? event.facts.thread : undefined;
    const base = thread && bases.get(thread);
    if (base !== undefined) positions.set(event.seq, base + event.seq);
  }
  return positions;
}

const LATE: ReadonlySet<NewEvent['type']> = new Set([
  'action.completed',
  'action.unknown',
  'message.labelled',
  'note.added',
  'turn.dropped',
  'identity.proved',
  'message.edited',
  'message.deleted',
  'message.interrupted',
  'reaction.changed',
  'conversation.rated',
]);

/** True for what may still be written when a conversation is over; of messages only the thanks for its rating. */
function mayBeLate(events: readonly NewEvent[]): boolean {
  const isRating = events.some(({ type }) => type === 'conversation.rated');
  return events.every(
    (event) =>
      LATE.has(event.type) ||
      (isRating && event.type === 'message.sent' && event.facts.author.kind === 'system'),
  );
}

/** What the connector itself proved about the sender, where it is news. */
export function prove({ sender: { proof } }: Pick<ChangeBySender, 'sender'>, resolved: Resolved): NewEvent[] {
  if (!proof || (resolved.customer && isEnough(resolved.evidence, proof.evidence))) return [];
  const { evidence, how, customer } = proof;
  return [
    { type: 'identity.proved', facts: { identity: resolved.identity, evidence, how }, body: { customer } },
  ];
}
