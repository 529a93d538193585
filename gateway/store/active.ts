import type { Change, Changed } from '../change.ts';
import { createLru } from '../lru.ts';
import { carriedBy, type EventType } from '../model/events.ts';
import type { ConversationId, ThreadId } from '../model/ids.ts';
import type { Binding, Found, Place, Resolved } from './found.ts';
import { dedupeKey, type Planned } from './plan.ts';
import type { ConversationRow } from './rows.ts';
import { besideAnother } from './secondary.ts';
import type { Written } from './statement.ts';

/** A batch that was committed. */
export interface Commit {
  readonly changes: readonly Change[];
  readonly found: Found;
  readonly planned: Planned;
  readonly written: Written;
}

/**
 * What is remembered of conversations in which something happens now, so that their next changes are decided without
 * reading. It may be out of date: each batch that was decided on it is conditional on the revisions of its rows.
 */
export interface Active {
  /** The conversation that a change belongs to, where it is known. */
  conversationOf(change: Change): ConversationId | undefined;
  /** True where a change can be decided on what is remembered. */
  knows(change: Change): boolean;
  /** All that changes which `knows` are decided on. */
  find(changes: readonly Change[]): Found;
  remember(commit: Commit): void;
  /** Without one: all. */
  forget(conversation?: ConversationId): void;
}

interface Entry {
  /** A forgotten conversation that is remembered again has another: its senders are read again. */
  readonly generation: number;
  readonly row: ConversationRow;
  readonly dueTurns: number;
  /** Of threads that no other conversation had since; what is said on others is decided on what is stored. */
  readonly bindings: readonly Binding[];
  readonly places: ReadonlyMap<ThreadId, Place>;
}

interface Sender {
  readonly conversation: ConversationId;
  readonly generation: number;
  readonly resolved: Resolved;
  /** By performance.now(): until then the proof counts. */
  readonly provedUntilMs: number;
}

const MAX_CONVERSATIONS = 10_000;
const MAX_KEYS = 50_000;

/** What opens, closes or hands over a conversation, or proves who the client is, is decided on what is stored. */
const READ_FIRST: ReadonlySet<EventType> = new Set([
  'conversation.opened',
  'conversation.closed',
  'conversation.continued',
  'context.carried',
  'conversation.moved',
  'identity.linked',
  'identity.unlinked',
  'owner.changed',
  'identity.proved',
  'thread.bound',
]);

