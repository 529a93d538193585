import type { Locale } from '../../gateway/model/contact.ts';
import type { ConversationId, ThreadId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { MAX_AHEAD } from '../waiting-words.ts';
import { waitsSince } from './rows.ts';

/** A client who waits in a queue and was not told their place in it. */
export interface Waiting {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly thread: ThreadId;
  /** When they came into the queue, which they may have done again. */
  readonly since: Date;
  /** The language in which the client speaks, as with the handoff. */
  readonly locale: Locale;
  /** How many are before them, at most MAX_AHEAD. */
  readonly ahead: number;
  /** Under it they are told once in this wait. */
  readonly dedupe: { readonly scope: 'desk'; readonly key: string };
}

interface Row {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly thread: ThreadId;
  /** When they came into the queue, which they may have done again. */
  readonly since: Date;
  readonly locale: string | null;
  readonly ahead: number;
  readonly key: string;
}

/**
 * Those who came into a queue between these moments and were not told, the longest there first. Whether one was told is looked up
 * for each: a join by what the planner believes of the keys may compare every one with every key.
 */
export async function readWaiting(
  db: Database,
  since: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<readonly Waiting[]> {
  const { rows } = await db.query<Row>(
    `select c.id as conversation, c.epoch, c.thread, c.owner_since as since, k.key,
       coalesce(h.body -> 'context' ->> 'locale', c.turn ->> 'locale') as locale,
       (select count(*)::integer from (
         select from conversation b
         where b.status = 'open' and b.owner_kind = 'queue' and b.owner_id = c.owner_id
           and ((b.urgent is null), ${waitsSince('b')}, b.id)
             < ((c.urgent is null), ${waitsSince('c')}, c.id)
         limit ${MAX_AHEAD}
       ) before) as ahead
     from conversation c
     cross join lateral (select 'waiting:' || c.id || ':' || c.epoch as key) k
     left join event h on h.conversation = c.id and h.seq = c.last_handoff
     where c.status = 'open' and c.owner_kind = 'queue' and c.thread is not null
       and c.owner_since >= $1 and c.owner_since <= $2
       and (select true from dedupe d where d.scope = 'desk' and d.key = k.key) is null
     order by c.owner_since limit $3`,
    [since.from, since.to, limit],
  );
  return rows.map(({ key, locale, ...row }) => ({
    ...row,
    locale: locale === 'en' ? 'en' : 'ru',
    dedupe: { scope: 'desk', key },
  }));
}
