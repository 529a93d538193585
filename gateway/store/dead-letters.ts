import type pg from 'pg';
import type { Content } from '../model/content.ts';
import type { Receipt } from '../model/delivery.ts';
import type { NewEvent, RevisionType } from '../model/events.ts';
import type { ChannelId, ConversationId, DeliveryId, MessageId, ThreadId } from '../model/ids.ts';
import type { Author } from '../model/owner.ts';
import type { Database } from './database.ts';

/**
 * A delivery that ended without anybody knowing that the contact has it: `dead` when its attempts were used up,
 * `unknown` when a request may have gone out. A person decides what becomes of it; its own fate stays as it is.
 */
export interface DeadLetter {
  readonly delivery: DeliveryId;
  /** Its place in the list, in the order in which they ended. */
  readonly number: number;
  readonly channel: ChannelId;
  readonly state: 'dead' | 'unknown';
  readonly at: Date;
  readonly conversation: ConversationId;
  readonly author: Author['kind'];
  readonly attempts: number;
  readonly reason?: string;
  readonly receipt?: Receipt;
  /** It must not be resent by itself, such as a one-time code. */
  readonly once: boolean;
  readonly decision?: LetterDecision;
}

export interface LetterDecision {
  readonly decision: 'retried' | 'discarded';
  readonly at: Date;
  /** As stored a user's id or `cli`; as read the person's name. */
  readonly by: string;
  /** The new delivery. */
  readonly again?: DeliveryId;
}

/** A dead letter with what is needed to send it again. `content` is undefined where it was erased. */
export interface DeadLetterMessage extends DeadLetter {
  readonly thread: ThreadId;
  readonly message: MessageId;
  readonly content?: readonly Content[];
  /** It is no message but a change of one by people of ours. */
  readonly revision?: NewEvent<RevisionType>;
}

export interface LetterFilter {
  readonly channel?: ChannelId;
  readonly state?: DeadLetter['state'];
  /** Only those that still wait for a person, or only those that were decided. */
  readonly decided: boolean;
}

/** Newest first; `next` is the `before` of the next page. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

interface Row {
  delivery: DeliveryId;
  number: number;
  channel: ChannelId;
  state: DeadLetter['state'];
  at: Date;
  conversation: ConversationId;
  author_kind: Author['kind'];
  attempts: number;
  reason: string | null;
  receipt: Receipt | null;
  once: boolean;
  decision: LetterDecision['decision'] | null;
  decided_at: Date | null;
  decided_by: string | null;
  again: DeliveryId | null;
}

const FROM = `dead_letter l join delivery d on d.id = l.delivery left join users u on u.id::text = l.decided_by`;
const COLUMNS = `l.delivery, l.number, l.channel, l.state, l.at, l.decision, l.decided_at, coalesce(u.name, l.decided_by) as decided_by, l.again,
  d.conversation, d.author_kind, d.attempts, d.reason, d.receipt, d.once`;

/** A page of dead letters, newest first. `before`: the `next` of the page before. */
export async function listDeadLetters(
  db: Database,
  { channel, state, decided }: LetterFilter,
  limit: number,
  before?: number,
): Promise<Page<DeadLetter>> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from ${FROM}
     where (l.decision is not null) = $1 and ($2::text is null or l.channel = $2) and ($3::text is null or l.state = $3)
       and ($4::bigint is null or l.number < $4)
     order by l.number desc limit $5`,
    [decided, channel, state, before, limit + 1],
  );
  const last = rows[limit - 1];
  return {
    rows: rows.slice(0, limit).map(toDeadLetter),
    ...(rows.length > limit && last && { next: String(last.number) }),
  };
}

/** One dead letter with its message. `lock`: others who would decide it wait until the transaction ends. */
export async function findDeadLetter(
  db: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>,
  id: DeliveryId,
  lock = false,
): Promise<DeadLetterMessage | undefined> {
  const { rows } = await db.query<
    Row & {
      thread: ThreadId;
      message: MessageId;
      content: readonly Content[] | null;
      revision: NewEvent<RevisionType> | null;
    }
  >(
    `select ${COLUMNS}, d.thread, d.message, e.body -> 'content' as content,
       case when e.facts ? 'carried' and (e.body is not null or e.hash is null)
         then json_strip_nulls(json_build_object('type', e.type, 'facts', e.facts, 'body', e.body)) end as revision
     from ${FROM}
     left join event e on e.conversation = d.conversation and e.seq = d.seq
     where l.delivery = $1 ${lock ? 'for update of l' : ''}`,
    [id],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { thread, message, content, revision } = row;
  return {
    ...toDeadLetter(row),
    thread,
    message,
    ...(content && { content }),
    ...(revision && { revision }),
  };
}

/** Records what a person decided. */
export async function decideDeadLetter(
  db: Pick<pg.ClientBase, 'query'>,
  id: DeliveryId,
  { decision, at, by, again }: LetterDecision,
): Promise<void> {
  await db.query(
    'update dead_letter set decision = $2, decided_at = $3, decided_by = $4, again = $5 where delivery = $1',
    [id, decision, at, by, again],
  );
}

/** One attempt to send, as recorded. */
export interface Attempt {
  readonly number: number;
  readonly markedAt: Date;
  readonly endedAt?: Date;
  readonly outcome?: string;
  readonly reason?: string;
}

/** At most this many of a delivery's attempts are shown. */
const MAX_ATTEMPTS = 100;

/** The newest attempts of a delivery, newest first. */
export async function attemptsOf(db: Database, id: DeliveryId): Promise<readonly Attempt[]> {
  const { rows } = await db.query<{
    number: number;
    marked_at: Date;
    ended_at: Date | null;
    outcome: string | null;
    reason: string | null;
  }>(
    `select number, marked_at, ended_at, outcome, reason from attempt where delivery = $1
     order by number desc limit ${MAX_ATTEMPTS}`,
    [id],
  );
  return rows.map(({ number, marked_at, ended_at, outcome, reason }) => ({
    number,
    markedAt: marked_at,
    ...(ended_at && { endedAt: ended_at }),
    ...(outcome && { outcome }),
    ...(reason && { reason }),
  }));
}

/** The delivery of a message. */
export async function deliveryOf(
  db: Pick<pg.ClientBase, 'query'>,
  conversation: ConversationId,
  seq: number,
): Promise<DeliveryId | undefined> {
  const { rows } = await db.query<{ id: DeliveryId }>(
    'select id from delivery where conversation = $1 and seq = $2',
    [conversation, seq],
  );
  return rows[0]?.id;
}

/** The open conversation of the contact of `conversation`, which may be itself. */
export async function openOfSameContact(
  db: Pick<pg.ClientBase, 'query'>,
  conversation: ConversationId,
): Promise<ConversationId | undefined> {
  const { rows } = await db.query<{ id: ConversationId }>(
    `select o.id from conversation c join conversation o on o.contact = c.contact and o.status = 'open'
     where c.id = $1`,
    [conversation],
  );
  return rows[0]?.id;
}

function toDeadLetter(row: Row): DeadLetter {
  const { delivery, number, channel, state, at, conversation, author_kind, attempts, once } = row;
  const { decision, decided_at, decided_by, again, reason, receipt } = row;
  return {
    delivery,
    number,
    channel,
    state,
    at,
    conversation,
    author: author_kind,
    attempts,
    once,
    ...(reason && { reason }),
    ...(receipt && { receipt }),
    ...(decision &&
      decided_at &&
      decided_by && {
        decision: { decision, at: decided_at, by: decided_by, ...(again && { again }) },
      }),
  };
}
