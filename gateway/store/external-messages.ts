import type { ChannelId, ConversationId, MessageId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** A message of the log that a network names by its own id. */
export interface NamedMessage {
  readonly conversation: ConversationId;
  readonly seq: number;
  readonly message: MessageId;
}

/** Edits, reactions and replies are about what was said lately. */
const CONVERSATIONS_LOOKED_AT = 20;

/**
 * The newest message of a thread under the network's id: the client's own, or one of ours. It reads the thread's last
 * conversations and keeps no index, so that messages that nobody edits cost nothing.
 */
export async function findByExternalId(
  db: Database,
  channel: ChannelId,
  externalThread: string,
  externalId: string,
): Promise<NamedMessage | undefined> {
  const { rows } = await db.query<NamedMessage>(
    `with place as (
       select t.id, b.conversation from thread t join binding b on b.thread = t.id
       where t.channel = $1 and t.external_thread = $2 order by b.bound_at desc limit ${CONVERSATIONS_LOOKED_AT}
     )
     select e.conversation, e.seq, (e.facts ->> 'message')::uuid as message
     from place p join event e on e.conversation = p.conversation
     where e.type = 'message.received' and e.facts ->> 'thread' = p.id::text and e.body ->> 'externalId' = $3
     union all
     select d.conversation, d.seq, d.message
     from attempt a join delivery d on d.id = a.delivery join place p on p.conversation = d.conversation and p.id = d.thread
     where a.external_id = $3 or a.other_ids ? $3
     order by conversation desc, seq desc limit 1`,
    [channel, externalThread, externalId],
  );
  return rows[0];
}

/** The reactions of the client that stand under a message, as they were told last. */
export async function reactionsUnder(
  db: Database,
  { conversation, seq }: NamedMessage,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ emoji: readonly string[] | null }>(
    `select body -> 'emoji' as emoji from event
     where conversation = $1 and seq > $2 and type = 'reaction.changed' and (facts ->> 'of')::bigint = $2
       and facts -> 'by' ->> 'kind' = 'contact'
     order by seq desc limit 1`,
    [conversation, seq],
  );
  return rows[0]?.emoji ?? [];
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A message of ours on this channel, by our own id. */
export async function findOwn(
  db: Database,
  channel: ChannelId,
  message: string,
): Promise<NamedMessage | undefined> {
  if (!UUID.test(message)) return undefined;
  const { rows } = await db.query<NamedMessage>(
    'select conversation, seq, message from delivery where message = $1 and channel = $2 limit 1',
    [message, channel],
  );
  return rows[0];
}
