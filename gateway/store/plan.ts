import { type Change, type Changed, ChangeError } from '../change.ts';
import { newId } from '../ids.ts';
import { type Evidence, isEnough } from '../model/contact.ts';
import { apply, type Conversation, emptyConversation } from '../model/conversation.ts';
import { asksForTurn, type Event, type NewEvent } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, DeliveryId, IdentityId, ThreadId } from '../model/ids.ts';
import { shardOf } from '../model/shard.ts';
import type { ConversationRow } from './rows.ts';
import { toConversation } from './rows.ts';
import { emptyWrites, type Writes } from './writes.ts';

/** A contact's identity and thread, as found or made for a sender. */
export interface Resolved {
  readonly contact: ContactId;
  readonly identity: IdentityId;
  readonly thread: ThreadId;
  readonly evidence: Evidence;
  readonly customer?: string;
}

export interface Binding {
  readonly thread: ThreadId;
  readonly conversation: ConversationId;
  readonly base: number;
  /** The number of the last event of that conversation. */
  readonly seq: number;
  readonly boundAt: Date;
}

/** Everything that a batch was decided on; rows are locked. */
export interface Found {
  readonly resolved: readonly (Resolved | undefined)[];
  readonly duplicates: ReadonlyMap<string, { conversation: ConversationId; seq: number }>;
  readonly conversations: readonly ConversationRow[];
  /** The terms of the shards that changes name a term of. */
  readonly terms: ReadonlyMap<number, number>;
  /** The newest conversation of contacts that have none open. */
  readonly previous: ReadonlyMap<ContactId, ConversationId>;
  readonly bindings: readonly Binding[];
  readonly channelOf: ReadonlyMap<ThreadId, ChannelId>;
}

export interface PlanOptions {
  readonly now: Date;
  /** Channels whose messages are accepted by being committed. */
  readonly acceptsAtCommit: (channel: ChannelId) => boolean;
}

export interface Planned {
  readonly results: readonly Changed[];
  readonly writes: Writes;
}

/** One conversation of the batch while changes are applied to it one after another. */
interface Open {
  readonly row: ConversationRow;
  conversation: Conversation;
  readonly isNew: boolean;
  readonly bases: Map<ThreadId, number>;
}

export const dedupeKey = (dedupe: { scope: string; key: string }): string => `${dedupe.scope}\n${dedupe.key}`;

/** Decides what a batch writes and what each change is told. Pure but for new ids. */
export function plan(changes: readonly Change[], found: Found, options: PlanOptions): Planned {
  const batch = new Batch(found, options);
  const results = changes.map((change, index) => batch.apply(change, found.resolved[index]));
  return { results, writes: batch.finish() };
}

class Batch {
  readonly #writes = emptyWrites();
  readonly #byId = new Map<ConversationId, Open>();
  readonly #openOf = new Map<ContactId, Open>();
  readonly #seen: Map<string, { conversation: ConversationId; seq: number }>;
  readonly #touched = new Set<Open>();
  readonly #found: Found;
  readonly #options: PlanOptions;

  constructor(found: Found, options: PlanOptions) {
    this.#found = found;
    this.#options = options;
    this.#seen = new Map(found.duplicates);
    for (const row of found.conversations) this.#add(row, false);
    for (const { conversation, thread, base } of found.bindings)
      this.#byId.get(conversation)?.bases.set(thread, base);
  }

