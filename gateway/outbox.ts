import { type AttemptsOptions, createAttempts, type Marked, type OutboxChannel } from './attempts.ts';
import { fit } from './fit.ts';
import type { Delivery } from './model/delivery.ts';
import type { ChannelId, ConversationId, DeliveryId, ThreadId } from './model/ids.ts';
import { shardOf } from './model/shard.ts';
import { decide } from './policy/decide.ts';
import { cancelFenced, unfinishedIn, unfinishedOf, unfinishedThreads } from './store/deliveries.ts';
import { createGroup } from './store/group.ts';
import type { Outgoing } from './store/plan-options.ts';
import { sending, type Target } from './target.ts';

export type { OutboxChannel };
export type OutboxOptions = AttemptsOptions;

/** The one way out: a thread's deliveries one after another, each claimed, decided, fitted, marked, sent, recorded. */
export interface Outbox {
  /**
   * True where a delivery that is about to be committed may go out at once: its attempt is then marked in that commit.
   * It has its place among the requests from now on, until `wake` or `release`.
   */
  admit(outgoing: Outgoing): boolean;
  /** Was admitted, and is not committed after all. */
  release(deliveries: readonly DeliveryId[]): void;
  /** Deliveries that were just committed. */
  wake(deliveries: readonly Delivery[]): void;
  /** Something is to be sent in a conversation; another node committed it. */
  wakeConversation(conversation: ConversationId): void;
  /**
   * Gives what was cut off in this node's shards its fate, then sends what is due; from the first call on also by
   * itself, from time to time.
   */
  start(): Promise<void>;
  /** Threads on which something is being sent, or waits for nothing but that. */
  underWay(): number;
  /** Resolves when no attempt of these shards is under way. */
  settled(shards: ReadonlySet<number>): Promise<void>;
  /** Takes nothing new and waits for the attempts under way. */
  stop(): Promise<void>;
}

const SWEEP_MS = 5_000;
const MAX_THREADS = 5_000;
const STORE_RETRY_MS = 1_000;

/** A thread of which something is unfinished. */
interface Lane {
  readonly thread: ThreadId;
  readonly channel: ChannelId;
  running: boolean;
  /** Woken while running: look again before going. */
  woken: boolean;
  /** The last that it knows of: when that has ended, the lane has. */
  last?: DeliveryId | undefined;
  /** When its next request has its place among those of the channel and the thread, milliseconds since 1970. */
  placeMs?: number | undefined;
  timer?: NodeJS.Timeout;
}

/** An admitted delivery until its commit. */
interface Ticket {
  readonly lane: Lane;
  /** The lane that ends with the same commit. */
  readonly before?: Lane | undefined;
  readonly term: number;
  readonly target: Target;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { db, channels, live, now, log, shards, rates } = options;
  const stopping = new AbortController();
  const attempts = createAttempts(options, stopping.signal);
  const { inFlight } = attempts;
  const lanes = new Map<ThreadId, Lane>();
  const admitted = new Map<DeliveryId, Ticket>();
  const running = new Set<Promise<void>>();
  const unfinished = createGroup<ThreadId, readonly Delivery[]>((threads) => unfinishedOf(db, threads));
  let sweepTimer: NodeJS.Timeout | undefined;

  function admit({ delivery, after, term, content, externalThread }: Outgoing): boolean {
    const { id, channel, thread } = delivery;
    const to = channels.get(channel);
    const before = lanes.get(thread);
    const nowMs = now().getTime();
    if (!to || stopping.signal.aborted || attempts.pausedUntil(channel) > nowMs) return false;
    if (before && (after === undefined || before.last !== after || before.woken)) return false;
    // Whether the client still wants messages or wrote lately, and what needs a file, has to be looked up first.
    if (to.capabilities.optOut || to.capabilities.replyWindowMs !== undefined) return false;
    if (!content.every(({ kind }) => kind === 'text' || kind === 'choices')) return false;
    if (decide({ content, now: now() }).verdict !== 'send') return false;
    const parts = fit(content, to.capabilities);
    if (parts.length === 0 || !inFlight.tryEnter(channel)) return false;
    const placeMs = rates.reserveAtOnce(channel, thread, nowMs);
    if (placeMs === undefined || placeMs > nowMs) {
      inFlight.leave(channel);
      if (placeMs === undefined) return false;
      if (before) before.placeMs = placeMs;
      else lanes.set(thread, { thread, channel, running: false, woken: false, placeMs });
      return false;
    }
    const lane: Lane = { thread, channel, running: true, woken: false };
    lanes.set(thread, lane);
    admitted.set(id, { lane, before, term, target: sending(to.connector, externalThread, parts) });
    return true;
  }

  function release(deliveries: readonly DeliveryId[]): void {
    for (const id of deliveries) {
      const ticket = admitted.get(id);
      if (!ticket) continue;
      const { lane, before } = ticket;
      admitted.delete(id);
      inFlight.leave(lane.channel);
      if (before) {
        before.woken ||= lane.woken;
        lanes.set(lane.thread, before);
      } else {
        lanes.delete(lane.thread);
        if (lane.woken) wakeThread(lane.thread, lane.channel);
      }
    }
  }

