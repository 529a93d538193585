import type { ContactId, ConversationId } from '../model/ids.ts';
import type { ConversationRow } from './rows.ts';

/*
 * Where operators speak in both conversations of who proved to be one client, both stay open. One is marked as the
 * secondary one: its `secondary_to` is the contact that took its own in. The client writes in the other one while that
 * is open, and then in this.
 */

type Marked = Pick<ConversationRow, 'contact' | 'secondary_to'>;

/**
 * SQL: of the conversations `c`, those with the ids $1, the open ones of the contacts $2, and the open ones beside any of
 * them. Few are marked, and an index has these alone.
 */
export const WITH_THOSE_BESIDE = `(c.id = any($1::uuid[]) or (c.contact = any($2::uuid[]) and c.status = 'open')
  or c.id = any(array(
    select m.id from conversation s
    join conversation m on m.status = 'open' and (m.contact = s.secondary_to or m.secondary_to = s.secondary_to)
    where s.status = 'open' and s.secondary_to is not null and (s.secondary_to = any($2::uuid[])
      or s.secondary_to in (select coalesce(x.secondary_to, x.contact) from conversation x where x.id = any($1::uuid[]))))))`;

/** SQL: of the conversations `c`, those that are open with a contact; FIRST_OPEN leaves the one in which they write. */
export const isOpenWith = (contact: string) =>
  `c.status = 'open' and (c.contact = ${contact} or c.secondary_to = ${contact})`;
export const FIRST_OPEN = 'order by c.secondary_to is not null, c.last_at desc limit 1';

/** With whom a conversation counts. */
export const countsWith = ({ contact, secondary_to }: Marked): ContactId => secondary_to ?? contact;

/** Whether the first of two open conversations comes before the second as the one in which their client writes. */
export function isBefore(one: ConversationRow, other: ConversationRow): boolean {
  if ((one.secondary_to === null) !== (other.secondary_to === null)) return one.secondary_to === null;
  return one.last_at > other.last_at;
}

/** Those of these conversations beside which another of their client's is open. */
export function besideAnother(rows: readonly ConversationRow[]): ReadonlySet<ConversationId> {
  const first = new Map<ContactId, ConversationId>();
  const found = new Set<ConversationId>();
  for (const row of rows) {
    if (row.status !== 'open') continue;
    const before = first.get(countsWith(row));
    if (before === undefined) first.set(countsWith(row), row.id);
    else found.add(before).add(row.id);
  }
  return found;
}