/** `termOf`: only conversations whose shard this node works are remembered; others change elsewhere. */
export function createActive(termOf: (shard: number) => number | undefined): Active {
  let entries = createLru<ConversationId, Entry>(MAX_CONVERSATIONS);
  let senders = createLru<string, Sender>(MAX_CONVERSATIONS);
  // A key that is repeated would make its whole batch fail; most are repeated soon.
  const recentKeys = createLru<string, true>(MAX_KEYS);
  let generations = 0;

  function entryOf(change: Change): Entry | undefined {
    const id = conversationOf(change);
    const entry = id && entries.get(id);
    return entry && termOf(entry.row.shard) !== undefined ? entry : undefined;
  }

  function conversationOf(change: Change): ConversationId | undefined {
    return 'channel' in change ? senders.get(senderKey(change))?.conversation : change.conversation;
  }

  function knows(change: Change): boolean {
    if (change.dedupe && recentKeys.get(dedupeKey(change.dedupe))) return false;
    const entry = entryOf(change);
    if (!entry) return false;
    if (!('channel' in change)) {
      return change.events.every((event) => {
        const carried = carriedBy(event);
        return !READ_FIRST.has(event.type) && (!carried || entry.places.has(carried.thread));
      });
    }
    const sender = senders.get(senderKey(change));
    return (
      sender?.generation === entry.generation &&
      entry.places.has(sender.resolved.thread) &&
      isAsBefore(change.sender, sender.resolved)
    );
  }

  function find(changes: readonly Change[]): Found {
    const conversations = new Map<ConversationId, ConversationRow>();
    const dueTurns = new Map<ConversationId, number>();
    const bindings: Binding[] = [];
    const places = new Map<ThreadId, Place>();
    const terms = new Map<number, number>();
    for (const change of changes) {
      const entry = entryOf(change);
      if (!entry || conversations.has(entry.row.id)) continue;
      const { row } = entry;
      conversations.set(row.id, { ...row });
      dueTurns.set(row.id, entry.dueTurns);
      bindings.push(...entry.bindings);
      for (const [thread, place] of entry.places) places.set(thread, place);
      const term = termOf(row.shard);
      if (term !== undefined) terms.set(row.shard, term);
    }
    return {
      resolved: changes.map((change) => ('channel' in change ? resolvedOf(change) : undefined)),
      duplicates: new Map(),
      conversations: [...conversations.values()],
      dueTurns,
      previous: new Map(),
      bindings,
      places,
      terms,
    };
  }

  function resolvedOf(change: Extract<Change, { channel: string }>): Resolved | undefined {
    const sender = senders.get(senderKey(change));
    if (!sender) return undefined;
    const { resolved, provedUntilMs } = sender;
    const isProved = performance.now() < provedUntilMs;
    if (isProved || resolved.evidence === 'claimed') return resolved;
    return { ...resolved, evidence: 'claimed', provedForMs: undefined };
  }

  function remember({ changes, found, planned, written }: Commit): void {
    const proved = new Set(
      planned.writes.events.flatMap((event) =>
        event.type === 'identity.proved' ? [event.conversation] : [],
      ),
    );
    const isBesideAnother = besideAnother(found.conversations);
    const newest = newestOf([...found.bindings, ...planned.writes.bindings]);
    const isNewest = ({ thread, conversation }: Pick<Binding, 'thread' | 'conversation'>) =>
      newest.get(thread) === conversation;
    for (const binding of found.bindings) if (!isNewest(binding)) entries.delete(binding.conversation);
    for (const { row, dueTurns } of planned.changed) {
      const decidedOn = row.revision;
      row.revision = written.revisions.get(row.id) ?? row.revision;
      const isReadAlways = proved.has(row.id) || isBesideAnother.has(row.id);
      if (row.status === 'closed' || isReadAlways || termOf(row.shard) === undefined) {
        entries.delete(row.id);
        continue;
      }
      const known = entries.get(row.id);
      const bindings = merged(
        known?.bindings ?? [],
        [...found.bindings, ...newBindings(planned, row)].filter(
          (binding) => binding.conversation === row.id && isNewest(binding),
        ),
      );
      const places = new Map(known?.places);
      for (const { thread } of bindings) {
        const place = found.places.get(thread);
        if (place) places.set(thread, place);
      }
      // Another node changed it since, and may have linked or parted who writes in it.
      const isAsKnown = known?.row.revision === decidedOn;
      const generation = isAsKnown ? known.generation : ++generations;
      entries.set(row.id, { generation, row, dueTurns, bindings, places });
    }
    for (const [index, change] of changes.entries()) {
      const result = planned.results[index];
      if (result?.outcome === 'committed') rememberOne(change, result, found.resolved[index]);
      if (result?.outcome === 'duplicate') rememberKey(change);
    }
  }

  function rememberOne(
    change: Change,
    { conversation }: Extract<Changed, { outcome: 'committed' }>,
    resolved: Resolved | undefined,
  ): void {
    rememberKey(change);
    const generation = entries.get(conversation.id)?.generation;
    if (!('channel' in change) || !resolved || generation === undefined) return;
    const key = senderKey(change);
    const known = senders.get(key);
    if (known?.generation === generation && known.resolved === resolved) return;
    const provedUntilMs = performance.now() + (resolved.provedForMs ?? 0);
    senders.set(key, { conversation: conversation.id, generation, resolved, provedUntilMs });
  }

  function rememberKey({ dedupe }: Change): void {
    if (dedupe) recentKeys.set(dedupeKey(dedupe), true);
  }

  return {
    conversationOf,
    knows,
    find,
    remember,
    forget(conversation) {
      if (conversation !== undefined) return entries.delete(conversation);
      entries = createLru(MAX_CONVERSATIONS);
      senders = createLru(MAX_CONVERSATIONS);
    },
  };
}

/** Which conversation had each thread last, where the newest comes last. */
function newestOf(
  bindings: readonly Pick<Binding, 'thread' | 'conversation'>[],
): ReadonlyMap<ThreadId, ConversationId> {
  return new Map(bindings.map(({ thread, conversation }) => [thread, conversation]));
}

function merged(before: readonly Binding[], after: readonly Binding[]): readonly Binding[] {
  if (before.length === 0) return after;
  const isNew = ({ thread, since }: Binding) =>
    before.every((binding) => binding.thread !== thread || binding.since !== since);
  return after.some(isNew) ? [...before, ...after.filter(isNew)] : before;
}

function newBindings({ writes }: Planned, { id, seq }: ConversationRow): Binding[] {
  return writes.bindings
    .filter(({ conversation }) => conversation === id)
    .map(({ thread, conversation, base, since, bound_at }) => ({
      thread,
      conversation,
      base,
      since,
      seq,
      isOpen: true,
      boundAt: bound_at,
    }));
}

/** What a connector proves is checked against what is stored, and a new name is stored. */
function isAsBefore(
  { proof, name, username }: Extract<Change, { channel: string }>['sender'],
  resolved: Resolved,
): boolean {
  return (
    !proof &&
    (name === undefined || name === resolved.name) &&
    (username === undefined || username === resolved.username)
  );
}

function senderKey({ channel, sender }: Extract<Change, { channel: string }>): string {
  return `${channel}\n${sender.externalUser}\n${sender.externalThread}`;
}