  /** A delivery that was just committed. */
  function wake(delivery: Delivery): void {
    const ticket = admitted.get(delivery.id);
    admitted.delete(delivery.id);
    if (ticket && delivery.state === 'attempting') {
      const { lane, term, target } = ticket;
      start(lane, { marked: delivery, term, target });
      return;
    }
    if (ticket) {
      // Something else of its thread is unfinished.
      inFlight.leave(delivery.channel);
      ticket.lane.running = false;
    }
    if (delivery.state === 'due') wakeThread(delivery.thread, delivery.channel);
  }

  function wakeThread(thread: ThreadId, channel: ChannelId): void {
    if (stopping.signal.aborted) return;
    const lane = lanes.get(thread) ?? { thread, channel, running: false, woken: false };
    lanes.set(thread, lane);
    if (lane.running) {
      lane.woken = true;
      return;
    }
    clearTimeout(lane.timer);
    start(lane);
  }

  function start(lane: Lane, first?: Marked): void {
    lane.running = true;
    const work = run(lane, first).finally(() => running.delete(work));
    running.add(work);
  }

  /** Works a thread until nothing of it is due; `first` was marked with its commit. */
  async function run(lane: Lane, first?: Marked): Promise<void> {
    let waitMs: number | undefined;
    try {
      lane.last = first?.marked.id;
      if (first && (await attempts.finish(first))?.state === 'due') lane.woken = true;
      while (!first || lane.woken) {
        if (stopping.signal.aborted) break;
        lane.woken = false;
        waitMs = await runDue(lane);
        if (!lane.woken) break;
      }
    } catch (error) {
      log.error({ thread: lane.thread, err: error }, 'the outbox could not reach the store');
      waitMs = STORE_RETRY_MS;
    }
    lane.running = false;
    lane.last = undefined;
    // Its thread may have gone on in a lane of its own.
    if (lanes.get(lane.thread) !== lane) return;
    if (waitMs === undefined || stopping.signal.aborted) {
      lanes.delete(lane.thread);
    } else {
      lane.timer = setTimeout(() => wakeThread(lane.thread, lane.channel), Math.min(waitMs, 2 ** 31 - 1));
    }
  }

  /** Sends what is due, oldest first. Returns how long until the next is, or undefined when none is left. */
  async function runDue(lane: Lane): Promise<number | undefined> {
    lane.last = undefined;
    const waiting = [...(await unfinished(lane.thread))];
    while (!stopping.signal.aborted) {
      const oldest = waiting[0];
      if (!oldest) return undefined;
      const term = termOf(oldest);
      // A thread may carry conversations of several shards; those of another node are sent there, and first.
      if (term === undefined)
        return waiting.some((delivery) => termOf(delivery) !== undefined) ? STORE_RETRY_MS : undefined;
      if (oldest.state === 'attempting') {
        waiting[0] = await attempts.cutOff(oldest);
        continue;
      }
      const due = Math.max(oldest.dueAt.getTime(), attempts.pausedUntil(lane.channel));
      const waitMs = due - now().getTime();
      if (waitMs > 0) return waitMs;
      lane.placeMs ??= await rates.reserve(lane.channel, lane.thread, now().getTime());
      const turnMs = lane.placeMs - now().getTime();
      if (turnMs > 0) return turnMs;
      lane.placeMs = undefined;
      if (waiting.length === 1) lane.last = oldest.id;
      const after = await attempts.make(oldest, term);
      if (after === undefined) {
        // Not markable: cancelled meanwhile, fenced, or no longer ours. What is true stands in the store.
        for (const cancelled of await cancelFenced(db, lane.thread))
          live.publish({ type: 'delivery', delivery: cancelled });
        const [first] = await unfinished(lane.thread);
        if (first?.id !== oldest.id) return first ? 0 : undefined;
        shards.doubt();
        return STORE_RETRY_MS;
      }
      if (after.state === 'due') waiting[0] = after;
      else waiting.shift();
    }
    return undefined;
  }

  const termOf = ({ conversation }: Delivery) => shards.termOf(shardOf(conversation));

  /** What is being committed is sent after its commit. */
  async function untilIdle(): Promise<void> {
    while (admitted.size > 0 || running.size > 0) {
      await Promise.all(running);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function sweep(): Promise<void> {
    await attempts.recover();
    const room = MAX_THREADS - lanes.size;
    if (room <= 0) return;
    for (const { thread, channel } of await unfinishedThreads(
      db,
      [...channels.keys()],
      shards.owned(),
      room,
    )) {
      if (!lanes.has(thread)) wakeThread(thread, channel);
    }
  }

  return {
    admit,
    release,
    wake(deliveries) {
      for (const delivery of deliveries) wake(delivery);
    },
    wakeConversation(conversation) {
      unfinishedIn(db, conversation).then(
        (threads) => {
          for (const { thread, channel } of threads) wakeThread(thread, channel);
        },
        (error: unknown) => log.warn({ conversation, err: error }, 'a wake was left to the sweep'),
      );
    },
    async start() {
      sweepTimer ??= setInterval(() => {
        sweep().catch((error: unknown) =>
          log.error({ err: error }, 'the outbox could not look for due deliveries'),
        );
      }, SWEEP_MS);
      await sweep();
    },
    underWay: () => running.size,
    settled: (left) => attempts.settled(left),
    async stop() {
      stopping.abort();
      clearInterval(sweepTimer);
      for (const lane of lanes.values()) clearTimeout(lane.timer);
      const idle = untilIdle();
      await attempts.drain.finish(() => [idle]);
    },
  };
}
