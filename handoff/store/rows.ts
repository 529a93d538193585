import type { ContactId, ConversationId, OperatorId } from '../../gateway/model/ids.ts';
import type { Owner } from '../../gateway/model/owner.ts';
import { maskedContact } from '../../gateway/move-question.ts';
import type { Database } from '../../gateway/store/database.ts';
import { toOwner } from '../../gateway/store/rows.ts';
import { readTally } from '../../gateway/store/tallies.ts';
import type { ConversationRow } from '../api.ts';
import { showOwner } from './names.ts';

interface Row {
  id: ConversationId;
  revision: number;
  status: 'open' | 'closed';
  seq: number;
  epoch: number;
  owner_kind: Owner['kind'];
  owner_id: string | null;
  owner_name: string | null;
  since: Date;
  contact: ContactId;
  name: string | null;
  username: string | null;
  external_user: string | null;
  evidence: ConversationRow['contact']['evidence'] | null;
  channel: string | null;
  locale: string | null;
  unread: number;
  urgent: string | null;
  reason: string | null;
  last_from: string | null;
  last_at: Date | null;
  last_text: string | null;
  last_kind: string | null;
  last_deleted: boolean | null;
}

/**
 * Since when the client of a queued conversation waits for a person of ours: the index of the queue's order has it in
 * these words.
 */
export const waitsSince = (row: string) => `coalesce(${row}.waits_since, ${row}.owner_since)`;

/** Longest preview of a message, in characters. */
const PREVIEW = 200;

/**
 * Rows of lists for the conversations that `chosen` selects, in that order; each costs four look-ups in the log by
 * its key. What people said last tells more than the bot's "an operator is coming", which stands under all that wait.
 */
const rowsOf = (chosen: string, order: string) => `
  select c.id, c.revision, c.status, c.seq, c.epoch, c.owner_kind, c.owner_id, u.name as owner_name,
    coalesce(c.closed_at, case when c.owner_kind = 'queue' then ${waitsSince('c')} else c.owner_since end) as since,
    c.contact, i.name, i.username, i.external_user, i.evidence, t.channel,
    c.turn ->> 'locale' as locale, c.unread, c.urgent, h.reason, m.at as last_at, w.text as last_text,
    w.kind as last_kind, v.type = 'message.deleted' as last_deleted,
    case m.type when 'message.received' then 'client' else m.author end as last_from
  from (${chosen}) c
  left join users u on c.owner_kind = 'operator' and u.id::text = c.owner_id
  left join thread t on t.id = c.thread
  left join identity i on i.id = t.identity
  left join lateral (
    select e.facts ->> 'reason' as reason from event e
    where e.conversation = c.id and e.seq = c.last_handoff
  ) h on true
  left join lateral (
    select e.seq, e.at, e.type, e.facts -> 'author' ->> 'kind' as author, e.body
    from event e where e.conversation = c.id and e.seq = coalesce((
      select p.seq from event p
      where p.conversation = c.id and p.seq <= c.last_message
        and (p.type = 'message.received' or p.type = 'message.sent' and p.facts -> 'author' ->> 'kind' = 'operator')
      order by p.seq desc limit 1
    ), c.last_message)
  ) m on true
  left join lateral (
    select e.type, e.body from event e
    where e.conversation = c.id and e.seq > m.seq and e.type in ('message.edited', 'message.deleted')
      and (e.facts ->> 'of')::bigint = m.seq
    order by e.seq desc limit 1
  ) v on true
  left join lateral (
    select (array_agg(part ->> 'kind'))[1] as kind, left(string_agg(case part ->> 'kind'
        when 'text' then part ->> 'text'
        when 'choice' then coalesce(part ->> 'text', part ->> 'id')
        when 'card' then part ->> 'title'
        when 'contact' then part ->> 'name'
        when 'location' then coalesce(part ->> 'title', part ->> 'address')
        when 'unsupported' then '[' || (part ->> 'what') || ']'
        else part ->> 'caption' end, ' '), ${PREVIEW}) as text
    from jsonb_array_elements(coalesce(v.body, m.body) -> 'content') part
  ) w on v.type is distinct from 'message.deleted'
  order by ${order}`;

const BY_ID = rowsOf('select c.* from conversation c where c.id = any($1)', 'c.id');

/** The rows of these conversations, in the order of their ids. */
export async function readRows(db: Database, ids: readonly ConversationId[]): Promise<ConversationRow[]> {
  const { rows } = await db.query<Row>(BY_ID, [ids]);
  return rows.map(toRow);
}

/** The place of a row in the order of its view; what comes after it is the next page. */
export interface Cursor {
  /** Of the queue: it stands before those that are not. */
  readonly isUrgent: boolean;
  readonly at: Date;
  readonly id: ConversationId;
}

type View = 'queue' | 'mine' | 'all' | 'closed';

