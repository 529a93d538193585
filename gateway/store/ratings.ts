import type { ChannelId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Rating } from '../rating.ts';
import type { Database } from './database.ts';

/** A conversation that is over and whose client was asked, on the thread where they answer. */
export interface Rated {
  readonly conversation: ConversationId;
  readonly thread: ThreadId;
  readonly identity: IdentityId;
  /** Added to an event's number it is the place in the thread. */
  readonly base: number;
}

/** A bare number is an answer to the question no longer than this, milliseconds. */
const NUMBER_MS = 24 * 3_600_000;

/**
 * What a rating from this place is of: a closed conversation of this thread in which it was asked. A bare number counts
 * only where nothing was said here since, soon, and once; else it is an ordinary message.
 */
export async function findRated(
  db: Database,
  channel: ChannelId,
  externalThread: string,
  { conversation }: Rating,
  now: Date,
): Promise<Rated | undefined> {
  const { rows } = await db.query<Rated & { closedAt: Date; isRated: boolean }>(
    `select c.id as conversation, t.id as thread, t.identity, b.base, c.closed_at as "closedAt",
       exists (select from dedupe d where d.scope = '${RATING_SCOPE}' and d.key = c.id::text) as "isRated"
     from thread t join binding b on b.thread = t.id join conversation c on c.id = b.conversation
     where t.channel = $1 and t.external_thread = $2 and c.status = 'closed'
       and (c.turn -> 'offered' ->> 'thread')::uuid = t.id
       and c.turn -> 'offered' -> 'choices' -> 0 ->> 'id' = 'rate:' || c.id || ':1'
       and case when $3::uuid is null
         then not exists (select from binding l where l.thread = t.id and l.bound_at > b.bound_at)
           and not exists (select from conversation o join identity i on i.contact = o.contact
             where i.id = t.identity and o.status = 'open')
         else c.id = $3 end
     order by b.bound_at desc limit 1`,
    [channel, externalThread, conversation ?? null],
  );
  const [found] = rows;
  if (!found) return undefined;
  const { closedAt, isRated, ...rated } = found;
  const isBareLate = isRated || now.getTime() - closedAt.getTime() > NUMBER_MS;
  return conversation === undefined && isBareLate ? undefined : rated;
}

/** Under it a conversation is rated once, whatever it is answered by. */
export const RATING_SCOPE = 'rating';
