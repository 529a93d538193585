/**
 * What must hold of a range of conversations, each as two statements over `$1 < conversation id <= $2`. A statement
 * sees one snapshot, and what it compares is written in one transaction, so it holds on a database that is at work.
 */
export interface Invariant {
  /** Names the count in `checked`. */
  readonly name: string;
  /** How many things are looked at. */
  readonly count: string;
  /** One row, `{ what }`, for each thing that breaks it. */
  readonly broken: string;
}

const CONVERSATIONS = 'conversation where id > $1 and id <= $2';
const EVENTS = 'event where conversation > $1 and conversation <= $2';
const DELIVERIES = 'delivery where conversation > $1 and conversation <= $2';
const ATTEMPTS =
  'delivery d join attempt a on a.delivery = d.id where d.conversation > $1 and d.conversation <= $2';

// Messages of ours, and what people of ours changed in messages.
const GOES_OUT = `(type = 'message.sent' or facts ? 'carried')`;

const FATES = `select d.id, d.state, d.attempts, d.parts_accepted, count(a.number) as noted,
    count(a.number) filter (where a.outcome is null) as open,
    count(a.number) filter (where a.outcome = 'unknown') as unknown,
    count(a.number) filter (where a.outcome = 'accepted') as accepted
  from (select * from ${DELIVERIES}) d left join attempt a on a.delivery = d.id
  group by d.id, d.state, d.attempts, d.parts_accepted`;

// With the conversations before those of the range, so that the order of a thread is seen over the border.
const TRIED = `select d.id, d.thread, d.position, d.state, min(a.marked_at) as first, max(a.marked_at) as last
  from delivery d join attempt a on a.delivery = d.id
  where d.conversation in (
    select id from ${CONVERSATIONS} union select previous from ${CONVERSATIONS} and previous is not null)
  group by d.id`;

