import type pg from 'pg';
import type { DeliveryState, Receipt } from '../model/delivery.ts';
import { SCHEMA } from '../model/events.ts';
import type { ConversationId, DeliveryId } from '../model/ids.ts';
import { arrayLiteral, type Cell } from './array-literal.ts';
import type { Writes } from './writes.ts';

/** What the database numbered, and which deliveries it put in another state than asked for. */
export interface Written {
  readonly revisions: ReadonlyMap<ConversationId | DeliveryId, number>;
  readonly deliveries: ReadonlyMap<DeliveryId, { readonly position: number; readonly state: DeliveryState }>;
  /** Deliveries of earlier changes that a handoff of this batch cancelled. */
  readonly cancelled: readonly DeliveryId[];
  /** What the network has said already of deliveries whose attempt ended only now. */
  readonly receipts: ReadonlyMap<DeliveryId, Receipt>;
}

/** What is done with the rows of one kind. `$rows` is `unnest(…) as r(…)` of its columns. */
interface Part {
  readonly columns: string;
  /** A common table expression of the statement. */
  readonly sql: string;
  /** Of what it returns to the caller: id, revision, position, state. */
  readonly result?: string;
  /** Where it must touch as many rows as it was given, or the statement fails and writes nothing. */
  readonly counts?: string;
}

const CONVERSATION = `id uuid, contact uuid, previous uuid, shard smallint, status text, seq bigint, version integer,
  epoch integer, fence integer, owner_kind text, owner_id text, owner_since timestamptz, waits_since timestamptz,
  thread uuid, urgent text, turn jsonb, unread integer, last_message bigint, last_handoff bigint, last_at timestamptz, opened_at timestamptz,
  closed_at timestamptz`;

/** The hour of a moment, counted from 1970; what is indexed by it need not be indexed anew with every event. */
const HOUR = 'floor(extract(epoch from r.last_at) / 3600)::integer';

const UNFINISHED = `('due', 'attempting')`;

