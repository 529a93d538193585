import type { ContactId, ConversationId } from '../model/ids.ts';
import type { ConversationRow } from './rows.ts';

/*
 * Where operators speak in both conversations of who proved to be one client, both stay open. One is marked as the
 * secondary one: its `secondary_to` is the contact that took its own in. The client writes in the other one while that
 * is open, and then in this.
 */

type Marked = Pick<ConversationRow, 'contact' | 'secondary_to'>;

/** SQL: of the conversations `c`, those of the contacts $2, and all that are beside those or beside the conversations $1. */
export const BESIDE = `(c.contact = any($2::uuid[]) or c.secondary_to = any($2::uuid[])
  or c.secondary_to = any(array(select coalesce(m.secondary_to, m.contact) from conversation m where m.id = any($1::uuid[])))
  or c.contact = any(array(select m.secondary_to from conversation m where m.id = any($1::uuid[]) and m.secondary_to is not null)))`;

/** SQL: the id of the open conversation in which a contact writes; null where none is. */
export const openConversationOf = (contact: string) =>
  `(select w.id from conversation w where w.status = 'open' and (w.contact = ${contact} or w.secondary_to = ${contact})
    order by w.secondary_to is not null, w.last_at desc limit 1)`;

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
