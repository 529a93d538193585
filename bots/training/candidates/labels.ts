import type pg from 'pg';
import type { Content } from '../../../gateway/model/content.ts';
import type { ConversationId } from '../../../gateway/model/ids.ts';
import { EVENTS_OF_NEWS, type News, valuesOf } from '../../../gateway/store/log-follower.ts';
import { type Candidate, textOf } from './find.ts';

/** What people of ours say that a message of the client was about; null: they took it back. */
export interface Label {
  readonly conversation: ConversationId;
  /** The message's number. */
  readonly seq: number;
  readonly at: Date;
  readonly intent: string | null;
  /** As it reads now; null once it was erased. */
  readonly content: readonly Content[] | null;
  /** What was said to the client before it. */
  readonly before: readonly Content[] | null;
}

/** The newest label of each message that was labelled between a conversation's `after` and `head`. */
export async function readLabels(client: pg.PoolClient, news: readonly News[]): Promise<readonly Label[]> {
  const { rows } = await client.query<Label>(
    `select m.conversation, m.seq, m.at, l.facts ->> 'intent' as intent,
       coalesce(r.body, m.body) -> 'content' as content, s.body -> 'content' as before
     from (select distinct on (e.conversation, e.facts ->> 'of') e.conversation, e.facts
       from ${EVENTS_OF_NEWS}
       where e.type = 'message.labelled' order by e.conversation, e.facts ->> 'of', e.seq desc) l
     join event m on m.conversation = l.conversation and m.seq = (l.facts ->> 'of')::bigint
     left join lateral (select body from event where conversation = m.conversation and seq > m.seq
       and type = 'message.edited' and (facts ->> 'of')::bigint = m.seq order by seq desc limit 1) r on true
     left join lateral (select body from event where conversation = m.conversation and seq < m.seq
       and type = 'message.sent' order by seq desc limit 1) s on true
     order by m.conversation, m.seq`,
    valuesOf(news),
  );
  return rows;
}

/** A label as something that the bot could learn from; undefined where it was taken back. Pure. */
export function candidateOf({
  conversation,
  seq,
  at,
  intent,
  content,
  before,
}: Label): Candidate | undefined {
  if (intent === null) return undefined;
  const context = textOf(before ?? []);
  return {
    conversation,
    seq,
    at,
    reason: 'labelled',
    text: textOf(content ?? []),
    proposed: intent,
    ...(context && { context }),
  };
}
