import { apply, type Conversation, emptyConversation } from '../../model/conversation.ts';
import type { ConversationId } from '../../model/ids.ts';
import type { Database } from '../database.ts';
import { type ConversationRow, type EventRow, toConversation, toEvent } from '../rows.ts';
import type { Report } from './report.ts';

const NAME = 'state is the fold of its events';
/** Conversations whose events are held in memory at once. */
const PIECE = 20;
const KEYS = [
  'status',
  'seq',
  'version',
  'epoch',
  'fence',
  'owner',
  'thread',
  'urgent',
  'turn',
  'previous',
] as const;

interface Found {
  row: ConversationRow;
  events: EventRow[];
  /** Texts of it were erased, and with them the bot's state. */
  erased: boolean;
}

/** Compares conversations with the fold of their events: the newest `limit`, or all. */
export async function checkFolds(db: Database, limit: number, report: Report): Promise<void> {
  let below: ConversationId | undefined;
  for (let seen = 0; seen < limit; seen += PIECE) {
    // Row and events are read in one statement, so from one snapshot.
    const { rows } = await db.query<Found>(
      `select to_json(c) as row, e.events, e.erased
       from (select * from conversation where $1::uuid is null or id < $1 order by id desc limit $2) c
       join lateral (
         select coalesce(bool_or(e.body is null and e.hash is not null), false) as erased, json_agg(e order by e.seq) as events
         from event e where e.conversation = c.id
       ) e on true
       order by c.id desc`,
      [below, Math.min(PIECE, limit - seen)],
    );
    report.count(NAME, rows.length);
    for (const found of rows) {
      const wrong = compare(found);
      if (wrong) report.broken(NAME, `conversation ${found.row.id} ${wrong}`);
    }
    below = rows.at(-1)?.row.id;
    if (rows.length < PIECE) return;
  }
}

/** What is wrong, or undefined. */
function compare({ row, events, erased }: Found): string | undefined {
  let folded: Conversation = emptyConversation(row.id, row.contact);
  try {
    for (const event of events ?? []) folded = apply(folded, toEvent(event));
  } catch (error) {
    return `has events that do not follow each other (${error instanceof Error ? error.message : error})`;
  }
  const stored = toConversation(row);
  const differing = KEYS.filter(
    (key) => !(erased && key === 'turn') && canonical(folded[key]) !== canonical(stored[key]),
  );
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
