import { apply, type Conversation, emptyConversation } from '../model/conversation.ts';
import type { ContactId, ConversationId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { type ConversationRow, type EventRow, toConversation, toEvent } from './rows.ts';

/** What `verify` found: counts of what was looked at, and a line for each thing that is not as it must be. */
export interface Verified {
  readonly ok: boolean;
  readonly checked: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
  /** Attempts to send whose outcome nobody knows; each may have reached the contact. */
  readonly unknown: number;
  readonly quarantined: number;
  readonly dead: number;
}

interface Invariant {
  /** Names the count in `checked`. */
  readonly name: string;
  /** How many things are looked at. */
  readonly count: string;
  /** One row, `{ what }`, for each thing that breaks it. */
  readonly broken: string;
}

const INVARIANTS: readonly Invariant[] = [
  {
    name: 'events without gaps',
    count: 'select count(*) as count from event',
    broken: `select 'conversation ' || c.id || ' says ' || c.seq || ' events and has ' || count(e.seq) as what
      from conversation c left join event e on e.conversation = c.id
      group by c.id having count(e.seq) <> c.seq or min(e.seq) <> 1 or max(e.seq) <> c.seq`,
  },
  {
    name: 'each dedupe key once, and its event stored',
    count: 'select count(*) as count from dedupe',
    broken: `select 'key ' || md5(d.key) || ' of ' || d.scope || ' points to no event' as what from dedupe d
      where not exists (select from event e where e.conversation = d.conversation and e.seq = d.seq)`,
  },
  {
    name: 'one open conversation a contact',
    count: `select count(*) as count from conversation where status = 'open'`,
    broken: `select 'contact ' || contact || ' has ' || count(*) || ' open conversations' as what
      from conversation where status = 'open' group by contact having count(*) > 1`,
  },
  {
    name: 'one delivery a message',
    count: `select count(*) as count from event where type = 'message.sent'`,
    broken: `select 'message ' || e.seq || ' of conversation ' || e.conversation || ' has no delivery' as what
      from event e where e.type = 'message.sent'
        and not exists (select from delivery d where d.conversation = e.conversation and d.seq = e.seq)`,
  },
  {
    name: 'nothing belongs to what does not exist',
    count: 'select (select count(*) from delivery) + (select count(*) from attempt) as count',
    broken: `select 'delivery ' || d.id || ' has no message or no thread' as what from delivery d
        where not exists (select from event e where e.conversation = d.conversation and e.seq = d.seq)
          or not exists (select from thread t where t.id = d.thread)
      union all
      select 'attempt ' || a.number || ' has no delivery ' || a.delivery from attempt a
        where not exists (select from delivery d where d.id = a.delivery)
      union all
      select 'turn ' || t.seq || ' of conversation ' || t.conversation || ' is due and has no event' from due_turn t
        where not exists (select from event e where e.conversation = t.conversation and e.seq = t.seq)`,
  },
  {
    name: 'each delivery one fate',
    count: 'select count(*) as count from delivery',
    broken: `select 'delivery ' || d.id || ' is ' || d.state || ' after ' || d.attempts || ' attempts, of which '
        || count(a.number) || ' are recorded and ' || count(a.number) filter (where a.outcome is null) || ' are open' as what
      from delivery d left join attempt a on a.delivery = d.id group by d.id
      having count(a.number) <> d.attempts
        or count(a.number) filter (where a.outcome is null) <> case d.state when 'attempting' then 1 else 0 end
        or (d.state = 'unknown' and count(a.number) filter (where a.outcome = 'unknown') = 0)
        or (d.state = 'accepted' and d.attempts > 0 and count(a.number) filter (where a.outcome = 'accepted') < d.parts_accepted)
        or count(a.number) filter (where a.outcome = 'accepted') > d.parts_accepted`,
  },
  {
    name: 'a thread in order',
    count: 'select count(*) as count from attempt',
    broken: `select 'delivery ' || later.id || ' was attempted before ' || earlier.id || ' was finished' as what
      from delivery later
      join lateral (select min(marked_at) as at from attempt a where a.delivery = later.id) first on first.at is not null
      join delivery earlier on earlier.thread = later.thread and earlier.position < later.position
      where earlier.state in ('due', 'attempting')
         or exists (select from attempt a where a.delivery = earlier.id and a.marked_at > first.at)`,
  },
  {
    name: "no bot's message after a handoff",
    count: `select count(*) as count from delivery where author_kind = 'bot'`,
    broken: `select 'delivery ' || d.id || ', attempt ' || a.number || ' was marked behind the fence' as what
      from attempt a join delivery d on d.id = a.delivery
      where d.author_kind = 'bot' and a.epoch < a.fence`,
  },
  {
    name: 'no attempt under a stale term',
    count: 'select count(*) as count from shard',
    broken: `select 'delivery ' || a.delivery || ', attempt ' || a.number || ' carries term ' || a.term || ' of the future' as what
      from attempt a join delivery d on d.id = a.delivery join conversation c on c.id = d.conversation
      join shard s on s.shard = c.shard where a.term > s.term`,
  },
  {
    name: 'owners follow each other',
    count: `select count(*) as count from event where type = 'owner.changed'`,
    broken: `select 'conversation ' || conversation || ' changes its owner from another than it had, at ' || seq as what
      from (select conversation, seq, facts, row_number() over w as number, lag(facts -> 'to') over w as had
        from event where type = 'owner.changed' window w as (partition by conversation order by seq)) as changed
      where (facts ->> 'epoch')::integer <> number
         or facts -> 'from' <> coalesce(had, '{"kind": "bot"}'::jsonb)`,
  },
  {
    name: 'stored texts are what was hashed',
    count: 'select count(*) as count from event where body is not null',
    broken: `select 'event ' || seq || ' of conversation ' || conversation || ' was altered' as what from event
      where (body is null) <> (salt is null) or hash <> sha256(salt || convert_to(body::text, 'UTF8'))`,
  },
];

const SAMPLE = 1_000;
const MAX_LINES = 20;

/**
 * Checks the ledger. The state of conversations is compared with the fold of their events for the newest thousand,
 * or with `full` for all. Reads only.
 */
export async function verify(db: Database, options: { readonly full?: boolean } = {}): Promise<Verified> {
  const checked: Record<string, number> = {};
  const broken: string[] = [];
  for (const invariant of INVARIANTS) {
    checked[invariant.name] = await countOf(db, invariant.count);
    const { rows } = await db.query<{ what: string }>(`${invariant.broken} limit ${MAX_LINES}`);
    for (const { what } of rows) broken.push(`${invariant.name}: ${what}`);
  }
  checked['state is the fold of its events'] = await checkFolds(
    db,
    options.full ? undefined : SAMPLE,
    broken,
  );
  return {
    ok: broken.length === 0,
    checked,
    broken,
    unknown: await countOf(db, `select count(*) as count from attempt where outcome = 'unknown'`),
    quarantined: await countOf(db, 'select count(*) as count from quarantine'),
    dead: await countOf(db, `select count(*) as count from delivery where state = 'dead'`),
  };
}

async function countOf(db: Database, query: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(query);
  return rows[0]?.count ?? 0;
}

async function checkFolds(db: Database, limit: number | undefined, broken: string[]): Promise<number> {
  const { rows: ids } = await db.query<{ id: ConversationId; contact: ContactId }>(
    `select id, contact from conversation order by id desc ${limit ? `limit ${limit}` : ''}`,
  );
  for (const { id, contact } of ids) {
    const wrong = await checkFold(db, id, contact);
    if (wrong) broken.push(`state is the fold of its events: conversation ${id} ${wrong}`);
  }
  return ids.length;
}

/** What is wrong, or undefined. Row and events are read in one statement, so from one snapshot. */
async function checkFold(db: Database, id: ConversationId, contact: ContactId): Promise<string | undefined> {
  const { rows } = await db.query<{ row: ConversationRow; events: EventRow[]; erased: boolean }>(
    `select to_json(c) as row, coalesce(bool_or(e.body is null and e.salt is null and e.hash is not null), false) as erased,
       json_agg(e order by e.seq) as events
     from conversation c join event e on e.conversation = c.id where c.id = $1 group by c.id`,
    [id],
  );
  const found = rows[0];
  if (!found || found.erased) return undefined;
  let folded: Conversation = emptyConversation(id, contact);
  try {
    for (const event of found.events) folded = apply(folded, toEvent(event));
  } catch (error) {
    return `has events that do not follow each other (${error instanceof Error ? error.message : error})`;
  }
  const stored = toConversation(found.row);
  const keys = ['status', 'seq', 'version', 'epoch', 'fence', 'owner', 'thread', 'turn', 'previous'] as const;
  const differing = keys.filter((key) => canonical(folded[key]) !== canonical(stored[key]));
  return differing.length > 0 ? `differs in ${differing.join(', ')}` : undefined;
}

/** JSON with sorted keys, as `jsonb` keeps no order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
