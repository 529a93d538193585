import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { readableText } from '../../gateway/model/content.ts';
import type {
  ConversationRow,
  ConversationView,
  conversationList,
  SearchHit,
  shownDelivery,
  TranscriptItem,
} from '../../handoff/api.ts';
import type { LiveOut } from '../../handoff/live-api.ts';

type Counts = z.infer<typeof conversationList>['counts'];
type Delivery = z.infer<typeof shownDelivery>;
type Message = Extract<TranscriptItem, { type: 'message' }>;
/** An item without what the desk itself knows: its place and, unless given, its time. */
type NewItem = TranscriptItem extends infer Item
  ? Item extends TranscriptItem
    ? Omit<Item, 'seq' | 'at'> & { at?: string }
    : never
  : never;

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly mayAnswer: boolean;
}

interface Kept {
  view: ConversationView;
  items: TranscriptItem[];
  nextSeq: number;
}

/** A page that is connected live. */
export interface Watcher {
  readonly person: Person;
  watched: string | null;
  send(frame: LiveOut): void;
}

const EPOCH = Date.parse('2026-11-23T09:00:00.000Z');

/** Conversations in memory that behave as the desk's API says; changes reach the watchers. */
export class DeskState {
  readonly watchers = new Set<Watcher>();
  readonly said = new Map<string, number>();
  private readonly kept = new Map<string, Kept>();
  private made = 0;

  private now(): Date {
    return new Date();
  }

  /** A conversation of a client with the bot; `over` sets what differs. */
  open(over: Partial<ConversationView> = {}): string {
    this.made += 1;
    const id = over.id ?? idOf(this.made);
    const at = over.ownerSince ?? this.now().toISOString();
    const contact = { id: randomUUID(), name: 'Анна Соколова', evidence: 'claimed' as const };
    const view: ConversationView = {
      id,
      revision: 1,
      status: 'open',
      owner: { kind: 'bot' },
      epoch: 1,
      seq: 0,
      ownerSince: at,
      contact,
      channel: 'webchat',
      locale: 'ru',
      unread: 0,
      identities: [],
      alike: [],
      history: [],
      maxText: 4096,
      files: 'native',
      revisable: [{ channel: over.channel ?? 'webchat', edit: true, delete: true, react: true }],
      ...over,
    };
    const identity = {
      id: randomUUID(),
      channel: view.channel,
      evidence: view.contact.evidence,
      linked: false,
    };
    if (view.identities.length === 0) {
      view.identities = [view.contact.name ? { ...identity, name: view.contact.name } : identity];
    }
    this.kept.set(id, { view, items: [], nextSeq: 1 });
    return id;
  }

  /** Stores an item and tells the watchers. Returns its place. */
  add(id: string, item: NewItem): number {
    const kept = this.get(id);
    const seq = kept.nextSeq;
    kept.nextSeq += 1;
    const stored = { ...item, seq, at: item.at ?? this.now().toISOString() } as TranscriptItem;
    kept.items.push(stored);
    const changes: Partial<ConversationRow> = { seq };
    if (stored.type === 'message') Object.assign(changes, afterMessage(kept.view, stored));
    for (const watcher of this.watchers) {
      if (watcher.watched === id)
        watcher.send({ type: 'items', conversation: id, items: [stored], head: seq });
    }
    this.change(id, changes);
    return seq;
  }

  /** Messages and notes that hold these very characters, the newest first. */
  search(text: string): SearchHit[] {
    const hits = [...this.kept.values()].flatMap(({ view, items }) =>
      items.flatMap((item): SearchHit[] => {
        const said = textOf(item);
        const start = said.indexOf(text);
        const from = item.type === 'message' ? item.from : 'note';
        if (start < 0) return [];
        const marks = [{ start, end: start + text.length }];
        return [{ conversation: rowOf(view), seq: item.seq, at: item.at, from, text: said, marks }];
      }),
    );
    return hits.sort((one, two) => two.at.localeCompare(one.at) || two.seq - one.seq);
  }

  clientSays(id: string, text: string, at?: string): number {
    const { channel } = this.get(id).view;
    return this.add(id, {
      type: 'message',
      from: 'client',
      channel,
      content: [{ kind: 'text', text }],
      erased: false,
      ...(at ? { at } : {}),
    });
  }

  botSays(id: string, text: string, choices: string[] = [], at?: string): number {
    const { channel } = this.get(id).view;
    const offered = choices.map((choice, index) => ({ id: String(index), text: choice }));
    return this.add(id, {
      type: 'message',
      from: 'bot',
      channel,
      content: [
        { kind: 'text', text },
        ...(offered.length > 0 ? [{ kind: 'choices' as const, choices: offered }] : []),
      ],
      erased: false,
      delivery: delivery('accepted', 'read'),
      ...(at ? { at } : {}),
    });
  }

