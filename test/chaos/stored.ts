import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../fixtures/postgres-server.ts';

/** An answer of the bot as the ledger has it. */
export interface StoredAnswer {
  readonly text: string;
  readonly state: string;
  readonly attempts: number;
  readonly unknownAttempts: number;
  /** Who had the conversation when it was said. */
  readonly owner: string;
}

/** What the ledger holds, by the network's chat, each in order. */
export interface Stored {
  readonly received: ReadonlyMap<number, readonly string[]>;
  readonly answers: ReadonlyMap<number, readonly StoredAnswer[]>;
}

export async function readStored(url: string): Promise<Stored> {
  const received = await query<{ chat: string; text: string }>(
    url,
    `select t.external_thread as chat, e.body::jsonb #>> '{content,0,text}' as text
     from event e join thread t on t.id = (e.facts::jsonb ->> 'thread')::uuid
     where e.type = 'message.received' order by e.conversation, e.seq`,
  );
  const answers = await query<StoredAnswer & { chat: string }>(
    url,
    `select t.external_thread as chat, e.body::jsonb #>> '{content,0,text}' as text, d.state,
       d.attempts::integer as attempts, coalesce(o.owner, 'bot') as owner,
       (select count(*)::integer from attempt a where a.delivery = d.id and a.outcome = 'unknown') as "unknownAttempts"
     from event e
     join delivery d on d.conversation = e.conversation and d.seq = e.seq
     join thread t on t.id = d.thread
     left join lateral (
       select c.facts::jsonb #>> '{to,kind}' as owner from event c
       where c.conversation = e.conversation and c.type = 'owner.changed' and c.seq < e.seq
       order by c.seq desc limit 1) o on true
     where e.type = 'message.sent' and d.author_kind = 'bot' order by d.position`,
  );
  return { received: byChat(received, ({ text }) => text), answers: byChat(answers, (row) => row) };
}

/** Attempts marked under a term of their shard that another had ended by then, on the database's clock. */
export async function staleAttempts(url: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    url,
    `select count(*)::integer as count
     from attempt a join delivery d on d.id = a.delivery join conversation c on c.id = d.conversation
     where exists (select from shard_term t
       where t.shard = c.shard and t.term > a.term and t.taken_at < a.marked_at)`,
  );
  return row?.count ?? 0;
}

const LOOK_EACH_MS = 500;

/** Waits until nothing is left to do. Returns what is left after `limitMs`, or undefined. */
export async function settled(
  url: string,
  limitMs: number,
  pending: () => number = () => 0,
): Promise<string | undefined> {
  const until = Date.now() + limitMs;
  for (;;) {
    const left =
      pending() > 0
        ? `${pending()} updates are not fetched`
        : await whatIsLeft(url).catch((error: unknown) => `the database does not answer: ${error}`);
    if (left === undefined || Date.now() > until) return left;
    await sleep(LOOK_EACH_MS);
  }
}

async function whatIsLeft(url: string): Promise<string | undefined> {
  const [row] = await query<{ turns: number; deliveries: number }>(
    url,
    `select (select count(*)::integer from due_turn) as turns,
       (select count(*)::integer from delivery where state in ('due', 'attempting')) as deliveries`,
  );
  const { turns = 0, deliveries = 0 } = row ?? {};
  return turns + deliveries === 0 ? undefined : `${turns} turns are due, ${deliveries} deliveries unfinished`;
}

function byChat<Row extends { chat: string }, Value>(
  rows: readonly Row[],
  value: (row: Row) => Value,
): Map<number, Value[]> {
  const grouped = new Map<number, Value[]>();
  for (const row of rows) {
    const chat = Number(row.chat);
    grouped.set(chat, [...(grouped.get(chat) ?? []), value(row)]);
  }
  return grouped;
}
