import type { Delivery } from '../model/delivery.ts';
import type { ChannelId, ConversationId } from '../model/ids.ts';
import type { OptOut } from '../policy/decide.ts';
import type { Database } from './database.ts';

/**
 * Keeps what a client said of being written to in an event of the log: from then on, so that an answer committed with it
 * already counts as said. Said again after the client changed their mind, it changes nothing.
 */
export async function recordOptOut(
  db: Database,
  { channel, externalThread }: { readonly channel: ChannelId; readonly externalThread: string },
  said: 'out' | 'in',
  event: { readonly conversation: ConversationId; readonly seq: number },
): Promise<void> {
  const place = [channel, externalThread, event.conversation, event.seq];
  if (said === 'in') {
    await db.query(
      `delete from opt_out where channel = $1 and external_thread = $2
         and at <= (select e.at from event e where e.conversation = $3 and e.seq = $4)`,
      place,
    );
    return;
  }
  await db.query(
    `insert into opt_out (channel, external_thread, at)
     select $1, $2, e.at from event e where e.conversation = $3 and e.seq = $4
       and not exists (select from event later where later.conversation = e.conversation and later.seq > e.seq
         and later.facts ->> 'optOut' = 'in' and later.facts ->> 'thread' = e.facts ->> 'thread')
     on conflict (channel, external_thread) do update set at = excluded.at`,
    place,
  );
}

/** Whether the client of a delivery's thread wants no messages, and whether this one answers them all the same. */
export async function optOutOf(db: Database, delivery: Delivery): Promise<OptOut | undefined> {
  const { rows } = await db.query<{ at: Date }>(
    `select o.at from thread t join opt_out o on o.channel = t.channel and o.external_thread = t.external_thread
     where t.id = $1`,
    [delivery.thread],
  );
  const at = rows[0]?.at;
  if (!at) return undefined;
  const { rows: since } = await db.query<{ wrote: boolean; said: boolean }>(
    `select exists (select from event e where e.conversation = $1 and e.type = 'message.received'
         and e.facts ->> 'thread' = $2::text and e.at >= $3 and not e.facts ? 'optOut') as wrote,
       exists (select from delivery d where d.thread = $2::uuid and d.created_at >= $3 and d.position < $4) as said`,
    [delivery.conversation, delivery.thread, at, delivery.position],
  );
  return { hasWrittenSince: since[0]?.wrote === true, isFirstSince: since[0]?.said === false };
}

/** Whether whoever is reached there wants no messages. */
export async function isOptedOut(db: Database, channel: ChannelId, externalThread: string): Promise<boolean> {
  const { rows } = await db.query('select from opt_out where channel = $1 and external_thread = $2', [
    channel,
    externalThread,
  ]);
  return rows.length > 0;
}