  apply(change: Change, resolved: Resolved | undefined): Changed {
    const original = change.dedupe && this.#seen.get(dedupeKey(change.dedupe));
    if (original) return this.#duplicate(original, resolved?.thread);
    if ('channel' in change) {
      if (!resolved) return { outcome: 'missing' };
      const { open, opening } = this.#openConversation(resolved);
      const binding = this.#bind(open, resolved, change.channel);
      const news = [...opening, ...binding, ...prove(change, resolved), ...change.events(resolved)];
      return this.#commit(open, news, change);
    }
    const open = this.#byId.get(change.conversation);
    if (!open) return { outcome: 'missing' };
    if (change.term !== undefined && change.term !== this.#found.terms.get(open.row.shard))
      return { outcome: 'lost' };
    const { conversation } = open;
    const { expect } = change;
    if (expect?.epoch !== undefined && expect.epoch !== conversation.epoch)
      return { outcome: 'stale', conversation };
    if (expect?.version !== undefined && expect.version !== conversation.version)
      return { outcome: 'stale', conversation };
    if (conversation.status === 'closed' && !change.events.every(isLate))
      return { outcome: 'closed', conversation };
    if (change.completes !== undefined)
      this.#writes.doneTurns.push({ conversation: conversation.id, seq: change.completes });
    return this.#commit(open, change.events, change);
  }

  finish(): Writes {
    for (const open of this.#touched) {
      (open.isNew ? this.#writes.newConversations : this.#writes.conversations).push({
        ...open.row,
        ...columns(open.conversation),
      });
    }
    return this.#writes;
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
    const open: Open = { row, conversation: toConversation(row), isNew, bases: new Map() };
    this.#byId.set(row.id, open);
    if (row.status === 'open') this.#openOf.set(row.contact, open);
    return open;
  }

  /** The contact's open conversation, or a new one with the event that opens it. */
  #openConversation({ contact }: Resolved): { open: Open; opening: NewEvent[] } {
    const existing = this.#openOf.get(contact);
    if (existing && existing.conversation.status === 'open') return { open: existing, opening: [] };
    const open = this.#add(newRow(newId<ConversationId>(), contact, this.#options.now), true);
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
    this.#writes.bindings.push({
      thread,
      conversation: open.conversation.id,
      base,
      bound_at: this.#options.now,
    });
    return [{ type: 'thread.bound', facts: { thread, channel, identity, base } }];
  }

  #commit(open: Open, news: readonly NewEvent[], change: Change): Changed {
    const first = this.#writes.deliveries.length;
    const events = news.map((event) => this.#append(open, event));
    for (const delivery of this.#writes.deliveries.slice(first)) delivery.epoch = open.conversation.epoch;
    if (change.dedupe) {
      const seq = open.conversation.seq;
      const original = { conversation: open.conversation.id, seq };
      this.#seen.set(dedupeKey(change.dedupe), original);
      this.#writes.dedupe.push({ ...change.dedupe, ...original, at: this.#options.now });
    }
    for (const media of change.media ?? []) this.#writes.media.push({ ...media, at: this.#options.now });
    const positions = new Map<number, number>();
    for (const event of events) {
      const thread =
        event.type === 'message.received' || event.type === 'message.sent' ? event.facts.thread : undefined;
      const base = thread && open.bases.get(thread);
      if (base !== undefined) positions.set(event.seq, base + event.seq);
    }
    if (events.length > 0) this.#touched.add(open);
    // Deliveries and the revision are filled in from what the database answers.
    return {
      outcome: 'committed',
      conversation: open.conversation,
      events,
      positions,
      deliveries: [],
      revision: 0,
    };
  }

  /** Applies one event and writes down everything that follows from it. */
  #append(open: Open, news: NewEvent): Event {
    const { now } = this.#options;
    const event: Event = { ...news, conversation: open.row.id, seq: open.conversation.seq + 1, at: now };
    open.conversation = apply(open.conversation, event);
    const { row, conversation } = open;
    this.#writes.events.push(event);
    row.last_at = now;
    if (asksForTurn(event)) this.#writes.dueTurns.push({ conversation: row.id, seq: event.seq });
    switch (event.type) {
      case 'message.received':
        row.last_message = event.seq;
        if (conversation.owner.kind !== 'bot') row.unread += 1;
        break;
      case 'message.sent':
        row.last_message = event.seq;
        if (event.facts.author.kind === 'operator') row.unread = 0;
        this.#deliver(open, event);
        break;
      case 'handoff.requested':
        row.last_handoff = event.seq;
        break;
      case 'owner.changed':
        row.owner_since = now;
        if (event.facts.to.kind === 'bot') row.unread = 0;
        if (conversation.fence === event.facts.epoch) {
          this.#writes.fences.push({ conversation: row.id, fence: conversation.fence });
        }
        break;
      case 'conversation.closed':
        row.closed_at = now;
        row.unread = 0;
        break;
      case 'timer.set':
        this.#writes.timers.push({ conversation: row.id, timer: event.facts.timer, due_at: event.facts.at });
        break;
      case 'timer.fired':
        this.#writes.firedTimers.push({ conversation: row.id, timer: event.facts.timer });
        break;
      case 'action.requested':
        this.#writes.actions.push({
          id: event.facts.action,
          conversation: row.id,
          seq: event.seq,
          repeatable: event.facts.repeatable,
        });
        break;
      case 'action.completed':
      case 'action.unknown':
        this.#writes.endedActions.push({
          id: event.facts.action,
          state: event.type === 'action.unknown' ? 'unknown' : 'completed',
        });
        break;
      case 'identity.proved':
        this.#writes.proofs.push({
          identity: event.facts.identity,
          evidence: event.facts.evidence,
          customer: event.body?.customer ?? '',
          proved_at: now,
        });
        break;
    }
    return event;
  }

  #deliver(open: Open, event: Event<'message.sent'>): void {
    const channel = this.#found.channelOf.get(event.facts.thread);
    if (!channel)
      throw new ChangeError(`message ${event.facts.message}: thread ${event.facts.thread} does not exist`);
    const { author } = event.facts;
    this.#writes.deliveries.push({
      id: newId<DeliveryId>(),
      conversation: open.row.id,
      seq: event.seq,
      message: event.facts.message,
      thread: event.facts.thread,
      channel,
      author_kind: author.kind,
      author_id: author.kind === 'operator' ? author.operator : null,
      epoch: open.conversation.epoch,
      once: event.facts.once ?? false,
      state: this.#options.acceptsAtCommit(channel) ? 'accepted' : 'due',
      due_at: this.#options.now,
    });
  }
}