// An epoch is the number of changes of owner up to there.
const EPOCHS = `select conversation, seq, type, facts, count(*) filter (where type = 'owner.changed')
    over (partition by conversation order by seq) as epoch from ${EVENTS}`;

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'events without gaps',
    count: `select count(*) as count from ${EVENTS}`,
    broken: `select 'conversation ' || coalesce(c.id, e.conversation) || ' says ' || coalesce(c.seq::text, 'nothing of its')
        || ' events and has ' || coalesce(e.events, 0) as what
      from (select id, seq from ${CONVERSATIONS}) c
      full join (select conversation, count(*) as events, min(seq) as first, max(seq) as last from ${EVENTS} group by 1) e
        on e.conversation = c.id
      where c.seq is null or coalesce(e.events, 0) <> c.seq or e.first <> 1 or e.last <> c.seq`,
  },
  {
    name: 'one delivery a message',
    count: `select count(*) as count from ${EVENTS} and ${GOES_OUT}`,
    broken: `select 'message ' || coalesce(e.seq, d.seq) || ' of conversation ' || coalesce(e.conversation, d.conversation)
        || case when d.seq is null then ' has no delivery' else ' has a delivery and was not said' end as what
      from (select conversation, seq from ${EVENTS} and ${GOES_OUT}) e
      full join (select conversation, seq from ${DELIVERIES}) d
        on d.conversation = e.conversation and d.seq = e.seq
      where d.seq is null or e.seq is null`,
  },
  {
    name: 'nothing belongs to what does not exist',
    count: `select count(*) as count from ${DELIVERIES}`,
    broken: `select 'delivery ' || d.id || ' has no thread' as what from (select * from ${DELIVERIES}) d
        where not exists (select from thread t where t.id = d.thread)
      union all
      select 'turn ' || t.seq || ' of conversation ' || t.conversation || ' is due and has no event'
        from (select * from due_turn where conversation > $1 and conversation <= $2) t
        where not exists (select from event e where e.conversation = t.conversation and e.seq = t.seq)`,
  },
  {
    name: 'each delivery one fate',
    count: `select count(*) as count from ${DELIVERIES}`,
    broken: `select 'delivery ' || id || ' is ' || state || ' after ' || attempts || ' attempts, of which ' || noted
        || ' are recorded and ' || open || ' are open' as what
      from (${FATES}) as fates
      where noted <> attempts or open <> case state when 'attempting' then 1 else 0 end
        or (state = 'unknown' and unknown = 0)
        or (state = 'accepted' and attempts > 0 and accepted < parts_accepted)
        or accepted > parts_accepted`,
  },
  {
    name: 'what nobody knows to have arrived waits for a person',
    count: `select count(*) as count from ${DELIVERIES}`,
    broken: `select 'delivery ' || d.id || ' is ' || d.state || ' and listed as ' || coalesce(l.state, 'nothing') as what
      from (select id, state from ${DELIVERIES}) d left join dead_letter l on l.delivery = d.id
      where l.state is distinct from case when d.state in ('dead', 'unknown') then d.state end
      union all
      select 'delivery ' || l.delivery || ' was retried by ' || coalesce(l.again::text, 'none') || ', which does not exist'
      from (select id from ${DELIVERIES}) d join dead_letter l on l.delivery = d.id
      where l.decision = 'retried' and not exists (select from delivery n where n.id = l.again)`,
  },
  {
    name: 'a thread in order',
    count: `select count(*) as count from ${ATTEMPTS}`,
    broken: `select 'delivery ' || id || ' was attempted before ' || before || ' was finished' as what
      from (select id, first, lag(id) over w as before, lag(last) over w as before_last, lag(state) over w as before_state
        from (${TRIED}) as tried window w as (partition by thread order by position)) as neighbours
      where before_last > first or before_state in ('due', 'attempting')
      union all
      select 'delivery ' || later.id || ' was attempted before ' || d.id || ' was begun'
      from (select * from ${DELIVERIES} and state = 'due' and attempts = 0) d
      join delivery later on later.conversation = d.conversation and later.thread = d.thread and later.position > d.position
      where later.attempts > 0`,
  },
  {
    name: "no bot's message after a handoff",
    count: `select count(*) as count from ${ATTEMPTS} and d.author_kind = 'bot'`,
    broken: `select 'delivery ' || d.id || ', attempt ' || a.number || ' was marked behind the fence' as what
      from ${ATTEMPTS} and d.author_kind = 'bot' and a.epoch < a.fence`,
  },
  {
    name: 'no attempt under a stale epoch',
    count: `select count(*) as count from ${ATTEMPTS}`,
    broken: `select 'delivery ' || d.id || ' is of epoch ' || d.epoch || ', its message of ' || e.epoch as what
      from (select * from ${DELIVERIES}) d
      join (${EPOCHS}) e on e.conversation = d.conversation and e.seq = d.seq
      join conversation c on c.id = d.conversation
      where d.epoch < e.epoch or d.epoch > c.epoch
      union all
      select 'delivery ' || d.id || ', attempt ' || a.number || ' was marked under epoch ' || a.epoch || ' and fence ' || a.fence
      from (select * from ${DELIVERIES}) d join attempt a on a.delivery = d.id
      where a.epoch <> d.epoch or (a.fence <> 0 and not exists (
        select from event e where e.conversation = d.conversation and e.type = 'owner.changed'
          and (e.facts ->> 'epoch')::integer = a.fence and e.facts -> 'from' ->> 'kind' = 'bot'
          and e.facts -> 'to' ->> 'kind' in ('queue', 'operator')))`,
  },
  {
    // Before the first term that is on record nothing is known.
    name: 'no attempt under a stale term',
    count: `select count(*) as count from ${ATTEMPTS}`,
    broken: `select 'delivery ' || d.id || ', attempt ' || a.number || ' was marked at ' || a.marked_at || ' under term ' || a.term
        || case when t.taken_at is null then ', which never was' else ', which held from ' || t.taken_at
        || coalesce(' to ' || next.taken_at, '') end as what
      from (select * from ${DELIVERIES}) d
      join attempt a on a.delivery = d.id
      join conversation c on c.id = d.conversation
      join lateral (select min(taken_at) as at from shard_term f where f.shard = c.shard) known on a.marked_at >= known.at
      left join shard_term t on t.shard = c.shard and t.term = a.term
      left join lateral (select taken_at from shard_term n where n.shard = c.shard and n.term > a.term
        order by n.term limit 1) next on true
      where t.taken_at is null or a.marked_at < t.taken_at or a.marked_at > next.taken_at`,
  },
  {
    name: 'owners follow each other',
    count: `select count(*) as count from ${EVENTS} and type = 'owner.changed'`,
    broken: `select 'conversation ' || conversation || ' changes its owner from another than it had, at ' || seq as what
      from (select conversation, seq, facts, row_number() over w as number, lag(facts -> 'to') over w as had
        from ${EVENTS} and type = 'owner.changed' window w as (partition by conversation order by seq)) as changed
      where (facts ->> 'epoch')::integer <> number
         or facts -> 'from' <> coalesce(had, '{"kind": "bot"}'::jsonb)`,
  },
  {
    name: 'each call outside one outcome',
    count: `select count(*) as count from ${EVENTS} and type = 'action.requested'`,
    broken: `select 'action ' || coalesce(a.id::text, e.action) || ' of conversation ' || coalesce(a.conversation, e.conversation)
        || ' is ' || coalesce(a.state, 'nowhere') || ' with ' || coalesce(e.requests, 0) || ' requests and '
        || coalesce(e.ends, 0) || ' outcomes' as what
      from (select * from action where conversation > $1 and conversation <= $2) a
      full join (select conversation, facts ->> 'action' as action, count(*) filter (where type = 'action.requested') as requests,
          count(*) filter (where type <> 'action.requested') as ends
        from ${EVENTS} and type in ('action.requested', 'action.completed', 'action.unknown') group by 1, 2) e
        on e.action = a.id::text
      where a.id is null or e.requests is distinct from 1
        or e.ends <> case when a.state in ('requested', 'started') then 0 else 1 end`,
  },
  {
    name: 'stored texts are what was hashed',
    count: `select count(*) as count from ${EVENTS} and body is not null`,
    broken: `select 'event ' || seq || ' of conversation ' || conversation || ' was altered' as what from ${EVENTS}
      and ((body is null) <> (salt is null) or hash <> sha256(salt || convert_to(body::text, 'UTF8')))`,
  },
];
