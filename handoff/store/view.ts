import type { ChannelId, ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { replyUntilOf } from '../../gateway/store/reply-window.ts';
import type { ConversationView } from '../api.ts';
import { handoffContext } from '../context.ts';
import type { AbilitiesOn } from '../revising/abilities.ts';
import { SMALL_TALK } from '../summary.ts';
import { readAlike } from './alike.ts';
import { findReplyPlace } from './reply-place.ts';
import { readRows } from './rows.ts';

const MAX_HISTORY = 20;

/** What is known of the channels. */
export interface OfChannels {
  /** Undefined of a channel that is on. */
  readonly whyOff: (channel: ChannelId) => NonNullable<ConversationView['channelOff']>['why'] | undefined;
  readonly limitsOf: (channel: ChannelId) => Pick<
    ConversationView,
    'maxText' | 'textUnit' | 'segmentPrice' | 'dataClass' | 'files' | 'templates'
  > & {
    readonly replyWindowMs: number | undefined;
  };
  readonly abilitiesOn: AbilitiesOn;
}

/** A conversation with its context, identities and history; undefined where there is none of that id. */
export async function readView(
  db: Database,
  id: ConversationId,
  { whyOff, limitsOf, abilitiesOn }: OfChannels,
): Promise<ConversationView | undefined> {
  const [row] = await readRows(db, [id]);
  if (!row) return undefined;
  const channel = row.channel as ChannelId;
  const place = await findReplyPlace(db, id, (one) => whyOff(one) === undefined);
  const { replyWindowMs, ...limits } = limitsOf(place?.channel ?? channel);
  // A conversation in which the client has written nothing yet has no channel.
  const why = row.channel === '' ? undefined : whyOff(channel);
  const [context, identities, alike, history, replyUntil] = await Promise.all([
    readContext(db, id),
    readIdentities(db, row.contact.id),
    readAlike(db, row.contact.id),
    readHistory(db, id, row.contact.id),
    place && replyWindowMs !== undefined ? replyUntilOf(db, place.thread, { replyWindowMs }) : undefined,
  ]);
  return {
    ...row,
    ...(context ? { context } : {}),
    identities,
    alike,
    history,
    ...(why && { channelOff: { why, ...(place && { repliesGoTo: place.channel }) } }),
    ...limits,
    ...(replyUntil && { replyUntil: replyUntil.toISOString() }),
    revisable: [...new Set(identities.map(({ channel }) => channel))].map((channel) => ({
      channel,
      ...abilitiesOn(channel as ChannelId),
    })),
  };
}

async function readContext(db: Database, id: ConversationId): Promise<ConversationView['context']> {
  const { rows } = await db.query<{ context: unknown }>(
    `select e.body -> 'context' as context from conversation c
     join event e on e.conversation = c.id and e.seq = c.last_handoff where c.id = $1`,
    [id],
  );
  // Erased, or written by an older program: the page does without.
  return handoffContext.safeParse(rows[0]?.context).data;
}

async function readIdentities(db: Database, contact: string): Promise<ConversationView['identities']> {
  const { rows } = await db.query<{
    id: string;
    channel: string;
    evidence: string;
    name: string | null;
    username: string | null;
    linked: boolean;
  }>(
    'select id, channel, evidence, name, username, own is not null as linked from identity where contact = $1 or own = $1 order by created_at, id limit 50',
    [contact],
  );
  return rows.map(({ name, username, ...identity }) => ({
    ...identity,
    ...(name === null ? {} : { name }),
    ...(username === null ? {} : { username }),
  }));
}

async function readHistory(
  db: Database,
  id: ConversationId,
  contact: string,
): Promise<ConversationView['history']> {
  const { rows } = await db.query<{
    id: string;
    opened_at: Date;
    closed_at: Date | null;
    intent: string | null;
  }>(
    `select c.id, c.opened_at, c.closed_at, coalesce(h.intent, t.intent) as intent
     from (
       select * from conversation where id < $1 and (contact = $2
         or contact in (select own from identity where contact = $2)) order by id desc limit ${MAX_HISTORY}
     ) c
     left join lateral (
       select e.body -> 'context' ->> 'intent' as intent from event e
       where e.conversation = c.id and e.seq = c.last_handoff
     ) h on true
     left join lateral (
       select e.facts ->> 'intent' as intent from event e
       where e.conversation = c.id and e.type = 'turn.completed' and e.facts ->> 'intent' <> all($3)
       order by e.seq desc limit 1
     ) t on true
     order by c.id desc`,
    [id, contact, [...SMALL_TALK]],
  );
  return rows.map(({ id, opened_at, closed_at, intent }) => ({
    id,
    openedAt: opened_at.toISOString(),
    ...(closed_at === null ? {} : { closedAt: closed_at.toISOString() }),
    ...(intent === null ? {} : { intent }),
  }));
}
