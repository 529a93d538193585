import type { ChangeLog } from '../gateway/change.ts';
import type { Log } from '../gateway/connectors/connector.ts';
import { newId } from '../gateway/ids.ts';
import type { NewEvent } from '../gateway/model/events.ts';
import type { MessageId } from '../gateway/model/ids.ts';
import { repeating } from '../gateway/repeating.ts';
import type { Database } from '../gateway/store/database.ts';
import { readWaiting, type Waiting } from './store/waiting.ts';
import { placeText, type WaitingWords } from './waiting-words.ts';

export interface WaitingOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly now: () => Date;
  readonly log: Log;
  /** How long a client waits before they hear their place, milliseconds. */
  readonly afterMs: number;
  readonly words: WaitingWords;
}

/** Tells clients who wait in a queue how many are before them: once a wait, whichever node does it. */
export interface WaitingClients {
  /** Tells those who have waited long enough; returns how many. */
  sweep(): Promise<number>;
  /** From now on sweeps by itself. */
  start(): void;
  stop(): Promise<void>;
}

const SWEEP_MS = 5_000;
const SWEEP_LIMIT = 200;
/** Who has waited longer than this and was not told, such as while no hub ran, has stopped to expect it. */
const TOO_LATE_MS = 3_600_000;
/** A wait may be stored so much later than it says that it began: nodes have clocks, and commits take their time. */
const STORED_LATE_MS = 60_000;

export function createWaitingClients(options: WaitingOptions): WaitingClients {
  const { db, change, now, log, afterMs, words } = options;
  /** Everybody who began to wait before was told, milliseconds since 1970. */
  let toldBefore = 0;
  const sweeping = repeating(SWEEP_MS, () =>
    sweep().catch((error: unknown) =>
      log.error({ err: error }, 'clients who wait could not be told their place'),
    ),
  );

  async function sweep(): Promise<number> {
    const to = now().getTime() - afterMs;
    const from = Math.max(to - TOO_LATE_MS, toldBefore);
    const waiting = await readWaiting(db, { from: new Date(from), to: new Date(to) }, SWEEP_LIMIT);
    const changed = await change.commit(
      waiting.map((one) => ({
        conversation: one.conversation,
        events: [told(one, words)],
        // Taken, closed or returned meanwhile: then nobody waits.
        expect: { epoch: one.epoch },
        dedupe: one.dedupe,
      })),
    );
    const last = waiting.length < SWEEP_LIMIT ? undefined : waiting.at(-1);
    toldBefore = Math.max(from, (last?.since.getTime() ?? to) - STORED_LATE_MS);
    return changed.filter(({ outcome }) => outcome === 'committed').length;
  }

  return { sweep, start: sweeping.start, stop: sweeping.stop };
}

function told({ thread, ahead, locale }: Waiting, words: WaitingWords): NewEvent {
  return {
    type: 'message.sent',
    facts: { message: newId<MessageId>(), thread, author: { kind: 'system' }, kinds: ['text'] },
    body: { content: [{ kind: 'text', text: placeText(words, ahead, locale) }] },
  };
}
