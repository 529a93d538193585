import type { Change, ChangeBySender, Changed, ChangeOfConversation } from '../change.ts';
import { newId } from '../ids.ts';
import { isEnough } from '../model/contact.ts';
import { asksForTurn, carriedBy, type Event, type NewEvent } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, ThreadId } from '../model/ids.ts';
import { bindThread } from './bind.ts';
import { newConversationRow, stateColumns } from './conversation-row.ts';
import { Follows } from './follows.ts';
import type { Binding, Found, Place, Resolved } from './found.ts';
import type { Open } from './open.ts';
import type { PlanOptions } from './plan-options.ts';
import type { ConversationRow } from './rows.ts';
import { toContactView, toConversation } from './rows.ts';
import { countsWith, isBefore } from './secondary.ts';
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
  readonly #openOf = new Map<ContactId, Open[]>();
  /** Of each thread. */
  readonly #newest = new Map<
    ThreadId,
    Pick<Binding, 'conversation' | 'base' | 'seq' | 'isOpen' | 'boundAt'>
  >();
  /** The number of the last event of each. */
  readonly #overtaken = new Map<ConversationId, number>();
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
    for (const binding of found.bindings) {
      this.#newest.set(binding.thread, binding);
      this.#byId.get(binding.conversation)?.bases.set(binding.thread, binding.base);
    }
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
    return this.#commit(open, [...this.#rebind(open, change.events), ...change.events], change);
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
    // What the batch changes has a new revision by that.
    const changed = new Set(writes.conversations.map(({ id }) => id));
    for (const [id, seq] of this.#overtaken) if (!changed.has(id)) writes.overtaken.push({ id, seq });
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
    const bound = [...this.#found.bindings, ...this.#follows.writes.bindings].findLast(
      (one) => one.thread === thread && one.conversation === conversation && one.since <= seq,
    );
    return { outcome: 'duplicate', conversation, seq, position: bound && bound.base + seq };
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
    if (row.status === 'open')
      this.#openOf.set(countsWith(row), [...(this.#openOf.get(countsWith(row)) ?? []), open]);
    return open;
  }

  /** The contact's open conversation, or a new one with the event that opens it. */
  #openConversation({ contact }: Resolved): { open: Open; opening: NewEvent[] } {
    const existing = this.#openOf.get(contact) ?? [];
    const [open] = existing
      .filter(({ conversation }) => conversation.status === 'open')
      .sort((one, other) => (isBefore(one.row, other.row) ? -1 : 1));
    if (open) return { open, opening: [] };
    const row = newConversationRow(newId<ConversationId>(), contact, this.#options.now);
    const previous = existing.at(-1)?.conversation.id ?? this.#found.previous.get(contact);
    return {
      open: this.#add(row, true),
      opening: [{ type: 'conversation.opened', facts: { contact, previous } }],
    };
  }

  /** The event that binds the sender's thread, where it is not bound yet or another open conversation had it since. */
  #bind(open: Open, { thread, identity }: Resolved, channel: ChannelId): NewEvent[] {
    if (this.#isNewest(open, thread)) return [];
    const base = this.#bindNext(open, thread);
    return [{ type: 'thread.bound', facts: { thread, channel, identity, base } }];
  }

  /** Where another open conversation of the client had the thread since, what goes out there stands behind that. */
  #rebind(open: Open, events: readonly NewEvent[]): NewEvent[] {
    const threads = new Set(events.flatMap((event) => carriedBy(event)?.thread ?? []));
    return [...threads].flatMap((thread): NewEvent[] => {
      const place = this.#found.places.get(thread);
      const { status } = open.conversation;
      if (!place || status !== 'open' || !open.bases.has(thread) || this.#isNewest(open, thread)) return [];
      const { channel, identity } = place;
      const base = this.#bindNext(open, thread);
      return [{ type: 'thread.bound', facts: { thread, channel, identity, base, rebound: true } }];
    });
  }

  #isNewest(open: Open, thread: ThreadId): boolean {
    return this.#newest.get(thread)?.conversation === open.row.id;
  }

  /** Gives the new base. */
  #bindNext(open: Open, thread: ThreadId): number {
    const last = this.#newest.get(thread);
    const seq = last && (this.#byId.get(last.conversation)?.conversation.seq ?? last.seq);
    const row = bindThread(
      open,
      thread,
      last && seq !== undefined ? { ...last, seq } : undefined,
      this.#options.now,
    );
    const { conversation, base, bound_at } = row;
    if (last?.isOpen && last.conversation !== conversation) this.#overtaken.set(last.conversation, last.seq);
    this.#newest.set(thread, { conversation, base, seq: row.since, isOpen: true, boundAt: bound_at });
    this.#follows.writes.bindings.push(row);
    return base;
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
