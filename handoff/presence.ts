import { recordAudit } from '../gateway/access/audit.ts';
import type { ChangeLog } from '../gateway/change.ts';
import type { Log } from '../gateway/connectors/connector.ts';
import { changeOwner } from '../gateway/decide-turn.ts';
import type { OperatorId } from '../gateway/model/ids.ts';
import { repeating } from '../gateway/repeating.ts';
import type { Database } from '../gateway/store/database.ts';
import { DEFAULT_QUEUE } from './queues.ts';
import { type Owned, readOwned } from './store/ownership.ts';
import { forgetPresence, readPresenceElsewhere, writePresence } from './store/presence.ts';

export interface PresenceOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly now: () => Date;
  readonly log: Log;
  /** This node's id. */
  readonly node: string;
  /** How long an operator may be without a page before their conversations go back to the queue. */
  readonly goneAfterMs: number;
}

/** Which operators are there. One is while at least one of their pages is connected, to whichever node. */
export interface Presence {
  /** A page of the operator is connected. Returns what to call when it is gone. */
  connected(operator: OperatorId): () => void;
  /** Gives back the conversations of those who have been gone for too long; returns how many. */
  sweep(): Promise<number>;
  /** From now on sweeps by itself. Operators who had conversations before a restart get the same time to come back. */
  start(): void;
  stop(): Promise<void>;
}

const SWEEP_MS = 5_000;
const SWEEP_LIMIT = 500;

export function createPresence(options: PresenceOptions): Presence {
  const { db, change, now, log, node, goneAfterMs } = options;
  const pages = new Map<string, number>();
  const goneAt = new Map<string, number>();
  let startedAt = now().getTime();
  const sweeping = repeating(SWEEP_MS, () =>
    sweep().catch((error: unknown) => log.error({ err: error }, 'absent operators could not be looked for')),
  );

  /** Time without a page, of this conversation's owner, since they have it and since this start. */
  function isGone(
    { operator, since, disabled }: Owned,
    elsewhere: ReadonlyMap<string, Date | null>,
  ): boolean {
    if (disabled) return true;
    const seen = elsewhere.get(operator);
    if (seen === null) return false;
    const from = Math.max(startedAt, since.getTime(), goneAt.get(operator) ?? 0, seen?.getTime() ?? 0);
    return now().getTime() - from >= goneAfterMs;
  }

  /** Tells the other nodes who is here. */
  async function write(): Promise<void> {
    const left = [...goneAt].filter(([operator]) => !pages.has(operator));
    await writePresence(db, node, {
      present: [...pages.keys()],
      left: left.map(([operator, at]) => ({ operator, at: new Date(at) })),
    });
    // Longer ago than anyone asks for.
    const forgotten = now().getTime() - 2 * goneAfterMs;
    for (const [operator, at] of left) if (at < forgotten) goneAt.delete(operator);
    await forgetPresence(db, new Date(forgotten));
  }

  async function sweep(): Promise<number> {
    await write();
    const elsewhere = await readPresenceElsewhere(db, node);
    const owned = await readOwned(db, [...pages.keys()], SWEEP_LIMIT);
    const left = owned.filter((one) => isGone(one, elsewhere));
    if (left.length === 0) return 0;
    const changed = await change.commit(
      left.map(({ id, operator, epoch }) => ({
        conversation: id,
        events: [
          changeOwner(
            { owner: { kind: 'operator', operator: operator as OperatorId }, epoch },
            { kind: 'queue', queue: DEFAULT_QUEUE },
            { kind: 'hub' },
            'operator-gone',
          ),
        ],
        expect: { epoch },
      })),
    );
    const returned = left.filter((_, index) => changed[index]?.outcome === 'committed');
    for (const { id, operator } of returned) {
      const detail = { reason: 'operator-gone', operator };
      await recordAudit(db, now(), { who: 'hub', act: 'conversation.released', subject: id, detail });
    }
    return returned.length;
  }

  return {
    connected(operator) {
      pages.set(operator, (pages.get(operator) ?? 0) + 1);
      let isConnected = true;
      return () => {
        if (!isConnected) return;
        isConnected = false;
        const left = (pages.get(operator) ?? 1) - 1;
        if (left > 0) pages.set(operator, left);
        else {
          pages.delete(operator);
          goneAt.set(operator, now().getTime());
        }
      };
    },
    sweep,
    start() {
      startedAt = now().getTime();
      sweeping.start();
    },
    async stop() {
      await sweeping.stop();
      await write().catch((error: unknown) => log.warn({ err: error }, 'who was here could not be written'));
    },
  };
}
