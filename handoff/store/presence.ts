import type { Database } from '../../gateway/store/database.ts';

/** Of the operators with pages at one node: who is there, and who has left since it was last written down. */
export interface HerePresence {
  readonly present: readonly string[];
  readonly left: readonly { readonly operator: string; readonly at: Date }[];
}

/** Writes down who has pages at this node, for the others. */
export async function writePresence(
  db: Database,
  node: string,
  { present, left }: HerePresence,
): Promise<void> {
  await db.query(
    `insert into presence as p (operator, node, left_at)
     select * from unnest($2::text[], array_fill($1::text, array[cardinality($2::text[])]), $3::timestamptz[])
     on conflict (operator, node) do update set left_at = excluded.left_at
       where p.left_at is distinct from excluded.left_at`,
    [
      node,
      [...present, ...left.map(({ operator }) => operator)],
      [...present.map(() => null), ...left.map(({ at }) => at)],
    ],
  );
}

/**
 * When each operator was last seen at the other nodes; null: they are there now. At a node that died, and at one that
 * is forgotten, they were until its lease ended.
 */
export async function readPresenceElsewhere(
  db: Database,
  node: string,
): Promise<ReadonlyMap<string, Date | null>> {
  const { rows } = await db.query<{ operator: string; isThere: boolean; leftAt: Date | null }>(
    `select p.operator, bool_or(p.left_at is null and n.lease_until > clock_timestamp()) as "isThere",
       max(coalesce(p.left_at, n.lease_until)) as "leftAt"
     from presence p left join node n on n.id = p.node where p.node <> $1 group by p.operator`,
    [node],
  );
  const seen = new Map<string, Date | null>();
  for (const { operator, isThere, leftAt } of rows) {
    if (isThere) seen.set(operator, null);
    else if (leftAt) seen.set(operator, leftAt);
  }
  return seen;
}

/** Forgets who left before a time, and what nodes that are gone had written down. */
export async function forgetPresence(db: Database, before: Date): Promise<void> {
  await db.query(
    `delete from presence p where left_at < $1 or (left_at is null and not exists (select from node where id = p.node))`,
    [before],
  );
}
