import type pg from 'pg';
import type { Changed } from '../change.ts';
import type { Event, NewEvent } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import { bindThread } from './bind.ts';
import { stateColumns } from './conversation-row.ts';
import { Follows } from './follows.ts';
import type { Binding } from './found.ts';
import type { Open } from './open.ts';
import { type ConversationRow, toConversation } from './rows.ts';
import { countsWith, isBefore, WITH_THOSE_BESIDE } from './secondary.ts';
import { write } from './statement.ts';

type Committed = Extract<Changed, { outcome: 'committed' }>;

/** Changes of several conversations that are written together; its reads see what is locked. */
export class LinkBatch {
  readonly #follows: Follows;
  readonly #byId = new Map<ConversationId, Open>();
  readonly #events = new Map<ConversationId, Event[]>();

  readonly client: pg.PoolClient;
  readonly now: Date;

  constructor(client: pg.PoolClient, now: Date) {
    this.client = client;
    this.now = now;
    this.#follows = new Follows({ now, acceptsAtCommit: () => false }, new Map());
  }

  /** Locks the open conversations of contacts, and others by id, in the order in which batches do. */
  async lockOpen(contacts: readonly ContactId[], ids: readonly ConversationId[] = []): Promise<void> {
    const { rows } = await this.client.query<ConversationRow & { due: number }>(
      `select c.* from conversation c where ${WITH_THOSE_BESIDE} order by c.id for update`,
      [ids, contacts],
    );
    // After the lock: a statement before that may not see what was committed meanwhile.
    const { rows: due } = await this.client.query<{ conversation: ConversationId; due: number }>(
      'select conversation, count(*) as due from due_turn where conversation = any($1::uuid[]) group by 1',
      [rows.map(({ id }) => id)],
    );
    for (const row of rows) {
      if (this.#byId.has(row.id)) continue;
      const dueTurns = due.find(({ conversation }) => conversation === row.id)?.due ?? 0;
      const conversation = toConversation(row);
      const open = { row, conversation, isNew: false, firstSeq: row.seq, bases: new Map(), dueTurns };
      this.#byId.set(row.id, open);
    }
  }

  get(id: ConversationId): Open | undefined {
    return this.#byId.get(id);
  }

  /** The open conversation in which a contact writes, of those that were locked. */
  openOf(contact: ContactId): Open | undefined {
    const [open] = [...this.#byId.values()]
      .filter(({ row, conversation }) => conversation.status === 'open' && countsWith(row) === contact)
      .sort((one, other) => (isBefore(one.row, other.row) ? -1 : 1));
    return open;
  }

  /** The open conversations that a contact itself opened, of those that were locked. */
  opensOf(contact: ContactId): readonly Open[] {
    return [...this.#byId.values()].filter(
      ({ row, conversation }) => conversation.status === 'open' && row.contact === contact,
    );
  }

  /** Marks open conversations, of those that were locked, as secondary to a contact, or as nobody's. */
  async markSecondary(which: (row: ConversationRow) => boolean, to: ContactId | null): Promise<void> {
    const marked = [...this.#byId.values()].filter(
      ({ row, conversation }) => conversation.status === 'open' && which(row),
    );
    for (const { row } of marked) row.secondary_to = to;
    if (marked.length === 0) return;
    await this.client.query('update conversation set secondary_to = $2 where id = any($1::uuid[])', [
      marked.map(({ row }) => row.id),
      to,
    ]);
  }

  append(open: Open, news: readonly NewEvent[]): void {
    const events = this.#events.get(open.row.id) ?? [];
    this.#events.set(open.row.id, events);
    for (const one of news) events.push(this.#follows.append(open, one));
    this.#follows.setEpoch(open);
  }

  complete(open: Open, seq: number): void {
    this.#follows.complete(open, seq);
  }

  /** Binds a thread to a conversation where another had it last, or none; its client's positions go on where they stopped. */
  async bind(
    open: Open,
    { thread, channel, identity }: { thread: ThreadId; channel: ChannelId; identity: IdentityId },
    rebound?: true,
  ): Promise<void> {
    if (open.bases.has(thread)) return;
    const { rows } = await this.client.query<Pick<Binding, 'conversation' | 'base' | 'seq' | 'boundAt'>>(
      `select b.conversation, b.base, c.seq, b.bound_at as "boundAt" from binding b
       join conversation c on c.id = b.conversation where b.thread = $1 order by b.bound_at desc limit 1`,
      [thread],
    );
    const [last] = rows;
    if (last?.conversation === open.row.id) {
      open.bases.set(thread, last.base);
      return;
    }
    const seq = last && (this.#byId.get(last.conversation)?.conversation.seq ?? last.seq);
    const row = bindThread(open, thread, last && seq !== undefined ? { ...last, seq } : undefined, this.now);
    this.#follows.writes.bindings.push(row);
    const facts = { thread, channel, identity, base: row.base, ...(rebound && { rebound }) };
    this.append(open, [{ type: 'thread.bound', facts }]);
  }

  /** The same key takes effect once. */
  addKey(open: Open, dedupe: { readonly scope: string; readonly key: string }): void {
    const { id: conversation } = open.row;
    const { seq } = open.conversation;
    this.#follows.writes.dedupe.push({ ...dedupe, conversation, seq, at: this.now });
  }

  /** Writes all of it; what was changed is told to whoever listens once it is committed. */
  async finish(): Promise<readonly Committed[]> {
    const writes = this.#follows.finish();
    const touched = [...this.#byId.values()].filter(({ row }) => this.#events.has(row.id));
    for (const open of touched) {
      Object.assign(open.row, stateColumns(open.conversation));
      writes.conversations.push(open.row);
    }
    const { revisions } = await write(this.client, writes);
    return touched.map((open) => this.#told(open, revisions.get(open.row.id) ?? 0));
  }

  #told({ conversation, bases, dueTurns }: Open, revision: number): Committed {
    const events = this.#events.get(conversation.id) ?? [];
    const positions = new Map<number, number>();
    for (const event of events) {
      const base = event.type === 'message.received' ? bases.get(event.facts.thread) : undefined;
      if (base !== undefined) positions.set(event.seq, base + event.seq);
    }
    const { seq } = conversation;
    return {
      outcome: 'committed',
      conversation,
      events,
      seq,
      positions,
      deliveries: [],
      hasDueTurn: dueTurns > 0,
      revision,
    };
  }
}