const PARTS: { readonly [Kind in keyof Writes]: Part } = {
  // Held until the commit, so that whoever takes a shard over comes after it.
  terms: {
    columns: 'shard smallint, term bigint',
    sql: `held as (select s.shard from shard s join $rows on s.shard = r.shard and s.term = r.term for share of s)`,
    counts: 'held',
  },
  newConversations: {
    columns: CONVERSATION,
    sql: `opened as (insert into conversation ($names, active_hour, revision)
      select $names, ${HOUR}, nextval('revision') from $rows
      returning id, revision)`,
    result: 'select id, revision, null::bigint as position, null as state, null as receipt from opened',
  },
  // The revision is that of the row on which the batch was decided: where another change came between, it fails.
  conversations: {
    columns: `id uuid, status text, seq bigint, version integer, epoch integer, fence integer, owner_kind text,
      owner_id text, owner_since timestamptz, waits_since timestamptz, thread uuid, urgent text, turn jsonb,
      unread integer, last_message bigint, last_handoff bigint, last_at timestamptz, closed_at timestamptz, revision bigint`,
    sql: `moved as (update conversation c set status = r.status, seq = r.seq, version = r.version, epoch = r.epoch,
        fence = r.fence, owner_kind = r.owner_kind, owner_id = r.owner_id, owner_since = r.owner_since,
        waits_since = r.waits_since, thread = r.thread, urgent = r.urgent, turn = r.turn, unread = r.unread, last_message = r.last_message,
        last_handoff = r.last_handoff, last_at = r.last_at, active_hour = ${HOUR}, closed_at = r.closed_at,
        revision = nextval('revision')
      from $rows where c.id = r.id and c.revision = r.revision returning c.id, c.revision)`,
    result: 'select id, revision, null::bigint as position, null as state, null as receipt from moved',
    counts: 'moved',
  },
  overtaken: {
    columns: 'id uuid, seq bigint',
    sql: `overtaken as (update conversation c set revision = nextval('revision')
      from $rows where c.id = r.id and c.seq = r.seq returning c.id)`,
    counts: 'overtaken',
  },
  events: {
    columns:
      'conversation uuid, seq bigint, at timestamptz, type text, schema smallint, facts jsonb, body jsonb',
    sql: `logged as (insert into event ($names, salt, hash)
      select $names, salt, sha256(salt || convert_to(body::text, 'UTF8')) from
        (select r.*, case when body is null then null else uuid_send(gen_random_uuid()) end as salt from $rows) as r)`,
  },
  bindings: {
    columns: 'thread uuid, conversation uuid, base bigint, since bigint, bound_at timestamptz',
    sql: 'bound as (insert into binding ($names) select * from $rows)',
  },
  // One that is to go out at once does so only where nothing of its thread is unfinished; its attempt is marked here.
  // Their ids rise in the order in which they were decided, also where two conversations speak on one thread.
  deliveries: {
    columns: `id uuid, conversation uuid, seq bigint, message uuid, thread uuid, channel text, author_kind text,
      author_id text, epoch integer, once boolean, state text, reason text, due_at timestamptz, fence integer, term bigint,
      after uuid`,
    sql: `planned as materialized (select r.*, r.state = 'attempting' and not exists
        (select from delivery e where e.thread = r.thread and e.state in ${UNFINISHED} and e.id is distinct from r.after) as goes from $rows),
      delivered as (insert into delivery (id, conversation, seq, message, thread, channel, author_kind, author_id,
          epoch, once, state, reason, attempts, due_at, created_at, revision)
        select id, conversation, seq, message, thread, channel, author_kind, author_id, epoch, once,
          case when state = 'attempting' and not goes then 'due' else state end, reason, goes::integer, due_at, due_at,
          nextval('revision') from planned order by id returning id, revision, position, state),
      marked as (insert into attempt (delivery, number, part, epoch, fence, term, marked_at)
        select id, 1, 0, epoch, fence, term, clock_timestamp() from planned where goes)`,
    result: 'select id, revision, position, state, null as receipt from delivered',
  },
  // Found by their ids: the index of what is unfinished is full of what has been finished since it was last cleaned.
  outcomes: {
    columns: `id uuid, number smallint, outcome text, external_id text, other_ids jsonb, state text,
      parts_accepted smallint, due_at timestamptz, possibly_twice boolean, reason text`,
    sql: `told as materialized (select * from $rows),
      ended as (update attempt a set outcome = r.outcome, reason = r.reason, external_id = r.external_id,
          other_ids = r.other_ids, ended_at = clock_timestamp()
        from told r where a.delivery = r.id and a.number = r.number and a.outcome is null),
      finished as (update delivery d set state = r.state, parts_accepted = r.parts_accepted, due_at = r.due_at,
          possibly_twice = r.possibly_twice, reason = r.reason, revision = nextval('revision')
        from told r where d.id = r.id and d.attempts = r.number and d.state || '' = 'attempting'
        returning d.id, d.revision, d.receipt)`,
    result: 'select id, revision, null::bigint as position, null as state, receipt from finished',
    counts: 'finished',
  },
  fences: {
    columns: 'conversation uuid, fence integer',
    sql: `fenced as (update delivery d set state = 'cancelled', reason = 'handed-off', revision = nextval('revision')
      from $rows where d.conversation = r.conversation and d.author_kind = 'bot' and d.state = 'due' and d.epoch < r.fence
      returning d.id, d.revision)`,
    result: `select id, revision, null::bigint as position, 'cancelled' as state, null as receipt from fenced`,
  },
  // The same source in a thread, such as in an edit of a caption, is fetched once.
  media: {
    columns:
      'id uuid, channel text, kind text, source text, name text, at timestamptz, hash text, type text, size bigint',
    sql: `announced as (insert into media (id, channel, kind, state, source, name, due_at, created_at,
        hash, type, size)
      select distinct on (id) id, channel, kind, case when hash is null then 'pending' else 'stored' end, source, name,
        at, at, decode(hash, 'hex'), type, size from $rows order by id
      on conflict (id) do nothing)`,
  },
  dueTurns: {
    columns: 'conversation uuid, seq bigint',
    sql: 'asked as (insert into due_turn ($names) select * from $rows)',
  },
  doneTurns: {
    columns: 'conversation uuid, seq bigint',
    sql: `answered as (delete from due_turn t using $rows where t.conversation = r.conversation and t.seq = r.seq)`,
  },
  timers: {
    columns: 'conversation uuid, timer text, due_at timestamptz',
    sql: `set_timers as (insert into timer ($names) select * from $rows
      on conflict (conversation, timer) do update set due_at = excluded.due_at)`,
  },
  firedTimers: {
    columns: 'conversation uuid, timer text',
    sql: 'fired as (delete from timer t using $rows where t.conversation = r.conversation and t.timer = r.timer)',
  },
  actions: {
    columns: 'id uuid, conversation uuid, seq bigint, repeatable boolean',
    sql: `requested as (insert into action (id, conversation, seq, state, repeatable)
      select id, conversation, seq, 'requested', repeatable from $rows)`,
  },
  endedActions: {
    columns: 'id uuid, state text',
    sql: 'called as (update action a set state = r.state from $rows where a.id = r.id)',
  },
  proofs: {
    columns: 'identity uuid, evidence text, customer text, proved_at timestamptz',
    sql: `proved as (update identity i set evidence = r.evidence, customer = r.customer, proved_at = r.proved_at,
        link_due = i.link_due or i.customer is distinct from r.customer
      from $rows where i.id = r.identity)`,
  },
  moves: {
    columns: 'id uuid, conversation uuid, link text, code text, bucket text, expires_at timestamptz',
    sql: `replaced as (delete from move m using $rows where m.conversation = r.conversation),
      offered as (insert into move ($names) select * from $rows)`,
  },
  dedupe: {
    columns: 'scope text, key text, conversation uuid, seq bigint, at timestamptz',
    sql: 'known as (insert into dedupe ($names) select * from $rows order by scope, key)',
  },
};

