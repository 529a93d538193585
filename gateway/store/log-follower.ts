import type pg from 'pg';
import type { Log } from '../connectors/connector.ts';
import type { ConversationId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';

/** What is new in a conversation: the events after `after`, up to `head`. */
export interface News {
  readonly conversation: ConversationId;
  readonly after: number;
  readonly head: number;
}

export interface LogFollowerOptions {
  readonly db: Database;
  /** Under which its positions are kept. */
  readonly name: string;
  /**
   * Takes what is new in one conversation, in the transaction that moves the position. The conversation can be neither
   * erased nor removed meanwhile. What it throws is logged, and its conversation is passed over up to `head`.
   */
  readonly take: (client: pg.PoolClient, news: News) => Promise<void>;
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
/** Conversations that are taken in one transaction. */
const BATCH = 50;
/** A commit may become visible this much later than the time that it bears. */
const LATE_MS = 120_000;

/** Not started yet. It begins with what happens from its first start on. */
export function createLogFollower(options: LogFollowerOptions): LogFollower {
  const { db, log, everyMs = EVERY_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();

  function catchUp(): Promise<void> {
    const next = last.then(async () => {
      const until = options.now();
      while (!isStopped && (await inTransaction(db, (client) => takeBatch(client, options, until))));
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

/** Takes what was last spoken in up to `until`: what goes on meanwhile is taken the next time. True where there may be more. */
async function takeBatch(client: pg.PoolClient, options: LogFollowerOptions, until: Date): Promise<boolean> {
  const { name, take, log } = options;
  await client.query('insert into log_follower (name, up_to) values ($1, $2) on conflict do nothing', [
    name,
    until,
  ]);
  // Another node is at it: it will see what we see.
  const { rows } = await client.query<{ up_to: Date }>(
    'select up_to from log_follower where name = $1 for update skip locked',
    [name],
  );
  const upTo = rows[0]?.up_to;
  if (!upTo) return false;
  const found = await findNews(client, name, new Date(upTo.getTime() - LATE_MS), until);
  for (const news of found) {
    await client.query('savepoint one');
    try {
      await take(client, news);
    } catch (error) {
      await client.query('rollback to savepoint one');
      log.error(
        { follower: name, conversation: news.conversation, err: error },
        'a conversation was passed over',
      );
    }
    await client.query(
      `insert into log_followed (follower, conversation, seq) values ($1, $2, $3)
       on conflict (conversation, follower) do update set seq = excluded.seq`,
      [name, news.conversation, news.head],
    );
  }
  const isMore = found.length === BATCH;
  const reached = isMore ? found.at(-1)?.lastAt : until;
  await client.query('update log_follower set up_to = greatest(up_to, $2) where name = $1', [name, reached]);
  return isMore;
}

/**
 * Conversations with something new since, the longest quiet first; locked against erasure and removal, and nothing else.
 * Open and closed ones have an index each, and are asked apart for it.
 */
async function findNews(
  client: pg.PoolClient,
  name: string,
  since: Date,
  until: Date,
): Promise<readonly (News & { readonly lastAt: Date })[]> {
  const { rows } = await client.query<News & { readonly lastAt: Date }>(
    `select c.id as conversation, coalesce(f.seq, 0) as after, c.seq as head, c.last_at as "lastAt"
     from conversation c left join log_followed f on f.conversation = c.id and f.follower = $1
     where ((c.status = 'open' and c.active_hour >= floor(extract(epoch from $2::timestamptz) / 3600))
         or (c.status = 'closed' and c.active_hour >= floor(extract(epoch from $2::timestamptz) / 3600)))
       and c.last_at between $2 and $3 and c.seq > coalesce(f.seq, 0)
     order by c.last_at, c.id limit ${BATCH} for key share of c`,
    [name, since, until],
  );
  return rows;
}
