import type { Content } from '../../gateway/model/content.ts';
import type { DeliveryState } from '../../gateway/model/delivery.ts';
import type { ChannelId, ConversationId, MessageId, ThreadId } from '../../gateway/model/ids.ts';
import type { Author } from '../../gateway/model/owner.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { Said } from './decide.ts';

/** The message of a conversation with this number, as it stands; undefined where that is no message. */
export async function readSaid(db: Database, id: ConversationId, seq: number): Promise<Said | undefined> {
  const { rows } = await db.query<{
    message: MessageId;
    thread: ThreadId;
    channel: ChannelId;
    at: Date;
    author: Author['kind'] | null;
    content: readonly Content[] | null;
    deleted: boolean;
    state: DeliveryState | null;
    named: number;
  }>(
    `select e.facts ->> 'message' as message, t.id as thread, t.channel, e.at, e.facts -> 'author' ->> 'kind' as author,
       coalesce((select r.body from event r where r.conversation = $1 and r.seq > $2 and r.type = 'message.edited'
         and (r.facts ->> 'of')::bigint = $2 order by r.seq desc limit 1), e.body) -> 'content' as content,
       exists (select from event r left join delivery rd on rd.conversation = r.conversation and rd.seq = r.seq
         where r.conversation = $1 and r.seq > $2 and r.type = 'message.deleted' and (r.facts ->> 'of')::bigint = $2
           and coalesce(rd.state, 'accepted') not in ('rejected', 'cancelled', 'dead')) as deleted,
       d.state,
       (select coalesce(sum(ids), 0)::integer from (
         select distinct on (a.part) 1 + coalesce(jsonb_array_length(a.other_ids), 0) as ids from attempt a
         where a.delivery = d.id and a.external_id is not null order by a.part, a.number desc) parts) as named
     from event e join thread t on t.id = (e.facts ->> 'thread')::uuid
     left join delivery d on d.conversation = e.conversation and d.seq = e.seq
     where e.conversation = $1 and e.seq = $2 and e.type in ('message.received', 'message.sent')`,
    [id, seq],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { author, content, deleted: isDeleted, state, ...rest } = row;
  return {
    ...rest,
    seq,
    from: author ?? 'client',
    content: content ?? [],
    isDeleted,
    ...(state && { state }),
  };
}
