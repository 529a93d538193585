import type { Database } from '../database.ts';
import type { Report } from './report.ts';

/** Keys looked at in one statement. */
const PIECE = 5_000;

/** Each key takes effect once, and the event that it stands for is stored. Read in the order of the keys. */
export async function checkDedupe(db: Database, report: Report): Promise<void> {
  const name = 'each dedupe key once, and its event stored';
  let after: { scope: string; key: string } | undefined;
  do {
    const { rows } = await db.query<{
      scope: string;
      key: string;
      twice: boolean;
      stored: boolean;
      named: string;
    }>(
      `select scope, key, md5(key) as named, count(*) over (partition by scope, key) > 1 as twice,
         exists (select from event e where e.conversation = d.conversation and e.seq = d.seq) as stored
       from (select * from dedupe where $1::text is null or (scope, key) > ($1, $2) order by scope, key limit ${PIECE}) d
       order by scope, key`,
      [after?.scope, after?.key],
    );
    report.count(name, rows.length);
    for (const { scope, named, twice, stored } of rows) {
      if (twice) report.broken(name, `key ${named} of ${scope} stands twice`);
      if (!stored) report.broken(name, `key ${named} of ${scope} points to no event`);
    }
    after = rows.length === PIECE ? rows.at(-1) : undefined;
  } while (after);
}

/** One row, `{ count, broken }`, each: what holds of the ledger as a whole. */
const WHOLE: readonly { readonly name: string; readonly count: string; readonly broken: string }[] = [
  {
    name: 'nothing belongs to what does not exist',
    count: 'select count(*) as count from attempt',
    broken: `select 'attempt ' || a.number || ' has no delivery ' || a.delivery as what from attempt a
      where not exists (select from delivery d where d.id = a.delivery)`,
  },
  {
    name: 'one open conversation a contact',
    count: `select count(*) as count from conversation where status = 'open'`,
    broken: `select 'contact ' || contact || ' has ' || count(*) || ' open conversations' as what
      from conversation where status = 'open' group by contact having count(*) > 1`,
  },
  {
    // Bindings of before the migration 0021 do not say from which event they count.
    name: 'what goes on on a thread stands behind what was said there',
    count: 'select count(*) as count from binding where since > 0',
    broken: `with bound as (
        select b.*, lag(conversation) over t as before, lag(base) over t as base_before, lag(since) over t as since_before
        from binding b window t as (partition by thread order by bound_at)
      )
      select 'thread ' || b.thread || ' goes on in conversation ' || b.conversation || ' before what was said in ' || b.before as what
      from bound b where b.since > 0 and exists (
        select from event e where e.conversation = b.before and e.seq >= b.base + b.since - b.base_before
          and e.type in ('message.received', 'message.sent') and e.facts ->> 'thread' = b.thread::text
          and not exists (select from binding l where l.thread = b.thread and l.conversation = b.before
            and l.since > b.since_before and l.since <= e.seq))`,
  },
  {
    name: 'tallies are what they count',
    count:
      'select count(*) as count from (select what, name from tally union select what, name from tally_change) as named',
    broken: `with kept as (
        select what, name, sum(n) as n from (select * from tally union all select * from tally_change) as all_of_them group by 1, 2
      ), counted as (
        select 'open' as what, owner_kind || coalesce(':' || owner_id, '') as name, count(*) as n
          from conversation where status = 'open' group by 2
        union all select 'dead_letter', channel, count(*) from dead_letter where decision is null group by 2
        union all select 'quarantine', channel, count(*) from quarantine where decision is null group by 2
      )
      select coalesce(k.what, c.what) || ' ' || coalesce(k.name, c.name) || ' says ' || coalesce(k.n, 0) || ' and is '
        || coalesce(c.n, 0) as what
      from kept k full join counted c on c.what = k.what and c.name = k.name
      where coalesce(k.n, 0) <> coalesce(c.n, 0)`,
  },
];

export async function checkWhole(db: Database, report: Report): Promise<void> {
  for (const invariant of WHOLE) await report.run(db, invariant, []);
}
