import type { Database } from '../../gateway/store/database.ts';

/** What the store says of one answer of the bot. */
export interface RecordedAnswer {
  /** The network's own place. */
  readonly thread: string;
  readonly text: string;
  readonly state: string;
  /** Attempts of which nobody knows what came. */
  readonly unknown: number;
}

/** Every answer that was decided, in the order of the log. */
export async function answersOf(db: Database): Promise<readonly RecordedAnswer[]> {
  const { rows } = await db.query<RecordedAnswer>(
    `select t.external_thread as thread, e.body -> 'content' -> 0 ->> 'text' as text, d.state,
       (select count(*) from attempt a where a.delivery = d.id and a.outcome = 'unknown')::integer as unknown
     from delivery d join event e on e.conversation = d.conversation and e.seq = d.seq
     join thread t on t.id = d.thread order by d.position`,
  );
  return rows;
}

/** How many events, and how many items of the quarantine, the store holds. */
export async function storedIn(db: Database): Promise<{ events: number; quarantined: number }> {
  const { rows } = await db.query<{ events: number; quarantined: number }>(
    `select (select count(*) from event)::integer as events, (select count(*) from quarantine)::integer as quarantined`,
  );
  return rows[0] ?? { events: 0, quarantined: 0 };
}

/** How many files the messages of a person refer to. */
export async function mediaOf(db: Database, thread: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(distinct part -> 'media' ->> 'id')::integer as count
     from thread t join event e on e.facts ->> 'thread' = t.id::text and e.type = 'message.received'
     cross join lateral jsonb_array_elements(e.body -> 'content') part
     where t.external_thread = $1 and part ? 'media'`,
    [thread],
  );
  return rows[0]?.count ?? 0;
}