const LATE: ReadonlySet<NewEvent['type']> = new Set([
  'action.completed',
  'action.unknown',
  'note.added',
  'turn.dropped',
  'identity.proved',
  'message.edited',
  'message.deleted',
  'reaction.changed',
]);

/** True for what may still be written when a conversation is over. */
function isLate({ type }: NewEvent): boolean {
  return LATE.has(type);
}

/** What the connector itself proved about the sender, where it is news. */
function prove(change: Extract<Change, { channel: ChannelId }>, resolved: Resolved): NewEvent[] {
  const { proof } = change.sender;
  if (!proof || (resolved.customer && isEnough(resolved.evidence, proof.evidence))) return [];
  const { evidence, how, customer } = proof;
  return [
    { type: 'identity.proved', facts: { identity: resolved.identity, evidence, how }, body: { customer } },
  ];
}

function newRow(id: ConversationId, contact: ContactId, now: Date): ConversationRow {
  return {
    ...columns(emptyConversation(id, contact)),
    id,
    contact,
    shard: shardOf(id),
    owner_since: now,
    unread: 0,
    last_message: null,
    last_handoff: null,
    last_at: now,
    opened_at: now,
    closed_at: null,
    revision: 0,
  };
}

function columns(conversation: Conversation) {
  const { status, seq, version, epoch, fence, owner, thread, turn, previous } = conversation;
  return {
    status,
    seq,
    version,
    epoch,
    fence,
    owner_kind: owner.kind,
    owner_id: owner.kind === 'queue' ? owner.queue : owner.kind === 'operator' ? owner.operator : null,
    thread: thread ?? null,
    turn,
    previous: previous ?? null,
  };
}
