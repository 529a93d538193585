import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../../gateway/connectors/connector.ts';
import { readableText } from '../../gateway/model/content.ts';
import type { Event, EventType } from '../../gateway/model/events.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import {
  createLogFollower,
  EVENTS_OF_NEWS,
  type LogFollower,
  valuesOf,
} from '../../gateway/store/log-follower.ts';
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
    async take(client, news) {
      const { rows } = await client.query<EventRow>(
        `select e.conversation, e.seq, e.at, e.type, e.facts, e.body
         from ${EVENTS_OF_NEWS}
         where e.type = any($4) order by e.conversation, e.seq`,
        [...valuesOf(news), SEARCHED],
      );
      await keep(client, await indexed(rows.map(toEvent), words));
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
  readonly conversation: ConversationId;
  /** The message's number. */
  readonly seq: number;
  /** When it was said; null where that was before the stretch. */
  readonly at: Date | null;
  /** The event that says them; null where they were taken back. */
  readonly said: number | null;
  readonly words: readonly string[];
}

/** Nobody waits longer for the words of messages, milliseconds. */
const LONGEST_MS = 10;

/** What the events of some stretches leave in the index, a row a message at most. Lets others have their turn meanwhile. */
export async function indexed(
  events: readonly Event[],
  words: Pick<SearchWords, 'ofMessage'>,
): Promise<readonly Indexed[]> {
  const rows = new Map<string, Indexed>();
  let since = performance.now();
  for (const event of events) {
    if (performance.now() - since > LONGEST_MS) {
      await setImmediate();
      since = performance.now();
    }
    const { conversation } = event;
    const isRevision = event.type === 'message.edited' || event.type === 'message.deleted';
    const seq = isRevision ? event.facts.of : event.seq;
    const key = `${conversation} ${seq}`;
    const known = rows.get(key);
    const at = isRevision ? (known?.at ?? null) : event.at;
    if (event.type === 'message.deleted') rows.set(key, { conversation, seq, at, said: null, words: [] });
    else if (known?.said !== null)
      rows.set(key, { conversation, seq, at, said: event.seq, words: words.ofMessage(searchedText(event)) });
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
async function keep(client: pg.PoolClient, rows: readonly Indexed[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into message_search (conversation, seq, at, said, words)
     select n.conversation, n.seq,
       coalesce(n.at, (select e.at from event e where e.conversation = n.conversation and e.seq = n.seq)),
       n.said, array_to_tsvector(string_to_array(n.words, ' '))
     from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::text[])
       as n (conversation, seq, at, said, words)
     on conflict (conversation, seq) do update set said = excluded.said, words = excluded.words
     where message_search.said is not null`,
    [
      rows.map(({ conversation }) => conversation),
      rows.map(({ seq }) => seq),
      rows.map(({ at }) => at),
      rows.map(({ said }) => said),
      rows.map(({ words }) => words.join(' ')),
    ],
  );
}
