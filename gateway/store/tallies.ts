import type { Database } from './database.ts';

/** `open`: open conversations by owner; the others: what no person has decided yet, by channel. */
export type Tally = 'open' | 'dead_letter' | 'quarantine';

/** How many there are, by name. Kept by the changes themselves, so nothing is counted here. */
export async function readTally(db: Database, what: Tally): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ name: string; n: number }>(
    `select name, sum(n)::bigint as n from (
       select name, n from tally where what = $1 union all select name, n from tally_change where what = $1
     ) as counted group by name having sum(n) <> 0`,
    [what],
  );
  return new Map(rows.map(({ name, n }) => [name, n]));
}

/** Folds the changes into the tallies, so that readers have few to sum. Several nodes may do it at once. */
export async function foldTallies(db: Database): Promise<void> {
  await db.query(
    `with changed as (delete from tally_change returning what, name, n)
     insert into tally (what, name, n) select what, name, sum(n) from changed group by what, name order by what, name
     on conflict (what, name) do update set n = tally.n + excluded.n`,
  );
}
