import type { Locale } from '../../gateway/model/contact.ts';
import type { TurnState } from '../../gateway/model/conversation.ts';
import type { ChannelId, ConversationId, ThreadId } from '../../gateway/model/ids.ts';
import type { Owner } from '../../gateway/model/owner.ts';
import type { Database } from '../../gateway/store/database.ts';
import { toOwner } from '../../gateway/store/rows.ts';
import type { Ownership } from '../acts.ts';

/** Who has a conversation; undefined where there is none of that id. */
export async function readOwnership(db: Database, id: ConversationId): Promise<Ownership | undefined> {
  const { rows } = await db.query<{
    status: Ownership['status'];
    owner_kind: Owner['kind'];
    owner_id: string | null;
    epoch: number;
    seq: number;
    thread: ThreadId | null;
  }>('select status, owner_kind, owner_id, epoch, seq, thread from conversation where id = $1', [id]);
  const row = rows[0];
  if (!row) return undefined;
  const { status, epoch, seq } = row;
  return {
    id,
    status,
    owner: toOwner(row.owner_kind, row.owner_id),
    epoch,
    seq,
    thread: row.thread ?? undefined,
  };
}

/** The language in which the client speaks: as the newest handoff tells, else as the page or the network says. */
export async function readClientLocale(db: Database, id: ConversationId): Promise<Locale> {
  const { rows } = await db.query<{ locale: string | null }>(
    `select coalesce(h.body -> 'context' ->> 'locale', c.turn ->> 'locale') as locale from conversation c
     left join event h on h.conversation = c.id and h.seq = c.last_handoff where c.id = $1`,
    [id],
  );
  return rows[0]?.locale === 'en' ? 'en' : 'ru';
}

/** What turns know of a conversation. */
export async function readTurnState(db: Database, id: ConversationId): Promise<TurnState | undefined> {
  const { rows } = await db.query<{ turn: TurnState }>('select turn from conversation where id = $1', [id]);
  return rows[0]?.turn;
}

/** The channel of a thread. */
export async function readChannel(db: Database, thread: ThreadId): Promise<ChannelId> {
  const { rows } = await db.query<{ channel: ChannelId }>('select channel from thread where id = $1', [
    thread,
  ]);
  const [row] = rows;
  if (!row) throw new Error(`there is no thread ${thread}`);
  return row.channel;
}

/** The number of the event that a key stands for, where it was used. */
export async function findSaid(
  db: Database,
  { scope, key }: { readonly scope: string; readonly key: string },
): Promise<number | undefined> {
  const { rows } = await db.query<{ seq: number }>('select seq from dedupe where scope = $1 and key = $2', [
    scope,
    key,
  ]);
  return rows[0]?.seq;
}

/** The numbers of the last events of these conversations. */
export async function readHeads(
  db: Database,
  ids: readonly ConversationId[],
): Promise<ReadonlyMap<ConversationId, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: ConversationId; seq: number }>(
    'select id, seq from conversation where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

const MAX_MOVED = 500;
/** Clocks of nodes may differ by this much. */
const CLOCKS_DIFFER_MS = 10_000;

/** Conversations in which something happened in the last `sinceMs` milliseconds, the newest first. */
export async function readMoved(db: Database, sinceMs: number): Promise<readonly ConversationId[]> {
  const { rows } = await db.query<{ id: ConversationId }>(
    `(select id from conversation where status = 'open' and last_at > clock_timestamp() - make_interval(secs => $1)
        order by last_at desc limit $2)
     union all
     (select id from conversation where status = 'closed' and closed_at > clock_timestamp() - make_interval(secs => $1)
        order by closed_at desc limit $2)`,
    [(sinceMs + CLOCKS_DIFFER_MS) / 1000, MAX_MOVED],
  );
  return rows.map(({ id }) => id);
}

/** An open conversation that an operator has. */
export interface Owned {
  readonly id: ConversationId;
  readonly operator: string;
  readonly epoch: number;
  readonly since: Date;
  /** The operator may not sign in any more. */
  readonly disabled: boolean;
}

/**
 * Open conversations of operators other than these, those that they have longest first; not those that are attended
 * in a channel that is a desk.
 */
export async function readOwned(
  db: Database,
  present: readonly string[],
  limit: number,
): Promise<readonly Owned[]> {
  const { rows } = await db.query<Owned>(
    `select c.id, c.owner_id as operator, c.epoch, c.owner_since as since, u.disabled_at is not null as disabled
     from conversation c left join users u on u.id::text = c.owner_id
     where c.status = 'open' and c.owner_kind = 'operator' and c.owner_id <> all($1)
       and (u.disabled_at is not null
         or not exists (select from desk_thread d where d.conversation = c.id and d.attended_until > now()))
     order by c.owner_since limit $2`,
    [present, limit],
  );
  return rows;
}
