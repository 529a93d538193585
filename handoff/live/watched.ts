import type { Log } from '../../gateway/connectors/connector.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { LiveOut } from '../live-api.ts';
import { readDeliveries, readTranscript, type ShownDelivery } from '../store/transcript.ts';
import type { PageSender } from './page-socket.ts';

/** Lines of one frame; a line may be 100 kB. */
const LINES = 50;
/** Deliveries whose state is told again when a page begins to watch: it may have missed their change. */
const DELIVERIES = 50;

/** The conversation that a page shows, followed without gaps: whatever is told is read from the store, in order. */
export interface Watched {
  readonly conversation: ConversationId;
  /** There is something new, up to this number at least. */
  moved(head: number): void;
  /** Of a message that the page may have. */
  delivered(seq: number, delivery: ShownDelivery): void;
  /** Updates were missed: reads on, and tells the newest deliveries again. */
  catchUp(): void;
  stop(): void;
}

export interface WatchedOptions {
  readonly db: Database;
  readonly log: Log;
  readonly page: PageSender;
  readonly conversation: ConversationId;
  /** The last number that the page has. */
  readonly after: number;
}

export function watchConversation({ db, log, page, conversation, after }: WatchedOptions): Watched {
  let told = after;
  let head = after;
  let isStopped = false;
  let isReading = false;
  /** Something came while lines were on their way. */
  let hasNews = false;
  /** Their lines may be on their way: told before them, they would be lost. */
  const held = new Map<number, ShownDelivery>();

  const send = (frame: LiveOut) => page.deliver(JSON.stringify(frame));

  async function begin(): Promise<void> {
    await readOn();
    if (after > 0) await readStates(after);
  }

  async function readStates(upTo: number): Promise<void> {
    if (isStopped) return;
    for (const { seq, delivery } of await readDeliveries(db, conversation, upTo, DELIVERIES)) {
      tellDelivery(seq, delivery);
    }
  }

  /** Tells everything after what was told, until nothing is left. */
  async function readOn(): Promise<void> {
    for (;;) {
      const part = await readTranscript(db, conversation, { after: told, limit: LINES });
      if (!part || isStopped) return;
      const { items } = part;
      const upTo = items.length === LINES ? (items.at(-1)?.seq ?? part.head) : part.head;
      if (upTo <= told) return;
      await send({ type: 'items', conversation, items, head: upTo });
      told = upTo;
      if (isStopped || told >= Math.max(head, part.head)) return;
    }
  }

  function work(reading: () => Promise<void>): void {
    if (isReading || isStopped) return;
    isReading = true;
    reading()
      .catch((error: unknown) => log.warn({ conversation, err: error }, 'a page could not be told of news'))
      .finally(() => {
        isReading = false;
        for (const [seq, delivery] of held) tellDelivery(seq, delivery);
        held.clear();
        const again = hasNews && head > told;
        hasNews = false;
        // After a failure the next heartbeat tries again.
        if (again) work(readOn);
      });
  }

  function tellDelivery(seq: number, delivery: ShownDelivery): void {
    if (isStopped) return;
    const frame: LiveOut = { type: 'delivery', conversation, seq, delivery };
    page.update(`delivery ${conversation} ${seq}`, JSON.stringify(frame));
  }

  work(begin);
  return {
    conversation,
    moved(to) {
      head = Math.max(head, to);
      if (isReading) hasNews = true;
      else if (head > told) work(readOn);
    },
    delivered(seq, delivery) {
      if (!isReading) tellDelivery(seq, delivery);
      else if ((held.get(seq)?.revision ?? 0) < delivery.revision) held.set(seq, delivery);
    },
    catchUp() {
      work(async () => {
        await readOn();
        await readStates(told);
      });
    },
    stop() {
      isStopped = true;
      held.clear();
    },
  };
}