interface Choice {
  /** $1 is how many; the values follow. */
  readonly where: string;
  readonly values: readonly unknown[];
  readonly order: string;
}

const FIRST: Cursor = {
  isUrgent: true,
  at: new Date(0),
  id: '00000000-0000-0000-0000-000000000000' as ConversationId,
};
const LAST: Cursor = {
  isUrgent: false,
  at: new Date('9999-12-31T00:00:00Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' as ConversationId,
};

const VIEWS: Readonly<Record<View, (operator: OperatorId, after?: Cursor) => Choice>> = {
  queue: (_operator, { isUrgent, at, id } = FIRST) => ({
    where: `c.status = 'open' and c.owner_kind = 'queue'
      and ((c.urgent is null), ${waitsSince('c')}, c.id) > ($4, $2, $3)`,
    values: [at, id, !isUrgent],
    order: `(c.urgent is null), ${waitsSince('c')}, c.id`,
  }),
  mine: (operator, { at, id } = LAST) => ({
    where: `c.status = 'open' and c.owner_kind = 'operator' and c.owner_id = $4
      and (c.owner_since, c.id) < ($2, $3)`,
    values: [at, id, operator],
    order: 'c.owner_since desc, c.id desc',
  }),
  all: (_operator, { id } = LAST) => ({
    where: `c.status = 'open' and c.id < $2`,
    values: [id],
    order: 'c.id desc',
  }),
  closed: (_operator, { at, id } = LAST) => ({
    where: `c.status = 'closed' and (c.closed_at, c.id) < ($2, $3)`,
    values: [at, id],
    order: 'c.closed_at desc, c.id desc',
  }),
};

/** A page of a view as `operator` sees it, and the cursor of the next page where there is one. */
export async function listRows(
  db: Database,
  operator: OperatorId,
  view: View,
  limit: number,
  after?: Cursor,
): Promise<{ rows: ConversationRow[]; next?: Cursor }> {
  const { where, values, order } = VIEWS[view](operator, after);
  const chosen = `select c.* from conversation c where ${where} order by ${order} limit $1`;
  const { rows } = await db.query<Row>(rowsOf(chosen, order), [limit + 1, ...values]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(toRow),
    ...(rows.length > limit && last
      ? { next: { isUrgent: last.urgent !== null, at: last.since, id: last.id } }
      : {}),
  };
}

/** How many open conversations there are: waiting, with each operator, and in all. */
export interface Counts {
  readonly queue: number;
  readonly all: number;
  readonly byOperator: ReadonlyMap<string, number>;
}

export async function readCounts(db: Database): Promise<Counts> {
  const owned = [...(await readTally(db, 'open'))];
  const sum = (counted: typeof owned) => counted.reduce((total, [, count]) => total + count, 0);
  return {
    queue: sum(owned.filter(([owner]) => owner.startsWith('queue:'))),
    all: sum(owned),
    byOperator: new Map(
      owned.flatMap(([owner, count]) =>
        owner.startsWith('operator:') ? [[owner.slice('operator:'.length), count]] : [],
      ),
    ),
  };
}

/** The counts as one operator sees them. */
export function countsFor(
  counts: Counts,
  operator: OperatorId,
): { queue: number; mine: number; all: number } {
  return { queue: counts.queue, mine: counts.byOperator.get(operator) ?? 0, all: counts.all };
}

function toRow(row: Row): ConversationRow {
  const owner = toOwner(row.owner_kind, row.owner_id);
  const name = row.name ?? row.username ?? maskedContact(row.external_user ?? '', undefined);
  const last = lastOf(row);
  const reason = row.urgent ?? row.reason;
  return {
    id: row.id,
    revision: row.revision,
    status: row.status,
    owner: showOwner(owner, () => row.owner_name ?? undefined),
    epoch: row.epoch,
    seq: row.seq,
    ownerSince: row.since.toISOString(),
    contact: {
      id: row.contact,
      evidence: row.evidence ?? 'claimed',
      ...(name === undefined ? {} : { name }),
    },
    channel: row.channel ?? '',
    locale: row.locale === 'en' ? 'en' : 'ru',
    unread: row.unread,
    // Back with the bot, the reason of the last handoff is history.
    ...(reason !== null && owner.kind !== 'bot' ? { reason } : {}),
    ...(row.urgent !== null && { urgent: true as const }),
    ...(last ? { last } : {}),
  };
}

function lastOf({ last_from, last_at, last_text, last_kind, last_deleted }: Row): ConversationRow['last'] {
  if (last_at === null) return undefined;
  const from = AUTHORS.find((author) => author === last_from) ?? 'system';
  return {
    from,
    text: last_text ?? '',
    at: last_at.toISOString(),
    ...(last_text === null && last_kind !== null && { kind: last_kind }),
    ...(last_deleted && { deleted: true as const }),
  };
}

const AUTHORS = ['client', 'bot', 'operator', 'system'] as const;
