import type pg from 'pg';
import type { Change, Changed, ChangeLog } from '../change.ts';
import type { Delivery } from '../model/delivery.ts';
import type { ChannelId } from '../model/ids.ts';
import { createActive } from './active.ts';
import { type BatchOptions, type Committed, commitKnown, commitRead } from './batch.ts';
import { type Database, inTransaction } from './database.ts';
import { type Outcome, recordAttempts } from './deliveries.ts';
import { isAboutData, isRace, StoreBusyError } from './errors.ts';
import { LINKING } from './links-lock.ts';
import type { Written } from './statement.ts';

export interface ChangeLogOptions extends Pick<BatchOptions, 'answer' | 'admit' | 'release' | 'refuses'> {
  readonly db: Database;
  readonly now: () => Date;
  readonly acceptsAtCommit: (channel: ChannelId) => boolean;
  /**
   * The term under which this node works a shard now; only of its own shards' conversations anything is remembered.
   * Default: nothing is.
   */
  readonly termOf?: (shard: number) => number | undefined;
  /** Changes waiting for their commit beyond this many are refused. */
  readonly maxWaiting?: number;
  /** A change that has waited this long for its batch is refused: whoever brought it has gone, or will bring it again. */
  readonly maxWaitMs?: number;
}

interface Waiting {
  readonly change: Change;
  readonly sinceMs: number;
  resolve(changed: Changed): void;
  reject(error: unknown): void;
}

interface WaitingOutcome {
  readonly outcome: Outcome;
  resolve(delivery: Delivery | undefined): void;
  reject(error: unknown): void;
}

/** What is committed together. `known`: changes on what is remembered, with how attempts ended; else on what is read. */
interface Batch {
  readonly known: boolean;
  readonly waiting: readonly Waiting[];
  readonly outcomes: readonly WaitingOutcome[];
  readonly keys: readonly string[];
}

const BATCHES_IN_FLIGHT = 2;
const MAX_BATCH = 200;
const MAX_WAITING = 10_000;
const MAX_WAIT_MS = 4_000;
const TRIES = 4;

/** The change log with what the outbox stores. */
export interface StoreLog extends ChangeLog {
  /** Stores how an attempt ended, together with what is committed anyway. Undefined where it was not under way any more. */
  record(outcome: Outcome): Promise<Delivery | undefined>;
  /** Changes several conversations in one transaction, while nobody else links or reads who belongs to whom. */
  across<Result>(work: Across<Result>): Promise<Result>;
}

type Across<Result> = (
  client: pg.PoolClient,
  now: Date,
) => Promise<{
  readonly result: Result;
  readonly changed: readonly Extract<Changed, { outcome: 'committed' }>[];
}>;

/**
 * Group commit: what waits together is committed together, with at most two batches in flight and no timer.
 * A conversation is in at most one batch in flight, so its changes keep the order in which they came.
 */
