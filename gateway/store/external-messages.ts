import type { ChannelId, ConversationId, MessageId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** A message of the log that a network names by its own id. */
export interface NamedMessage {
  readonly conversation: ConversationId;
  readonly seq: number;
  readonly message: MessageId;
}

/** A network's own place, or somebody of whom no place is known: then all places of theirs. */
export interface Whereabouts {
  readonly externalUser: string;
  readonly externalThread?: string | undefined;
}

/** SQL: of the threads `t`, those meant; of channel $1, and named by $2. */
const meant = ({ externalThread }: Whereabouts) =>
  externalThread === undefined
    ? 't.identity = (select i.id from identity i where i.channel = $1 and i.external_user = $2)'
    : 't.channel = $1 and t.external_thread = $2';
const nameOf = ({ externalThread, externalUser }: Whereabouts) => externalThread ?? externalUser;

/** Edits, reactions and replies are about what was said lately. */
const CONVERSATIONS_LOOKED_AT = 20;

/**
 * The newest message there under the network's id: the client's own, or one of ours. It reads the last conversations
 * and keeps no index, so that messages that nobody edits cost nothing.
 */
export async function findByExternalId(
  db: Database,
  channel: ChannelId,
  where: Whereabouts,
  externalId: string,
): Promise<NamedMessage | undefined> {
  const { rows } = await db.query<NamedMessage>(
    `with place as (
       select t.id, b.conversation from thread t join binding b on b.thread = t.id
       where ${meant(where)} order by b.bound_at desc limit ${CONVERSATIONS_LOOKED_AT}
     )
     select e.conversation, e.seq, (e.facts ->> 'message')::uuid as message
     from place p join event e on e.conversation = p.conversation
     where e.type = 'message.received' and e.facts ->> 'thread' = p.id::text and e.body ->> 'externalId' = $3
     union all
     select d.conversation, d.seq, d.message
     from attempt a join delivery d on d.id = a.delivery join place p on p.conversation = d.conversation and p.id = d.thread
     where a.external_id = $3 or a.other_ids ? $3
     order by conversation desc, seq desc limit 1`,
    [channel, nameOf(where), externalId],
  );
  return rows[0];
}

/** Whether a message of ours is on its way there, so that the network may know it by an id that we do not know yet. */
export async function isOneUnderWay(db: Database, channel: ChannelId, where: Whereabouts): Promise<boolean> {
  const { rows } = await db.query<{ is: boolean }>(
    `select exists (select from thread t join delivery d on d.thread = t.id
       where ${meant(where)} and d.state = 'attempting') as is`,
    [channel, nameOf(where)],
  );
  return rows[0]?.is === true;
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
