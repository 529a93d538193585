import type { ChannelId, ConversationId, ThreadId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';

/** Where a reply goes. */
export interface ReplyPlace {
  readonly thread: ThreadId;
  readonly channel: ChannelId;
}

/**
 * Where the client of a conversation is answered: where they wrote last; where that channel is off, on another thread of
 * the conversation that is theirs still, the one that came last. Undefined where no channel of theirs is on.
 */
export async function findReplyPlace(
  db: Database,
  id: ConversationId,
  isOn: (channel: ChannelId) => boolean,
): Promise<ReplyPlace | undefined> {
  const { rows } = await db.query<ReplyPlace>(
    `select t.id as thread, t.channel from conversation c
     join thread last on last.id = c.thread
     join identity who on who.id = last.identity
     join binding b on b.conversation = c.id
     join thread t on t.id = b.thread
     join identity i on i.id = t.identity and i.contact = who.contact
     where c.id = $1 order by t.id = c.thread desc, b.bound_at desc`,
    [id],
  );
  return rows.find(({ channel }) => isOn(channel));
}
