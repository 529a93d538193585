import type pg from 'pg';
import type { Change, Changed } from '../change.ts';
import type { Delivery } from '../model/delivery.ts';
import { carriedBy } from '../model/events.ts';
import type { ConversationId, DeliveryId } from '../model/ids.ts';
import type { Commit } from './active.ts';
import { type Database, inTransaction } from './database.ts';
import type { Outcome } from './deliveries.ts';
import { find } from './find.ts';
import type { Found } from './found.ts';
import { BESIDE_LINKS } from './links-lock.ts';
import { plan } from './plan.ts';
import type { PlanOptions } from './plan-options.ts';
import { newDelivery } from './rows.ts';
import { type Written, write } from './statement.ts';
import type { OutcomeRow, Writes } from './writes.ts';

export interface BatchOptions extends PlanOptions {
  /** What was admitted and is not committed after all. */
  readonly release?: (deliveries: readonly DeliveryId[]) => void;
}

/** What a batch came to. */
export interface Committed extends Commit {
  /** One a change, in order. */
  readonly results: readonly Changed[];
}

/** Commits changes on what is read under locks: all of them in one transaction, or on an error none. */
export async function commitRead(
  db: Database,
  changes: readonly Change[],
  options: BatchOptions,
): Promise<Committed> {
  return inTransaction(
    db,
    async (client) => decideAndWrite(client, changes, await find(client, changes), options),
    BESIDE_LINKS,
  );
}

/**
 * Commits changes on what is remembered, and how attempts ended, in one statement: all of them, or where it is out of
 * date none.
 */
export async function commitKnown(
  db: Database,
  changes: readonly Change[],
  found: Found,
  outcomes: readonly Outcome[],
  options: BatchOptions,
): Promise<Committed> {
  const ending = new Map(
    outcomes.flatMap(({ delivery, after }) =>
      after.state === 'due' ? [] : [[delivery.thread, delivery.id]],
    ),
  );
  return decideAndWrite(db, changes, found, { ...options, ending }, outcomes);
}

async function decideAndWrite(
  client: pg.Pool | pg.PoolClient,
  changes: readonly Change[],
  found: Found,
  options: BatchOptions,
  outcomes: readonly Outcome[] = [],
): Promise<Committed> {
  const planned = plan(changes, found, options);
  planned.writes.outcomes.push(...outcomes.map(toOutcomeRow));
  try {
    const written = await write(client, planned.writes);
    return { changes, found, planned, written, results: numbered(planned.results, planned.writes, written) };
  } catch (error) {
    const admitted = planned.writes.deliveries.filter(({ state }) => state === 'attempting');
    options.release?.(admitted.map(({ id }) => id));
    throw error;
  }
}

function toOutcomeRow({ delivery, outcome, externalId, otherIds, after }: Outcome): OutcomeRow {
  return {
    id: delivery.id,
    number: delivery.attempts,
    outcome,
    external_id: externalId,
    other_ids: otherIds,
    state: after.state,
    parts_accepted: after.partsAccepted,
    due_at: after.dueAt,
    possibly_twice: after.possiblyTwice,
    reason: after.reason,
  };
}

/** Fills in the numbers that the database gave. */
function numbered(results: readonly Changed[], writes: Writes, written: Written): readonly Changed[] {
  const byMessage = new Map<string, Delivery>();
  for (const row of writes.deliveries) {
    const { position = 0, state = row.state } = written.deliveries.get(row.id) ?? {};
    const revision = written.revisions.get(row.id) ?? 0;
    byMessage.set(messageKey(row.conversation, row.seq), newDelivery(row, { position, revision, state }));
  }
  return results.map((result) => {
    if (result.outcome !== 'committed') return result;
    const { conversation, events } = result;
    const deliveries = events.flatMap((event) =>
      carriedBy(event) ? (byMessage.get(messageKey(conversation.id, event.seq)) ?? []) : [],
    );
    return { ...result, deliveries, revision: written.revisions.get(conversation.id) ?? 0 };
  });
}

function messageKey(conversation: ConversationId, seq: number): string {
  return `${conversation} ${seq}`;
}