  operatorSays(id: string, by: string, text: string, over: Partial<Message> = {}): number {
    const { channel } = this.get(id).view;
    return this.add(id, {
      type: 'message',
      from: 'operator',
      by,
      channel,
      content: [{ kind: 'text', text }],
      erased: false,
      delivery: delivery('accepted'),
      ...over,
    });
  }

  /** Moves a conversation to another owner, as an act of this person or of the bot. */
  own(id: string, owner: ConversationRow['owner'], reason: string, at?: string): void {
    const { view } = this.get(id);
    this.add(id, { type: 'owner', from: view.owner, to: owner, reason, ...(at ? { at } : {}) });
    const since = at ?? this.now().toISOString();
    const status = owner.kind === 'nobody' ? 'closed' : view.status;
    this.change(id, {
      owner,
      status,
      epoch: this.get(id).view.epoch + 1,
      ownerSince: since,
      ...(owner.kind === 'queue' ? { reason } : {}),
      ...(owner.kind === 'operator' ? { unread: 0 } : {}),
    });
  }

  /** What the bot handed over with the conversation. */
  explain(id: string, context: Partial<NonNullable<ConversationView['context']>>): void {
    const { view } = this.get(id);
    view.context = {
      reason: view.reason ?? 'asked',
      summary: '',
      slots: [],
      steps: [],
      misses: [],
      contact: view.contact,
      channel: view.channel,
      locale: view.locale,
      at: this.now().toISOString(),
      ...context,
    };
  }

  deliver(id: string, seq: number, state: Partial<Delivery>): void {
    const item = this.get(id).items.find((each) => each.seq === seq);
    if (item?.type !== 'message' || !item.delivery) throw new Error(`nothing of ours at ${seq}`);
    item.delivery = { ...item.delivery, ...state, revision: item.delivery.revision + 1 };
    for (const watcher of this.watchers) {
      if (watcher.watched === id)
        watcher.send({ type: 'delivery', conversation: id, seq, delivery: item.delivery });
    }
  }

  typing(id: string, from: 'client' | 'operator' = 'client'): void {
    for (const watcher of this.watchers) {
      if (watcher.watched === id) watcher.send({ type: 'typing', conversation: id, from });
    }
  }

  get(id: string): Kept {
    const kept = this.kept.get(id);
    if (!kept) throw new Error(`no conversation ${id}`);
    return kept;
  }

  has(id: string): boolean {
    return this.kept.has(id);
  }

  rows(): ConversationRow[] {
    return [...this.kept.values()].map(({ view }) => rowOf(view));
  }

  counts(person: Person): Counts {
    const counts = { queue: 0, mine: 0, all: 0 };
    for (const { view } of this.kept.values()) {
      if (view.status !== 'open') continue;
      counts.all += 1;
      if (view.owner.kind === 'queue') counts.queue += 1;
      if (view.owner.kind === 'operator' && view.owner.operator === person.id) counts.mine += 1;
    }
    return counts;
  }

  private change(id: string, changes: Partial<ConversationRow>): void {
    const kept = this.get(id);
    kept.view = { ...kept.view, ...changes, revision: kept.view.revision + 1 };
    const row = rowOf(kept.view);
    for (const watcher of this.watchers) {
      watcher.send({ type: 'row', row, counts: this.counts(watcher.person) });
    }
  }
}

/** A delivery at the beginning of its life. */
export function delivery(state: Delivery['state'], receipt?: Delivery['receipt']): Delivery {
  return { id: randomUUID(), state, possiblyTwice: false, revision: 1, ...(receipt ? { receipt } : {}) };
}

function afterMessage(view: ConversationView, message: Message): Partial<ConversationRow> {
  const text = message.content.map((part) => ('text' in part ? part.text : '')).join(' ');
  const unread = message.from === 'client' ? view.unread + 1 : message.from === 'operator' ? 0 : view.unread;
  return { unread, last: { from: message.from, text, at: message.at } };
}

/** What a person reads of a message or a note. */
function textOf(item: TranscriptItem): string {
  if (item.type === 'note') return item.text;
  return item.type === 'message' ? readableText(item.content) : '';
}

function rowOf({ context, identities, alike, history, maxText, ...row }: ConversationView): ConversationRow {
  return row;
}

/** Time-ordered, as the hub's are. */
function idOf(number: number): string {
  const time = (EPOCH + number * 1000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