export function createChangeLog(options: ChangeLogOptions): StoreLog {
  const { db, now, maxWaiting = MAX_WAITING, maxWaitMs = MAX_WAIT_MS } = options;
  const { termOf = () => undefined } = options;
  const active = createActive(termOf);
  const listeners: ((changed: Extract<Changed, { outcome: 'committed' }>) => void)[] = [];
  const busyKeys = new Set<string>();
  let waiting: Waiting[] = [];
  let waitingOutcomes: WaitingOutcome[] = [];
  let inFlight = 0;
  let isScheduled = false;

  /** What comes in the same round of the event loop goes together. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      flush();
    });
  }

  function flush(): void {
    while (inFlight < BATCHES_IN_FLIGHT && waiting.length + waitingOutcomes.length > 0) {
      const batch = takeBatch();
      if (batch.waiting.length + batch.outcomes.length === 0) return;
      inFlight++;
      for (const key of batch.keys) busyKeys.add(key);
      void run(batch).finally(() => {
        inFlight--;
        for (const key of batch.keys) busyKeys.delete(key);
        schedule();
      });
    }
  }

  /** The oldest that may go, and what can go with it. Nothing overtakes an older change of its conversation. */
  function takeBatch(): Batch {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const takenKeys: string[] = [];
    const leftKeys = new Set<string>();
    const oldestMs = performance.now() - maxWaitMs;
    const outcomes = takeOutcomes();
    let known = outcomes.length > 0 ? true : undefined;
    for (const one of waiting) {
      if (one.sinceMs < oldestMs) {
        one.reject(new StoreBusyError(`a change waited for ${maxWaitMs} ms`));
        continue;
      }
      const keys = keysOf(one.change);
      const isFree = taken.length < MAX_BATCH && !keys.some((key) => busyKeys.has(key) || leftKeys.has(key));
      const isKnown = isFree && active.knows(one.change);
      if (isFree) known ??= isKnown;
      if (isFree && known === isKnown) {
        taken.push(one);
        takenKeys.push(...keys);
      } else {
        left.push(one);
        for (const key of keys) leftKeys.add(key);
      }
    }
    waiting = left;
    for (const { outcome } of outcomes) takenKeys.push(outcome.delivery.conversation);
    return { known: known ?? false, waiting: taken, outcomes, keys: takenKeys };
  }

  function takeOutcomes(): WaitingOutcome[] {
    const taken: WaitingOutcome[] = [];
    const left: WaitingOutcome[] = [];
    for (const one of waitingOutcomes)
      (taken.length < MAX_BATCH && !busyKeys.has(one.outcome.delivery.conversation) ? taken : left).push(one);
    waitingOutcomes = left;
    return taken;
  }

  function keysOf(change: Change): string[] {
    const conversation = active.conversationOf(change);
    const keys: string[] = conversation === undefined ? [] : [conversation];
    if ('channel' in change) keys.push(`${change.channel}\n${change.sender.externalThread}`);
    return keys;
  }

  async function run({ waiting: batch, outcomes, known }: Batch): Promise<void> {
    const results = await commitTogether(
      batch.map(({ change }) => change),
      outcomes,
      known,
    ).catch((error: unknown) => ({ error }));
    if (!('error' in results)) {
      for (const [index, one] of batch.entries()) settle(one, results[index]);
    } else if (batch.length > 1 && isAboutData(results.error)) {
      // One poison row must harm only itself: the others are committed alone. A store that is away refuses all.
      for (const one of batch) await run({ waiting: [one], outcomes: [], known: false, keys: [] });
    } else {
      for (const one of batch) one.reject(results.error);
    }
  }

  function settle(one: Waiting, result: Changed | undefined): void {
    if (!result) {
      one.reject(new Error('the store gave fewer results than changes'));
      return;
    }
    if (result.outcome === 'committed') for (const listener of listeners) listener(result);
    one.resolve(result);
  }

  async function commitTogether(
    changes: readonly Change[],
    outcomes: readonly WaitingOutcome[],
    known: boolean,
  ): Promise<readonly Changed[]> {
    const batchOptions: BatchOptions = { ...options, termOf, now: now() };
    if (known) {
      try {
        const told = outcomes.map(({ outcome }) => outcome);
        const committed = await commitKnown(db, changes, active.find(changes), told, batchOptions);
        for (const one of outcomes) one.resolve(afterOutcome(one.outcome, committed.written));
        return remembered(committed);
      } catch (error) {
        // Nothing was written. What is true stands in the store.
        forgetAll(changes);
        if (!isRace(error) && !isAboutData(error)) {
          for (const one of outcomes) one.reject(error);
          throw error;
        }
        for (const one of outcomes) await recordAlone(one);
      }
    }
    return changes.length === 0 ? [] : remembered(await commitWithRetry(changes, batchOptions));
  }

  async function across<Result>(work: Across<Result>): Promise<Result> {
    for (let tried = 1; ; tried++) {
      try {
        const { result, changed } = await inTransaction(db, (client) => work(client, now()), LINKING);
        for (const one of changed) {
          active.forget(one.conversation.id);
          for (const listener of listeners) listener(one);
        }
        return result;
      } catch (error) {
        if (tried === TRIES || !isRace(error)) throw error;
      }
    }
  }

  async function recordAlone({ outcome, resolve, reject }: WaitingOutcome): Promise<void> {
    const { delivery, ...record } = outcome;
    await recordAttempts(db, [{ ...record, delivery: delivery.id, number: delivery.attempts }], now()).then(
      ([recorded]) => resolve(recorded),
      reject,
    );
  }

  async function commitWithRetry(changes: readonly Change[], batchOptions: BatchOptions): Promise<Committed> {
    for (let tried = 1; ; tried++) {
      try {
        return await commitRead(db, changes, batchOptions);
      } catch (error) {
        forgetAll(changes);
        if (tried === TRIES || !isRace(error)) throw error;
      }
    }
  }

  function remembered(committed: Committed): readonly Changed[] {
    active.remember(committed);
    return committed.results;
  }

  function forgetAll(changes: readonly Change[]): void {
    for (const change of changes) {
      const conversation = active.conversationOf(change);
      if (conversation) active.forget(conversation);
    }
  }

  return {
    record: (outcome) =>
      new Promise((resolve, reject) => {
        waitingOutcomes.push({ outcome, resolve, reject });
        schedule();
      }),
    commit(changes) {
      if (waiting.length + changes.length > maxWaiting) {
        return Promise.reject(new StoreBusyError(`${waiting.length} changes wait for their commit`));
      }
      const sinceMs = performance.now();
      const committed = changes.map(
        (change) =>
          new Promise<Changed>((resolve, reject) => {
            waiting.push({ change, sinceMs, resolve, reject });
          }),
      );
      schedule();
      return Promise.all(committed);
    },
    across,
    onCommitted(listener) {
      listeners.push(listener);
    },
    forget: (conversation) => active.forget(conversation),
  };
}

function afterOutcome({ delivery, after }: Outcome, { revisions, receipts }: Written): Delivery {
  const revision = revisions.get(delivery.id) ?? delivery.revision;
  return { ...delivery, ...after, receipt: receipts.get(delivery.id), revision };
}
