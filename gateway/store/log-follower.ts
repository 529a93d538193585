import type pg from 'pg';
import type { Log } from '../connectors/connector.ts';
import type { ConversationId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';
import { isInTheWay } from './errors.ts';

/** What is new in a conversation: the events after `after`, up to `head`. */
export interface News {
  readonly conversation: ConversationId;
  readonly after: number;
  readonly head: number;
}

/** SQL: the events `e` of some news, of which `valuesOf` gives $1 to $3. */
export const EVENTS_OF_NEWS = `unnest($1::uuid[], $2::bigint[], $3::bigint[]) as n (conversation, after, head)
  join event e on e.conversation = n.conversation and e.seq > n.after and e.seq <= n.head`;

/** $1 to $3 of EVENTS_OF_NEWS. */
export const valuesOf = (news: readonly News[]) => [
  news.map(({ conversation }) => conversation),
  news.map(({ after }) => after),
  news.map(({ head }) => head),
];

export interface LogFollowerOptions {
  readonly db: Database;
  /** Under which its positions are kept. */
  readonly name: string;
  /** Where its first start begins: with the oldest conversation, or (the default) with what happens from now on. */
  readonly from?: 'beginning' | 'now';
  /**
   * Takes what is new in some conversations, in the transaction that moves their positions. None of them can be erased
   * or removed meanwhile. Where it throws because the store was in the way, all is tried again later; else each is taken
   * by itself, and the one that throws is logged and passed over up to its `head`, which `countPassedOver` shows.
   */
  readonly take: (client: pg.PoolClient, news: readonly News[]) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
  /** How often it looks; default 2000. */
  readonly everyMs?: number;
}

/** Follows the log outside the path of a message, each event once, on one node at a time. */
export interface LogFollower {
  start(): void;
  /** Takes everything that there is now. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 2_000;
/** How much is taken in one transaction. */
interface Portion {
  readonly conversations: number;
  /** Of each conversation. */
  readonly events: number;
}
const LARGEST: Portion = { conversations: 50, events: 500 };
/** A commit may become visible this much later than the time that it bears. */
const LATE_MS = 120_000;
const HOUR_MS = 3_600_000;

/** Not started yet. */
export function createLogFollower(options: LogFollowerOptions): LogFollower {
  const { db, log, everyMs = EVERY_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();
  // What takes longer than a transaction may would fail for ever: after a failure less is tried, and then more again.
  let portion = LARGEST;

  async function takeNext(until: Date): Promise<boolean> {
    try {
      const isMore = await inTransaction(db, (client) => takeBatch(client, options, until, portion));
      portion = larger(portion);
      return isMore;
    } catch (error) {
      portion = smaller(portion);
      throw error;
    }
  }

  function catchUp(): Promise<void> {
    const next = last.then(async () => {
      const until = options.now();
      while (!isStopped && (await takeNext(until)));
    });
    last = next.catch(() => {});
    return next;
  }

  async function look(): Promise<void> {
    await catchUp().catch((error: unknown) =>
      log.warn({ follower: options.name, err: error }, 'the log could not be followed'),
    );
    if (!isStopped) timer = setTimeout(look, everyMs).unref();
  }

  return {
    start: () => void look(),
    catchUp,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}

function smaller({ conversations, events }: Portion): Portion {
  return { conversations: Math.ceil(conversations / 4), events: Math.ceil(events / 4) };
}

function larger({ conversations, events }: Portion): Portion {
  return {
    conversations: Math.min(2 * conversations, LARGEST.conversations),
    events: Math.min(2 * events, LARGEST.events),
  };
}

/** Takes what was last spoken in up to `until`: what goes on meanwhile is taken the next time. True where there may be more. */
async function takeBatch(
  client: pg.PoolClient,
  options: LogFollowerOptions,
  until: Date,
  { conversations, events }: Portion,
): Promise<boolean> {
  const { name, from = 'now' } = options;
  await client.query('insert into log_follower (name, up_to) values ($1, $2) on conflict do nothing', [
    name,
    from === 'now' ? until : new Date(0),
  ]);
  // Another node is at it: it will see what we see.
  const { rows } = await client.query<{ up_to: Date }>(
    'select up_to from log_follower where name = $1 for update skip locked',
    [name],
  );
  const upTo = rows[0]?.up_to;
  if (!upTo) return false;
  const due = await findDue(client, name, new Date(upTo.getTime() - LATE_MS), until, conversations);
  const news = await lockNews(client, name, due, events);
  await recordTaken(client, name, news, await takeOrPassOver(client, options, news));
  if (news.some(({ isCut }) => isCut)) return true;
  const isMore = due.length === conversations;
  const reached = isMore ? new Date((due.at(-1)?.hour ?? 0) * HOUR_MS) : until;
  await client.query('update log_follower set up_to = greatest(up_to, $2) where name = $1', [name, reached]);
  return isMore;
}

/** Takes all of them, or as many as can be taken; returns those that were passed over. */
async function takeOrPassOver(
  client: pg.PoolClient,
  options: LogFollowerOptions,
  news: readonly News[],
): Promise<readonly ConversationId[]> {
  const [first, ...others] = news;
  if (!first) return [];
  await client.query('savepoint taking');
  try {
    await options.take(client, news);
    await client.query('release savepoint taking');
    return [];
  } catch (error) {
    // Fails where the connection is lost, and with it the batch.
    await client.query('rollback to savepoint taking');
    if (isInTheWay(error)) throw error;
    if (others.length === 0) {
      const { conversation } = first;
      options.log.error(
        { follower: options.name, conversation, err: error },
        'a conversation was passed over',
      );
      return [conversation];
    }
  }
  const passedOver: ConversationId[] = [];
  for (const one of news) passedOver.push(...(await takeOrPassOver(client, options, [one])));
  return passedOver;
}

async function recordTaken(
  client: pg.PoolClient,
  name: string,
  news: readonly News[],
  passedOver: readonly ConversationId[],
): Promise<void> {
  await client.query(
    `insert into log_followed (follower, conversation, seq, passed_over)
     select $1, n.conversation, n.head, case when n.conversation = any($4::uuid[]) then n.head end
     from unnest($2::uuid[], $3::bigint[]) as n (conversation, head)
     on conflict (conversation, follower) do update
     set seq = excluded.seq, passed_over = coalesce(excluded.passed_over, log_followed.passed_over)`,
    [name, news.map(({ conversation }) => conversation), news.map(({ head }) => head), passedOver],
  );
}

/** How many conversations each follower has passed over, in whole or in part; those without any are left out. */
export async function countPassedOver(db: Database): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ follower: string; count: number }>(
    'select follower, count(*) as count from log_followed where passed_over is not null group by follower',
  );
  return new Map(rows.map(({ follower, count }) => [follower, count]));
}

/**
 * Conversations with something new since, by the hour in which they were last active. Open and closed ones have an index
 * each, which ends the search after as many as are taken.
 */
async function findDue(
  client: pg.PoolClient,
  name: string,
  since: Date,
  until: Date,
  most: number,
): Promise<readonly { readonly id: ConversationId; readonly hour: number }[]> {
  const dueOf = (status: 'open' | 'closed') =>
    `(select c.id, c.active_hour as hour
      from conversation c left join log_followed f on f.conversation = c.id and f.follower = $1
      where c.status = '${status}' and c.active_hour >= floor(extract(epoch from $2::timestamptz) / 3600)
        and c.last_at between $2 and $3 and c.seq > coalesce(f.seq, 0)
      order by c.active_hour, c.id limit ${most})`;
  const { rows } = await client.query<{ id: ConversationId; hour: number }>(
    `select * from (${dueOf('open')} union all ${dueOf('closed')}) as due order by hour, id limit ${most}`,
    [name, since, until],
  );
  return rows;
}

/** What is new in these conversations, locked against erasure and removal, and nothing else. */
async function lockNews(
  client: pg.PoolClient,
  name: string,
  due: readonly { readonly id: ConversationId }[],
  mostEvents: number,
): Promise<readonly (News & { readonly isCut: boolean })[]> {
  const { rows } = await client.query<{ conversation: ConversationId; after: number; seq: number }>(
    `select c.id as conversation, coalesce(f.seq, 0) as after, c.seq
     from conversation c left join log_followed f on f.conversation = c.id and f.follower = $1
     where c.id = any($2::uuid[]) order by c.id for key share of c`,
    [name, due.map(({ id }) => id)],
  );
  return rows.map(({ conversation, after, seq }) => {
    const head = Math.min(seq, after + mostEvents);
    return { conversation, after, head, isCut: head < seq };
  });
}
