import type { Evidence, Locale } from '../model/contact.ts';
import type { ActionId, ConversationId, IdentityId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { evidenceNow } from './evidence.ts';

/** An action as it is called: the request with the identity's evidence and customer as they are now. */
export interface ActionToRun {
  readonly id: ActionId;
  readonly conversation: ConversationId;
  readonly call: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly needs: Evidence | 'nothing';
  readonly repeatable: boolean;
  readonly timeoutMs: number;
  readonly identity: IdentityId;
  readonly evidence: Evidence;
  readonly customer?: string;
  readonly locale: Locale;
  /** It had been started before; nobody knows how far it came. */
  readonly cutOff: boolean;
}

interface Row {
  id: ActionId;
  conversation: ConversationId;
  attempts: number;
  facts: {
    call: string;
    name: string;
    identity: IdentityId;
    needs: Evidence | 'nothing';
    repeatable: boolean;
    timeoutMs: number;
  };
  parameters: Record<string, unknown> | null;
  evidence: Evidence;
  customer: string | null;
  locale: Locale | null;
}

/**
 * Marks the start of an action, before the call goes out, under a term of its shard. Undefined where it has ended
 * already, or the term has.
 */
export async function claimAction(
  db: Database,
  { id, term }: { id: ActionId; term: number },
  now: Date,
): Promise<ActionToRun | undefined> {
  const { rows } = await db.query<Row>(
    `with held as (
       select s.shard from shard s join conversation c on c.shard = s.shard join action a on a.conversation = c.id
       where a.id = $1 and s.term = $3 for share of s
     )
     update action a set state = 'started', attempts = a.attempts + 1, started_at = $2
     from held, event e, identity i, conversation c
     where a.id = $1 and c.shard = held.shard and a.state in ('requested', 'started')
       and e.conversation = a.conversation and e.seq = a.seq and c.id = a.conversation
       and i.id = (e.facts ->> 'identity')::uuid
     returning a.id, a.conversation, a.attempts, e.facts, e.body -> 'parameters' as parameters,
       ${evidenceNow('i')} as evidence, i.customer, c.turn ->> 'locale' as locale`,
    [id, now, term],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { facts, parameters, attempts, customer, locale, ...rest } = row;
  return {
    ...facts,
    ...rest,
    parameters: parameters ?? {},
    customer: rest.evidence === 'claimed' ? undefined : (customer ?? undefined),
    locale: locale ?? 'ru',
    cutOff: attempts > 1,
  };
}

/** Actions of these shards without a result, oldest first. */
export async function openActions(
  db: Database,
  shards: readonly number[],
): Promise<readonly { id: ActionId; conversation: ConversationId }[]> {
  const { rows } = await db.query<{ id: ActionId; conversation: ConversationId }>(
    `select a.id, a.conversation from action a join conversation c on c.id = a.conversation
     where a.state in ('requested', 'started') and c.shard = any($1::smallint[]) order by a.conversation, a.seq`,
    [shards],
  );
  return rows;
}
