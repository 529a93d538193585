import type { Locale } from '../model/contact.ts';
import type { ChannelId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Rating } from '../rating.ts';
import type { Database } from './database.ts';

/** A conversation whose client was asked how it was, on the thread where they answer. */
export interface Rated {
  readonly conversation: ConversationId;
  readonly thread: ThreadId;
  readonly identity: IdentityId;
  /** Added to an event's number it is the place in the thread. */
  readonly base: number;
  /** The language in which they were asked. */
  readonly locale: Locale;
  /** Nothing was begun on that thread since: what is said to them there stands behind the question. */
  readonly isNewest: boolean;
}

type Row = Omit<Rated, 'locale'> & {
  readonly endedAt: Date;
  readonly isRated: boolean;
  readonly label: string;
};

/** A bare number is an answer to the question no longer than this, milliseconds. */
const NUMBER_MS = 24 * 3_600_000;

/**
 * What a rating from this place is of: a conversation of this thread in which it was asked, be that over or not. A bare
 * number counts only where nothing was said here since, soon, and once; else it is an ordinary message.
 */
export async function findRated(
  db: Database,
  channel: ChannelId,
  externalThread: string,
  { conversation }: Rating,
  now: Date,
): Promise<Rated | undefined> {
  const { rows } = await db.query<Row>(
    `select c.id as conversation, t.id as thread, t.identity, b.base, coalesce(c.closed_at, c.last_at) as "endedAt",
       q.body -> 'content' -> 1 -> 'choices' -> 0 ->> 'text' as label,
       not exists (select from binding l where l.thread = t.id and l.bound_at > b.bound_at) as "isNewest",
       exists (select from dedupe d where d.scope = '${RATING_SCOPE}' and d.key = c.id::text) as "isRated"
     from thread t join binding b on b.thread = t.id join conversation c on c.id = b.conversation
     join lateral (
       select e.body from event e
       where e.conversation = c.id and e.type = 'message.sent' and e.facts ->> 'thread' = t.id::text
         and e.body -> 'content' -> 1 -> 'choices' -> 0 ->> 'id' = 'rate:' || c.id || ':1'
       order by e.seq desc limit 1
     ) q on true
     where t.channel = $1 and t.external_thread = $2
       and case when $3::uuid is null
         then (c.turn -> 'offered' ->> 'thread')::uuid = t.id
           and c.turn -> 'offered' -> 'choices' -> 0 ->> 'id' = 'rate:' || c.id || ':1'
           and not exists (select from binding l where l.thread = t.id and l.bound_at > b.bound_at)
           and not exists (select from conversation o join identity i on i.contact in (o.contact, o.secondary_to)
             where i.id = t.identity and o.status = 'open' and o.id <> c.id)
         else c.id = $3 end
     order by b.bound_at desc limit 1`,
    [channel, externalThread, conversation ?? null],
  );
  const [found] = rows;
  if (!found) return undefined;
  const { endedAt, isRated, label, ...rated } = found;
  const isBareLate = isRated || now.getTime() - endedAt.getTime() > NUMBER_MS;
  if (conversation === undefined && isBareLate) return undefined;
  return { ...rated, locale: /\p{Script=Cyrillic}/u.test(label) ? 'ru' : 'en' };
}

/** Under it a conversation is rated once, whatever it is answered by. */
export const RATING_SCOPE = 'rating';
