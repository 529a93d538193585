import { recordAudit, type Who } from '../access/audit.ts';
import { newId } from '../ids.ts';
import type { ContactId, ConversationId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';
import type { Page } from './dead-letters.ts';
import { personOf } from './person.ts';

/** What may neither be removed nor erased until it is released: a contact with all its conversations, or one of them. */
export interface Hold {
  readonly id: string;
  readonly contact?: ContactId;
  readonly conversation?: ConversationId;
  readonly reason: string;
  readonly at: Date;
}

export type Held = { readonly contact: ContactId } | { readonly conversation: ConversationId };

/** SQL: true where the conversation `c` is held, by itself or with its contact or one that is linked with it. */
export const isHeld = (c: string): string =>
  `exists (select from legal_hold h where h.released_at is null
    and (h.conversation = ${c}.id or h.contact in ${personOf(`${c}.contact`)}))`;

/** Holds something. Undefined where there is no such contact or conversation. */
export async function hold(
  db: Database,
  what: Held,
  reason: string,
  by: Who,
  at: Date,
): Promise<string | undefined> {
  const id = newId();
  const [contact, conversation] = 'contact' in what ? [what.contact, null] : [null, what.conversation];
  return inTransaction(db, async (client) => {
    const { rowCount } = await client.query(
      `insert into legal_hold (id, contact, conversation, reason, held_at, held_by)
       select $1, $2, $3, $4, $5, $6
       where exists (select from contact where id = $2) or exists (select from conversation where id = $3)`,
      [id, contact, conversation, reason, at, by],
    );
    if (rowCount === 0) return undefined;
    await recordAudit(client, at, {
      who: by,
      act: 'hold.set',
      subject: contact ?? conversation ?? undefined,
    });
    return id;
  });
}

/** Ends a hold. False where there is none of this id that still holds. */
export async function release(db: Database, id: string, by: Who, at: Date): Promise<boolean> {
  return inTransaction(db, async (client) => {
    const { rows } = await client.query<{ subject: string }>(
      `update legal_hold set released_at = $2, released_by = $3 where id = $1 and released_at is null
       returning coalesce(contact, conversation) as subject`,
      [id, at, by],
    );
    const subject = rows[0]?.subject;
    if (!subject) return false;
    await recordAudit(client, at, { who: by, act: 'hold.released', subject });
    return true;
  });
}

/** A page of what is held, newest first. `before`: the `next` of the page before. */
export async function listHolds(db: Database, limit: number, before?: string): Promise<Page<Hold>> {
  const { rows } = await db.query<{
    id: string;
    contact: ContactId | null;
    conversation: ConversationId | null;
    reason: string;
    held_at: Date;
  }>(
    `select id, contact, conversation, reason, held_at from legal_hold
     where released_at is null and ($1::uuid is null or id < $1) order by id desc limit $2`,
    [before, limit + 1],
  );
  const last = rows[limit - 1];
  return {
    rows: rows.slice(0, limit).map(({ id, contact, conversation, reason, held_at }) => ({
      id,
      reason,
      at: held_at,
      ...(contact && { contact }),
      ...(conversation && { conversation }),
    })),
    ...(rows.length > limit && last && { next: last.id }),
  };
}
