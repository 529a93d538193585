import type { TrailEntry } from '../../gateway/model/events.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import type { HandoffDecision } from '../../gateway/model/turn.ts';
import type { Database } from '../../gateway/store/database.ts';
import { SMALL_TALK } from '../summary.ts';

const MAX_TURNS = 20;

/**
 * What the log tells of the bot's work, for an operator who takes a conversation before the bot gave it away. The
 * bot's slots are its private state: the bot tells them itself.
 */
export async function readBotStory(
  db: Database,
  id: ConversationId,
): Promise<Pick<HandoffDecision, 'intent' | 'steps'>> {
  const { rows } = await db.query<{ intent: string | null; trail: TrailEntry[] | null }>(
    `select facts ->> 'intent' as intent, facts -> 'trail' as trail from event
     where conversation = $1 and type = 'turn.completed' order by seq desc limit ${MAX_TURNS}`,
    [id],
  );
  const intent = rows.find((row) => row.intent !== null && !SMALL_TALK.has(row.intent))?.intent ?? undefined;
  const trail = rows.reverse().flatMap((row) => row.trail ?? []);
  const steps = trail.flatMap(({ script, step, what, outcome }) =>
    what === 'left' && outcome !== undefined ? [{ script, step, outcome }] : [],
  );
  return { intent, steps };
}
