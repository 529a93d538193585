import type { Database } from '../../gateway/store/database.ts';
import type { ConversationView } from '../api.ts';

const MAX_ALIKE = 10;

/**
 * Newest conversations of other contacts who are known by the same phone number, such as by SMS and by a call: perhaps the
 * same person. Only numbers with their `+`: without it a network's own ids would look alike.
 */
export async function readAlike(db: Database, contact: string): Promise<ConversationView['alike']> {
  // Channels are few and identities many, so they are walked by the index (channel, external_user).
  const { rows } = await db.query<{ conversation: string; channel: string; name: string | null }>(
    `with recursive channels as (
       select min(channel) as channel from identity
       union all
       select (select min(i.channel) from identity i where i.channel > c.channel) from channels c
       where c.channel is not null
     )
     select c.id as conversation, i.channel, i.name
     from identity own cross join channels
     join identity i on i.channel = channels.channel and i.external_user = own.external_user and i.contact <> $1
     join lateral (
       select id from conversation where contact = i.contact order by id desc limit 1
     ) c on true
     where own.contact = $1 and own.external_user ~ '^[+][0-9]{10,15}$'
     order by c.id desc limit ${MAX_ALIKE}`,
    [contact],
  );
  return rows.map(({ name, ...rest }) => ({ ...rest, ...(name === null ? {} : { name }) }));
}
