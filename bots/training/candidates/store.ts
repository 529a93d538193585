import type pg from 'pg';
import type { Content } from '../../../gateway/model/content.ts';
import type { Event } from '../../../gateway/model/events.ts';
import type { ConversationId, OperatorId } from '../../../gateway/model/ids.ts';
import type { Database } from '../../../gateway/store/database.ts';
import { EVENTS_OF_NEWS, type News, valuesOf } from '../../../gateway/store/log-follower.ts';
import { type EventRow, toEvent } from '../../../gateway/store/rows.ts';
import type { ScriptSet } from '../../load.ts';
import { type Candidate, fallbacksOf, isCorrection, textOf } from './find.ts';

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
/** Characters of the longest message that does nothing but say that the bot took it wrong. */
const LONGEST_CORRECTION = 80;

/** The same with what was said somewhat before. */
const lookingBack = (news: readonly News[]) => news.map((one) => ({ ...one, after: one.after - LOOK_BACK }));

/**
 * Those in which there may be something to learn: where the bot did not understand, or the client says that it took them
 * wrong. Of most conversations nothing else is read.
 */
export async function findTelling(
  client: pg.PoolClient,
  news: readonly News[],
  scripts: ScriptSet,
): Promise<readonly News[]> {
  const { rows } = await client.query<{ conversation: ConversationId; content: Content[] | null }>(
    `select e.conversation, case when e.type = 'message.received' then e.body -> 'content' end as content
     from ${EVENTS_OF_NEWS}
     where e.type = 'turn.completed' and e.facts -> 'trail' @> any($4::jsonb[])
       or e.type = 'message.received' and length(e.body #>> '{content,0,text}') <= ${LONGEST_CORRECTION}`,
    [...valuesOf(lookingBack(news)), fallbacksOf(scripts).map((script) => JSON.stringify([{ script }]))],
  );
  const telling = new Set(
    rows
      .filter(({ content }) => content === null || isCorrection(textOf(content)))
      .map(({ conversation }) => conversation),
  );
  return news.filter(({ conversation }) => telling.has(conversation));
}

/** Events of each conversation up to its `head`, from somewhat before its `after`. */
export async function readStretches(
  client: pg.PoolClient,
  news: readonly News[],
): Promise<ReadonlyMap<ConversationId, readonly Event[]>> {
  const { rows } = await client.query<EventRow>(
    `select e.conversation, e.seq, e.at, e.type, e.facts, e.body
     from ${EVENTS_OF_NEWS}
     where e.type in ('message.received', 'message.sent', 'turn.completed') order by e.conversation, e.seq`,
    valuesOf(lookingBack(news)),
  );
  const stretches = new Map<ConversationId, Event[]>();
  for (const row of rows) {
    const stretch = stretches.get(row.conversation);
    if (stretch) stretch.push(toEvent(row));
    else stretches.set(row.conversation, [toEvent(row)]);
  }
  return stretches;
}

/** Keeps candidates, each once; not where the same words were decided about already. */
export async function addCandidates(client: pg.PoolClient, candidates: readonly Masked[]): Promise<void> {
  if (candidates.length === 0) return;
  await client.query(
    `insert into training_candidate (conversation, seq, at, reason, text, words, context, proposed)
     select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[]) as n (conversation, seq, at, reason, text, words, context, proposed)
     where not exists (select from training_candidate c where c.words = n.words and c.decision is not null)
     on conflict (conversation, seq, reason) do nothing`,
    [
      candidates.map(({ conversation }) => conversation),
      candidates.map(({ seq }) => seq),
      candidates.map(({ at }) => at),
      candidates.map(({ reason }) => reason),
      candidates.map(({ text }) => text),
      candidates.map(({ words }) => words),
      candidates.map(({ context }) => context ?? null),
      candidates.map(({ proposed }) => proposed ?? null),
    ],
  );
}

/** Messages that were labelled anew, or no more: what their former labels left goes, save what was decided about. */
export async function dropLabelled(
  client: pg.PoolClient,
  messages: readonly { readonly conversation: ConversationId; readonly seq: number }[],
): Promise<void> {
  if (messages.length === 0) return;
  await client.query(
    `delete from training_candidate c using unnest($1::uuid[], $2::bigint[]) as m (conversation, seq)
     where c.conversation = m.conversation and c.seq = m.seq and c.reason = 'labelled' and c.decision is null`,
    [messages.map(({ conversation }) => conversation), messages.map(({ seq }) => seq)],
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
