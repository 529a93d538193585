import type pg from 'pg';
import type { Event } from '../../../gateway/model/events.ts';
import type { ConversationId, OperatorId } from '../../../gateway/model/ids.ts';
import type { Database } from '../../../gateway/store/database.ts';
import { type EventRow, toEvent } from '../../../gateway/store/rows.ts';
import type { Candidate } from './find.ts';

/** A candidate without personal data. `words`: its stems in order; the same ones are the same candidate. */
export interface Masked extends Candidate {
  readonly words: string;
}

/** A candidate that waits for a decision, with all who said the same words. */
export interface Waiting {
  readonly id: number;
  readonly text: string;
  readonly context: string | null;
  readonly proposed: string | null;
  readonly reasons: readonly Candidate['reason'][];
  readonly times: number;
  readonly lastAt: Date;
}

/** Candidates that are listed at once. */
const MAX_LISTED = 300;
/** A clarification or a correction speaks of what was said this many events before. */
const LOOK_BACK = 40;

/** Events of a conversation up to `head`, from somewhat before `after`. */
export async function readStretch(
  client: pg.PoolClient,
  conversation: ConversationId,
  after: number,
  head: number,
): Promise<readonly Event[]> {
  const { rows } = await client.query<EventRow>(
    `select * from event where conversation = $1 and seq > $2 and seq <= $3
       and type in ('message.received', 'message.sent', 'turn.completed') order by seq`,
    [conversation, after - LOOK_BACK, head],
  );
  return rows.map(toEvent);
}

/** Keeps a candidate, once; not where the same words were decided about already. */
export async function addCandidate(
  client: pg.PoolClient,
  conversation: ConversationId,
  { seq, at, reason, text, words, context, proposed }: Masked,
): Promise<void> {
  await client.query(
    `insert into training_candidate (conversation, seq, at, reason, text, words, context, proposed)
     select $1, $2, $3, $4, $5, $6, $7, $8
     where not exists (select from training_candidate where words = $6 and decision is not null)
     on conflict (conversation, seq, reason) do nothing`,
    [conversation, seq, at, reason, text, words, context ?? null, proposed ?? null],
  );
}

/** Messages that were labelled anew, or no more: what their former labels left goes, save what was decided about. */
export async function dropLabelled(
  client: pg.PoolClient,
  conversation: ConversationId,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  await client.query(
    `delete from training_candidate
     where conversation = $1 and seq = any($2::bigint[]) and reason = 'labelled' and decision is null`,
    [conversation, seqs],
  );
}

/**
 * What waits for a decision, the newest first. What a person of ours said is proposed before what clients pressed, and
 * that before what a model guessed.
 */
export async function listWaiting(db: Database): Promise<readonly Waiting[]> {
  const { rows } = await db.query<Waiting>(
    `select min(id) as id, (array_agg(text order by id))[1] as text, (array_agg(context order by id))[1] as context,
       (array_agg(proposed order by (reason = 'labelled') desc, (reason = 'clarified') desc, id desc) filter (where proposed is not null))[1]
         as proposed,
       array_agg(distinct reason) as reasons, count(distinct (conversation, seq))::integer as times,
       max(at) as "lastAt"
     from training_candidate where decision is null group by words order by max(id) desc limit ${MAX_LISTED}`,
  );
  return rows;
}

/** What is decided of a candidate: the intent that it is learned for, or that it is not. */
export type CandidateDecision =
  | { readonly decision: 'accepted'; readonly intent: string }
  | { readonly decision: 'rejected' };

/** Decides about a candidate and all of the same words; its text, or undefined where none of them waits. */
export async function decideCandidate(
  client: pg.PoolClient,
  id: number,
  made: CandidateDecision,
  by: OperatorId,
  at: Date,
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: number; text: string }>(
    `update training_candidate set decision = $2, decided_intent = $3, decided_by = $4, decided_at = $5
     where decision is null and words = (select words from training_candidate where id = $1)
     returning id, text`,
    [id, made.decision, made.decision === 'accepted' ? made.intent : null, by, at],
  );
  return (rows.find((row) => row.id === id) ?? rows[0])?.text;
}
