import type pg from 'pg';
import type { Log } from '../../gateway/connectors/connector.ts';
import { readableText } from '../../gateway/model/content.ts';
import type { Event, EventType } from '../../gateway/model/events.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { createLogFollower, type LogFollower } from '../../gateway/store/log-follower.ts';
import { type EventRow, toEvent } from '../../gateway/store/rows.ts';
import type { SearchWords } from './words.ts';

export interface SearchIndexOptions {
  readonly db: Database;
  readonly words: Pick<SearchWords, 'ofMessage'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Follows the log from its beginning and keeps the words of every message and note as they stand now. */
export function createSearchIndex({ db, words, now, log }: SearchIndexOptions): LogFollower {
  return createLogFollower({
    db,
    name: 'search',
    from: 'beginning',
    now,
    log,
    async take(client, { conversation, after, head }) {
      const { rows } = await client.query<EventRow>(
        `select * from event where conversation = $1 and seq > $2 and seq <= $3 and type = any($4) order by seq`,
        [conversation, after, head, SEARCHED],
      );
      await keep(client, conversation, indexed(rows.map(toEvent), words));
    },
  });
}

const SEARCHED = [
  'message.received',
  'message.sent',
  'message.edited',
  'message.deleted',
  'note.added',
] as const satisfies readonly EventType[];

/** The words of a message in the index. */
interface Indexed {
  /** The message's number. */
  readonly seq: number;
  /** The event that says them; null where they were taken back. */
  readonly said: number | null;
  readonly words: readonly string[];
}

/** What the events of a stretch leave in the index, a row a message at most. Pure. */
export function indexed(events: readonly Event[], words: Pick<SearchWords, 'ofMessage'>): readonly Indexed[] {
  const rows = new Map<number, Indexed>();
  for (const event of events) {
    const isRevision = event.type === 'message.edited' || event.type === 'message.deleted';
    const seq = isRevision ? event.facts.of : event.seq;
    if (event.type === 'message.deleted') rows.set(seq, { seq, said: null, words: [] });
    else if (rows.get(seq)?.said !== null)
      rows.set(seq, { seq, said: event.seq, words: words.ofMessage(searchedText(event)) });
  }
  return [...rows.values()];
}

/** What of an event is searched; empty for one-time codes, for what was erased, and for what is no message. Pure. */
export function searchedText(event: Event): string {
  switch (event.type) {
    case 'note.added':
      return event.body?.text ?? '';
    case 'message.sent':
      return event.facts.once ? '' : readableText(event.body?.content ?? []);
    case 'message.received':
    case 'message.edited':
      return readableText(event.body?.content ?? []);
    default:
      return '';
  }
}

/** A message that was taken back stays so, whatever comes later. */
async function keep(
  client: pg.PoolClient,
  conversation: ConversationId,
  rows: readonly Indexed[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into message_search (conversation, seq, at, said, words)
     select e.conversation, e.seq, e.at, n.said, array_to_tsvector(string_to_array(n.words, ' '))
     from unnest($2::bigint[], $3::bigint[], $4::text[]) as n (seq, said, words)
     join event e on e.conversation = $1 and e.seq = n.seq
     on conflict (conversation, seq) do update set said = excluded.said, words = excluded.words
     where message_search.said is not null`,
    [
      conversation,
      rows.map(({ seq }) => seq),
      rows.map(({ said }) => said),
      rows.map(({ words }) => words.join(' ')),
    ],
  );
}
