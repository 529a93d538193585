import type { z } from 'zod';
import type { Owner } from '../../gateway/model/owner.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { owner } from '../api.ts';

export type ShownOwner = z.infer<typeof owner>;
export type Names = ReadonlyMap<string, string>;

/** The names of operators by id; whoever is unknown is left out. */
export async function readNames(db: Database, ids: ReadonlySet<string>): Promise<Names> {
  if (ids.size === 0) return new Map();
  // Compared as text: a wrong id in an old event must not fail the page.
  const { rows } = await db.query<{ id: string; name: string }>(
    'select id, name from users where id::text = any($1)',
    [[...ids]],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export function showOwner(owner: Owner, nameOf: (id: string) => string | undefined): ShownOwner {
  if (owner.kind !== 'operator') return owner;
  return { ...owner, name: nameOf(owner.operator) ?? '' };
}