const KINDS = Object.keys(PARTS) as readonly (keyof Writes)[];

/** A prepared statement for batches that write rows of the same kinds. */
interface Shape {
  readonly name: string;
  readonly text: string;
}

const shapes = new Map<string, Shape>();

interface Row {
  id: ConversationId | DeliveryId | null;
  revision: number;
  position: number | null;
  state: DeliveryState | null;
  receipt: Receipt | null;
}

/**
 * Writes a batch in one statement: all of it or, where a condition does not hold, nothing. Such an error has the code
 * `OK001`. Kinds of rows that the batch has none of are not in the statement.
 */
export async function write(client: pg.Pool | pg.PoolClient, writes: Writes): Promise<Written> {
  const kinds = KINDS.filter((kind) => writes[kind].length > 0);
  if (kinds.length === 0)
    return { revisions: new Map(), deliveries: new Map(), cancelled: [], receipts: new Map() };
  const values = kinds.flatMap((kind) => columnsOf(kind, writes));
  const { rows } = await client.query<Row>({ ...shapeOf(kinds), values });
  return toWritten(rows);
}

function toWritten(rows: readonly Row[]): Written {
  const revisions = new Map<ConversationId | DeliveryId, number>();
  const deliveries = new Map<DeliveryId, { position: number; state: DeliveryState }>();
  const cancelled: DeliveryId[] = [];
  const receipts = new Map<DeliveryId, Receipt>();
  for (const { id, revision, position, state, receipt } of rows) {
    if (id === null) continue;
    revisions.set(id, revision);
    if (receipt !== null) receipts.set(id as DeliveryId, receipt);
    if (state === null) continue;
    if (position === null) cancelled.push(id as DeliveryId);
    else deliveries.set(id as DeliveryId, { position, state });
  }
  return { revisions, deliveries, cancelled, receipts };
}

function columnsOf(kind: keyof Writes, writes: Writes): string[] {
  const rows: readonly object[] =
    kind === 'events'
      ? writes.events.map((event) => ({ ...event, schema: SCHEMA[event.type] }))
      : writes[kind];
  return namesOf(PARTS[kind].columns).map((name) =>
    arrayLiteral(rows.map((row) => (row as Record<string, Cell>)[name])),
  );
}

function shapeOf(kinds: readonly (keyof Writes)[]): Shape {
  // PostgreSQL tells names by their first 63 characters.
  const name = `batch ${kinds.reduce((mask, kind) => mask | (1 << KINDS.indexOf(kind)), 0)}`;
  const known = shapes.get(name);
  if (known) return known;
  const shape = { name, text: textOf(kinds) };
  shapes.set(name, shape);
  return shape;
}

function textOf(kinds: readonly (keyof Writes)[]): string {
  let parameters = 0;
  const counts: string[] = [];
  const expressions = kinds.map((kind) => {
    const { columns, sql, counts: counted } = PARTS[kind];
    const first = parameters + 1;
    const arrays = columns.split(',').map((column) => `$${++parameters}::${column.trim().split(/\s+/)[1]}[]`);
    if (counted) counts.push(`(select count(*) from ${counted}) = cardinality($${first})`);
    const names = namesOf(columns).join(', ');
    return sql.replaceAll('$names', names).replaceAll('$rows', `unnest(${arrays.join(', ')}) as r(${names})`);
  });
  const results = kinds.flatMap((kind) => PARTS[kind].result ?? []);
  const holds = `select null::uuid as id, null::bigint as revision, null::bigint as position, batch_holds(${counts.join(' and ') || 'true'}) as state, null::text as receipt`;
  return `with ${expressions.join(',\n')}\n${[holds, ...results].join('\nunion all ')}`;
}

/** The names of a record definition such as `id uuid, at timestamptz`. */
function namesOf(columns: string): string[] {
  return columns.split(',').map((column) => column.trim().split(/\s+/)[0] ?? '');
}
