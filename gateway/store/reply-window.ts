import type { Capabilities } from '../connectors/capabilities.ts';
import type { ThreadId } from '../model/ids.ts';
import type { Database } from './database.ts';

/**
 * Until when the network takes free words there; undefined where it always does, or nobody knows when the client wrote
 * last, and the network has to say it.
 */
export async function replyUntilOf(
  db: Database,
  thread: ThreadId,
  { replyWindowMs }: Pick<Capabilities, 'replyWindowMs'>,
): Promise<Date | undefined> {
  if (replyWindowMs === undefined) return undefined;
  const at = await lastWroteAt(db, thread);
  return at && new Date(at.getTime() + replyWindowMs);
}

/**
 * When the client of a thread wrote there last, in whichever of their conversations: by the network's own time where it
 * told one, since what was delivered late was written earlier, and no later than it came in. Undefined where no message
 * of theirs is known.
 */
async function lastWroteAt(db: Database, thread: ThreadId): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(least(e.at, (e.facts ->> 'sentAt')::timestamptz)) as at from thread t join identity i on i.id = t.identity
     join conversation c on c.contact in (i.contact, i.own)
     join event e on e.conversation = c.id
     where t.id = $1::uuid and e.type = 'message.received' and e.facts ->> 'thread' = $1::text`,
    [thread],
  );
  return rows[0]?.at ?? undefined;
}
