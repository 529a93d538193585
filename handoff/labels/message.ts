import { type Content, readableText } from '../../gateway/model/content.ts';
import type { EventType } from '../../gateway/model/events.ts';
import type { ConversationId, MessageId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';

/** A message of a client that can be about something. */
export interface Labelled {
  readonly message: MessageId;
  /** What people of ours last said that it is about; null where nobody did, or it was taken back. */
  readonly intent: string | null;
}

interface Row {
  readonly type: EventType;
  readonly message: MessageId | null;
  readonly content: readonly Content[] | null;
  readonly intent: string | null;
}

/** The client's message with this number; undefined where it is none, or has no text. */
export async function readLabelled(
  db: Database,
  conversation: ConversationId,
  seq: number,
): Promise<Labelled | undefined> {
  const { rows } = await db.query<Row>(
    `select e.type, e.facts ->> 'message' as message, e.body -> 'content' as content,
       (select l.facts ->> 'intent' from event l
        where l.conversation = $1 and l.seq > $2 and l.type = 'message.labelled' and (l.facts ->> 'of')::bigint = $2
        order by l.seq desc limit 1) as intent
     from event e where e.conversation = $1 and e.seq = $2`,
    [conversation, seq],
  );
  const [row] = rows;
  if (row?.type !== 'message.received' || !row.message) return undefined;
  const isSaid = readableText(row.content?.filter(({ kind }) => kind === 'text') ?? []).trim() !== '';
  return isSaid ? { message: row.message, intent: row.intent } : undefined;
}
