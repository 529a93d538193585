import { z } from 'zod';
import type { DeliveryState, Receipt } from '../../gateway/model/delivery.ts';
import type { EventShapes, EventType } from '../../gateway/model/events.ts';
import type { ConversationId, DeliveryId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { content, type shownDelivery, type TranscriptItem, type transcript } from '../api.ts';
import { type Names, readNames, showOwner } from './names.ts';

export type Transcript = z.infer<typeof transcript>;
export type ShownDelivery = z.infer<typeof shownDelivery>;

/** Which part of a transcript: what came after a number, or the newest page, or the page before a number. */
export interface Part {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

/** What people read. The rest of the log is for machines: turns, timers, the bot's requests before their outcome. */
const SHOWN = [
  'message.received',
  'message.sent',
  'message.edited',
  'message.deleted',
  'reaction.changed',
  'message.labelled',
  'message.interrupted',
  'note.added',
  'owner.changed',
  'conversation.opened',
  'conversation.closed',
  'thread.started',
  'action.completed',
  'action.unknown',
  'conversation.continued',
  'conversation.rated',
  'conversation.moved',
  'identity.proved',
  'identity.linked',
  'identity.unlinked',
  'turn.failed',
  'urgency.raised',
] as const satisfies readonly EventType[];
type ShownType = (typeof SHOWN)[number];

/** An event of the type with what its line needs besides. */
type Row = {
  [T in ShownType]: {
    readonly type: T;
    readonly facts: EventShapes[T]['facts'];
    readonly seq: number;
    readonly at: Date;
    readonly content: unknown;
    readonly emoji: string[] | null;
    readonly text: string | null;
    readonly client_id: string | null;
    readonly action_name: string | null;
    readonly delivery: DeliveryRow | null;
  };
}[ShownType];

interface DeliveryRow {
  readonly id: DeliveryId;
  readonly seq: number;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly receipt: Receipt | null;
  readonly reason: string | null;
  readonly possibly_twice: boolean;
  readonly revision: number;
}

const lines = (order: 'asc' | 'desc') => `
  select c.seq as head, e.* from conversation c
  left join lateral (
    select e.type, e.facts, e.seq, e.at, r.facts ->> 'name' as action_name,
      case when e.type in ('message.received', 'message.sent', 'message.edited') then e.body -> 'content' end as content,
      case when e.type = 'reaction.changed' then e.body -> 'emoji' end as emoji,
      case when e.type = 'note.added' then e.body ->> 'text' end as text,
      case when e.type in ('message.received', 'message.sent', 'note.added') then e.body ->> 'clientId' end
        as client_id,
      case when d.id is not null then json_build_object('id', d.id, 'seq', d.seq, 'channel', d.channel,
        'state', d.state, 'receipt', d.receipt, 'reason', d.reason, 'possibly_twice', d.possibly_twice,
        'revision', d.revision) end as delivery
    from event e
    left join delivery d on (e.type = 'message.sent' or e.facts ? 'carried') and d.conversation = e.conversation and d.seq = e.seq
    left join action a on a.id =
      case when e.type in ('action.completed', 'action.unknown') then (e.facts ->> 'action')::uuid end
    left join event r on r.conversation = e.conversation and r.seq = a.seq
    where e.conversation = c.id and e.type = any($2) and e.seq > $3 and e.seq < $4
    order by e.seq ${order} limit $5
  ) e on true
  where c.id = $1 order by e.seq`;

const MAX_SEQ = Number.MAX_SAFE_INTEGER;

/**
 * Part of a transcript, oldest line first; undefined where there is no such conversation. Head and lines are of one
 * moment, so lines after `after` up to the head are complete where they are fewer than `limit`.
 */
export async function readTranscript(
  db: Database,
  id: ConversationId,
  { after, before, limit }: Part,
): Promise<Transcript | undefined> {
  const forward = after !== undefined && before === undefined;
  const { rows } = await db.query<{ head: number } & Row>(lines(forward ? 'asc' : 'desc'), [
    id,
    SHOWN,
    after ?? 0,
    before ?? MAX_SEQ,
    limit + (forward ? 0 : 1),
  ]);
  const first = rows[0];
  if (!first) return undefined;
  // A conversation without lines in this part gives one row that has only the head.
  const found: readonly Row[] = first.type === null ? [] : rows;
  const page = forward ? found : found.slice(-limit);
  const names = await readNames(db, operatorsIn(page));
  return {
    items: page.map((row) => toItem(row, names)),
    head: first.head,
    hasOlder: forward ? after > 0 : found.length > limit,
  };
}

/** The deliveries of the newest messages up to and with `seq`, at most `limit`: what a page that was away missed. */
export async function readDeliveries(
  db: Database,
  id: ConversationId,
  seq: number,
  limit: number,
): Promise<readonly { readonly seq: number; readonly delivery: ShownDelivery }[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select id, seq, channel, state, receipt, reason, possibly_twice, revision from delivery
     where conversation = $1 and seq <= $2 order by seq desc limit $3`,
    [id, seq, limit],
  );
  return rows.map((row) => ({ seq: row.seq, delivery: toShownDelivery(row) }));
}

function operatorsIn(rows: readonly Row[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const row of rows) {
    if (row.type === 'note.added') ids.add(row.facts.operator);
    else if (row.type === 'message.sent' && row.facts.author.kind === 'operator')
      ids.add(row.facts.author.operator);
    else if (row.type === 'conversation.closed' && row.facts.by.kind === 'operator')
      ids.add(row.facts.by.operator);
    else if (row.type === 'owner.changed') {
      for (const owner of [row.facts.from, row.facts.to])
        if (owner.kind === 'operator') ids.add(owner.operator);
    }
  }
  return ids;
}

function toItem(row: Row, names: Names): TranscriptItem {
  const { seq } = row;
  const at = row.at.toISOString();
  const clientId = row.client_id ?? undefined;
  switch (row.type) {
    case 'message.received':
      return {
        type: 'message',
        seq,
        at,
        from: 'client',
        channel: row.facts.channel,
        ...said(row),
        clientId,
        edited: row.facts.edited,
      };
    case 'message.edited':
    case 'message.deleted':
    case 'message.labelled':
    case 'reaction.changed':
      return {
        type: 'revision',
        seq,
        at,
        of: row.facts.of,
        what: REVISIONS[row.type],
        by: BY[row.facts.by.kind],
        content: said(row).content,
        emoji: row.emoji ?? [],
        ...(row.delivery && { delivery: toShownDelivery(row.delivery) }),
        ...(row.type === 'message.labelled' && { intent: row.facts.intent }),
      };
    case 'message.sent':
      return { type: 'message', seq, at, ...authorOf(row, names), ...said(row), ...sending(row), clientId };
    case 'note.added': {
      const by = names.get(row.facts.operator) ?? '';
      return { type: 'note', seq, at, by, text: row.text ?? '', clientId };
    }
    case 'owner.changed': {
      const { from, to, reason } = row.facts;
      const show = (owner: typeof from) => showOwner(owner, (id) => names.get(id));
      return { type: 'owner', seq, at, from: show(from), to: show(to), reason };
    }
    default:
      return { type: 'line', seq, at, what: row.type, detail: defined(detailOf(row, names)) };
  }
}

const REVISIONS = {
  'message.edited': 'edited',
  'message.deleted': 'deleted',
  'reaction.changed': 'reaction',
  'message.labelled': 'labelled',
} as const;
const BY = { contact: 'client', bot: 'bot', operator: 'operator', hub: 'system' } as const;

type Said = Pick<Extract<TranscriptItem, { type: 'message' }>, 'content' | 'erased'>;

function said(row: Row): Said {
  if (row.content === null || row.content === undefined) return { content: [], erased: true };
  return { content: contentList.parse(row.content), erased: false };
}

/** A part that a newer program wrote is shown by its kind rather than failing the page. */
const contentList = z.array(
  z.union([
    content,
    z.object({ kind: z.string() }).transform(({ kind }) => ({ kind: 'unsupported' as const, what: kind })),
  ]),
);

function authorOf(row: Extract<Row, { type: 'message.sent' }>, names: Names) {
  const { author } = row.facts;
  return author.kind === 'operator'
    ? { from: author.kind, by: names.get(author.operator) ?? '' }
    : { from: author.kind };
}

function sending({ delivery }: Row) {
  return delivery ? { channel: delivery.channel, delivery: toShownDelivery(delivery) } : { channel: '' };
}

type Detail = Readonly<Record<string, string | undefined>>;

function detailOf(row: Row, names: Names): Detail {
  switch (row.type) {
    case 'conversation.closed': {
      const { by, reason } = row.facts;
      return { by: by.kind, reason, name: by.kind === 'operator' ? names.get(by.operator) : undefined };
    }
    case 'action.completed':
      return { name: row.action_name ?? undefined, outcome: row.facts.outcome, code: row.facts.code };
    case 'action.unknown':
      return { name: row.action_name ?? undefined, code: row.facts.reason };
    case 'urgency.raised':
      return { reason: row.facts.reason };
    case 'conversation.rated':
      return { score: `${row.facts.score}` };
    case 'conversation.moved':
      return { channel: row.facts.channel, fromChannel: row.facts.from };
    case 'identity.linked':
      return { how: row.facts.how, secondary: row.facts.secondary && 'true' };
    case 'identity.proved':
      return { evidence: row.facts.evidence, how: row.facts.how };
    default:
      return {};
  }
}

function defined(detail: Detail): Record<string, string> {
  return Object.fromEntries(
    Object.entries(detail).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

type Shown = Pick<DeliveryRow, 'id' | 'state' | 'revision'> & {
  readonly receipt?: Receipt | null;
  readonly reason?: string | null;
} & ({ readonly possibly_twice: boolean } | { readonly possiblyTwice: boolean });

/** A delivery as pages show it, from its row or from a live update. */
export function toShownDelivery(delivery: Shown): ShownDelivery {
  const { id, state, revision, receipt, reason } = delivery;
  return {
    id,
    state,
    ...(receipt ? { receipt } : {}),
    ...(reason ? { reason } : {}),
    possiblyTwice: 'possiblyTwice' in delivery ? delivery.possiblyTwice : delivery.possibly_twice,
    revision,
  };
}
