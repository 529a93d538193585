import type { ConversationRow } from '../../api.ts';
import type { ConversationPage, DeskView } from '../desk-api.ts';

/** The loaded part of a view, in its order. `next` is there while more rows follow. */
export interface ListRows {
  readonly rows: readonly ConversationRow[];
  readonly next?: string;
}

/** True where a conversation belongs into a view of this operator. */
function belongs(row: ConversationRow, view: DeskView, me: string): boolean {
  if (view === 'closed') return row.status === 'closed';
  if (row.status === 'closed') return false;
  if (view === 'queue') return row.owner.kind === 'queue';
  if (view === 'mine') return row.owner.kind === 'operator' && row.owner.operator === me;
  return true;
}

/** The order of a view's rows, as the API defines it. */
function compareRows(view: DeskView, one: ConversationRow, two: ConversationRow): number {
  if (view === 'all') return compareText(two.id, one.id);
  const bySince = compareText(one.ownerSince, two.ownerSince) || compareText(one.id, two.id);
  if (view === 'queue') return Number(two.urgent ?? false) - Number(one.urgent ?? false) || bySince;
  return -bySince;
}

/** A view with one more page at its end. Rows that came live before the page are not doubled. */
export function withPage(list: ListRows, page: ConversationPage): ListRows {
  const known = new Set(list.rows.map(({ id }) => id));
  const rows = [...list.rows, ...page.rows.filter(({ id }) => !known.has(id))];
  return page.next === undefined ? { rows } : { rows, next: page.next };
}

/** A view after a row changed: updated, come in, or gone. An older revision than the one shown changes nothing. */
export function withRow(list: ListRows, row: ConversationRow, view: DeskView, me: string): ListRows {
  const index = list.rows.findIndex(({ id }) => id === row.id);
  const shown = list.rows[index];
  if (shown && shown.revision >= row.revision) return list;
  if (!belongs(row, view, me)) {
    return shown ? { ...list, rows: list.rows.filter(({ id }) => id !== row.id) } : list;
  }
  if (shown && compareRows(view, shown, row) === 0) {
    return { ...list, rows: list.rows.with(index, row) };
  }
  const others = shown ? list.rows.filter(({ id }) => id !== row.id) : list.rows;
  const place = others.findIndex((each) => compareRows(view, row, each) < 0);
  // Behind the last loaded row it will come with its page.
  if (place < 0 && list.next !== undefined) return shown ? { ...list, rows: others } : list;
  return { ...list, rows: others.toSpliced(place < 0 ? others.length : place, 0, row) };
}

function compareText(one: string, two: string): number {
  if (one === two) return 0;
  return one < two ? -1 : 1;
}
