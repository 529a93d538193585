import { afterAttempt, CUT_OFF } from './after-attempt.ts';
import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector, Log, OutgoingPart, SendOutcome } from './connectors/connector.ts';
import { fit } from './fit.ts';
import { createInFlight } from './in-flight.ts';
import type { Live } from './live.ts';
import type { Delivery } from './model/delivery.ts';
import type { ChannelId, ConversationId, DeliveryId, ThreadId } from './model/ids.ts';
import { shardOf } from './model/shard.ts';
import { decide } from './policy/decide.ts';
import { createRateLimits } from './rates.ts';
import type { Shards } from './shards.ts';
import type { Database } from './store/database.ts';
import {
  type AttemptRecord,
  cancelDelivery,
  cancelFenced,
  cutOffDeliveries,
  markAttempts,
  messageOf,
  recordAttempts,
  type ToAttempt,
  unfinishedIn,
  unfinishedOf,
  unfinishedThreads,
} from './store/deliveries.ts';
import { createGroup } from './store/group.ts';
import type { Outgoing } from './store/plan-options.ts';
import { untried } from './store/rows.ts';

export interface OutboxChannel {
  readonly connector: Connector;
  readonly capabilities: Capabilities;
}

export interface OutboxOptions {
  readonly db: Database;
  readonly channels: ReadonlyMap<ChannelId, OutboxChannel>;
  readonly live: Live;
  readonly now: () => Date;
  readonly log: Log;
  readonly shards: Shards;
  readonly onAttempt?: (channel: ChannelId, outcome: SendOutcome['outcome'], durationMs: number) => void;
}

/** The one way out: claim, decide, fit, mark, send, record. */
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
  /** Resolves when no attempt of these shards is under way. */
  settled(shards: ReadonlySet<number>): Promise<void>;
  /** Takes nothing new and waits for the attempts under way. */
  stop(): Promise<void>;
}

const SEND_LIMIT_MS = 30_000;
const SWEEP_MS = 5_000;
const MAX_THREADS = 5_000;
/** Requests under way at once on one channel. */
const MAX_IN_FLIGHT = 64;
const STORE_RETRY_MS = 1_000;
const NOT_SENT: SendOutcome = { outcome: 'retry', reason: 'shard-lost', afterMs: 0 };

/** One request's worth of an admitted message. */
interface Ticket {
  readonly lane: Lane;
  readonly term: number;
  readonly target: Target;
}

interface Target {
  readonly connector: Connector;
  readonly externalThread: string;
  readonly parts: ReturnType<typeof fit>;
}

/** Its attempt is marked: it is sent whatever happens now. */
interface Marked {
  readonly marked: Delivery;
  /** Under which it is marked. */
  readonly term: number;
  readonly target: Target;
}

interface Lane {
  readonly thread: ThreadId;
  readonly channel: ChannelId;
  running: boolean;
  /** Woken while running: look again before going. */
  woken: boolean;
  /** When its next request has its place among those of the channel and the thread, milliseconds since 1970. */
  placeMs?: number | undefined;
  timer?: NodeJS.Timeout;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { db, channels, live, now, log, shards } = options;
  const lanes = new Map<ThreadId, Lane>();
  const rates = createRateLimits((id) => {
    const channel = channels.get(id);
    return channel?.connector.hasRates === false ? undefined : channel?.capabilities.limits;
  });
  const pausedUntil = new Map<ChannelId, number>();
  const inFlight = createInFlight(MAX_IN_FLIGHT);
  const admitted = new Map<DeliveryId, Ticket>();
  const mark = createGroup<ToAttempt, Delivery | undefined>((attempts) => markAttempts(db, attempts, now()));
  const record = createGroup<AttemptRecord, Delivery | undefined>((records) =>
    recordAttempts(db, records, now()),
  );
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const attempting = new Map<DeliveryId, { readonly shard: number; readonly done: Promise<unknown> }>();
  let sweepTimer: NodeJS.Timeout | undefined;

  function admit({ delivery, term, content, externalThread }: Outgoing): boolean {
    const { id, channel, thread } = delivery;
    const to = channels.get(channel);
    const nowMs = now().getTime();
    // What needs a file has to be looked up first.
    if (!content.every(({ kind }) => kind === 'text' || kind === 'choices')) return false;
    if (!to || stopping.signal.aborted || lanes.has(thread) || (pausedUntil.get(channel) ?? 0) > nowMs)
      return false;
    if (decide({ delivery: untried(delivery), content, now: now() }).verdict !== 'send') return false;
    const parts = fit(content, to.capabilities);
    if (parts.length === 0 || !inFlight.tryEnter(channel)) return false;
    const placeMs = rates.reserve(channel, thread, nowMs);
    const isNow = placeMs <= nowMs;
    const lane: Lane = {
      thread,
      channel,
      running: isNow,
      woken: false,
      placeMs: isNow ? undefined : placeMs,
    };
    lanes.set(thread, lane);
    if (isNow) admitted.set(id, { lane, term, target: { connector: to.connector, externalThread, parts } });
    else inFlight.leave(channel);
    return isNow;
  }

  function release(deliveries: readonly DeliveryId[]): void {
    for (const id of deliveries) {
      const ticket = admitted.get(id);
      if (!ticket) continue;
      admitted.delete(id);
      lanes.delete(ticket.lane.thread);
      inFlight.leave(ticket.lane.channel);
    }
  }

  /** A delivery that was just committed. */
  function wake(delivery: Delivery): void {
    const ticket = admitted.get(delivery.id);
    admitted.delete(delivery.id);
    if (ticket && delivery.state === 'attempting') {
      start(ticket.lane, { ...ticket, marked: delivery });
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
      if (first && (await kept(first.marked, sendFirst(first)))?.state === 'due') lane.woken = true;
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
    if (waitMs === undefined || stopping.signal.aborted) {
      lanes.delete(lane.thread);
    } else {
      lane.timer = setTimeout(() => wakeThread(lane.thread, lane.channel), Math.min(waitMs, 2 ** 31 - 1));
    }
  }

  /** Sends what is due, oldest first. Returns how long until the next is, or undefined when none is left. */
  async function runDue(lane: Lane): Promise<number | undefined> {
    const waiting = [...(await unfinishedOf(db, lane.thread))];
    while (!stopping.signal.aborted) {
      const oldest = waiting[0];
      if (!oldest) return undefined;
      const term = termOf(oldest);
      // A thread may carry conversations of several shards; those of another node are sent there, and first.
      if (term === undefined)
        return waiting.some((delivery) => termOf(delivery) !== undefined) ? STORE_RETRY_MS : undefined;
      if (oldest.state === 'attempting') {
        waiting[0] = await cutOff(oldest);
        continue;
      }
      const due = Math.max(oldest.dueAt.getTime(), pausedUntil.get(lane.channel) ?? 0);
      const waitMs = due - now().getTime();
      if (waitMs > 0) return waitMs;
      lane.placeMs ??= rates.reserve(lane.channel, lane.thread, now().getTime());
      const turnMs = lane.placeMs - now().getTime();
      if (turnMs > 0) return turnMs;
      lane.placeMs = undefined;
      const after = await kept(oldest, attempt(oldest, term));
      if (after === undefined) {
        // Not markable: cancelled meanwhile, fenced, or no longer ours. What is true stands in the store.
        for (const cancelled of await cancelFenced(db, lane.thread)) publish(cancelled);
        const [first] = await unfinishedOf(db, lane.thread);
        if (first?.id !== oldest.id) return first ? 0 : undefined;
        shards.doubt();
        return STORE_RETRY_MS;
      }
      if (after.state === 'due') waiting[0] = after;
      else waiting.shift();
    }
    return undefined;
  }

  /** Kept in mind while it is under way. */
  function kept<Result>({ id, conversation }: Delivery, done: Promise<Result>): Promise<Result> {
    const noted = { shard: shardOf(conversation), done };
    attempting.set(id, noted);
    return done.finally(() => attempting.delete(id));
  }

  const termOf = ({ conversation }: Delivery) => shards.termOf(shardOf(conversation));

  async function attempt(delivery: Delivery, term: number): Promise<Delivery | undefined> {
    const channel = channels.get(delivery.channel);
    if (!channel) return undefined;
    const message = await messageOf(db, delivery);
    const verdict = decide({ delivery, content: message.content, now: now() });
    if (verdict.verdict === 'wait') return { ...delivery, dueAt: verdict.until };
    if (verdict.verdict === 'refuse') return published(await cancelDelivery(db, delivery.id, verdict.reason));
    const parts = fit(message.content, channel.capabilities);
    const part = parts[delivery.partsAccepted];
    if (!part) return published(await cancelDelivery(db, delivery.id, 'nothing-to-say'));
    await inFlight.enter(delivery.channel);
    try {
      const marked = await mark({ id: delivery.id, term });
      if (!marked) return undefined;
      const target = { connector: channel.connector, externalThread: message.externalThread, parts };
      return await sendMarked({ marked, term, target });
    } finally {
      inFlight.leave(delivery.channel);
    }
  }

  async function sendFirst(first: Marked): Promise<Delivery | undefined> {
    try {
      return await sendMarked(first);
    } finally {
      inFlight.leave(first.marked.channel);
    }
  }

  async function sendMarked({ marked, term, target }: Marked): Promise<Delivery | undefined> {
    publish(marked);
    const { connector, externalThread, parts } = target;
    const part = parts[marked.partsAccepted];
    if (!part) throw new Error(`delivery ${marked.id} has no part ${marked.partsAccepted}`);
    const outgoing: OutgoingPart = { key: `${marked.id}:${marked.partsAccepted}`, externalThread, ...part };
    // A node that was paused after its mark may have lost the shard: another decides what becomes of the delivery.
    const outcome = termOf(marked) === term ? await send(connector, marked, outgoing) : NOT_SENT;
    if (outcome.outcome === 'retry' && outcome.scope === 'channel') pause(marked.channel, outcome.afterMs);
    const after = afterAttempt(marked, outcome, parts.length, now());
    const externalId = outcome.outcome === 'accepted' ? outcome.externalId : undefined;
    const ended = {
      delivery: marked.id,
      number: marked.attempts,
      outcome: outcome.outcome,
      externalId,
      after,
    };
    return published(await recorded(ended));
  }

  /** Marked by an attempt that is not under way here: whether it went out is unknown. */
  async function cutOff(delivery: Delivery): Promise<Delivery> {
    const [ended] = await recordAttempts(db, [cutOffRecord(delivery)], now());
    return published(ended) ?? delivery;
  }

  function cutOffRecord(delivery: Delivery): AttemptRecord {
    // The count of parts matters only for acceptance.
    const after = afterAttempt(delivery, CUT_OFF, 1, now());
    return { delivery: delivery.id, number: delivery.attempts, outcome: 'unknown', after };
  }

  async function send(
    connector: Connector,
    { channel, id }: Delivery,
    part: OutgoingPart,
  ): Promise<SendOutcome> {
    const began = performance.now();
    const signal = AbortSignal.timeout(SEND_LIMIT_MS);
    // A connector that throws has not told whether the request went out.
    const outcome = await connector.send(part, signal).catch((error: unknown): SendOutcome => {
      log.error({ delivery: id, channel, err: error }, 'a connector failed while sending');
      return { outcome: 'unknown', reason: 'connector-failed' };
    });
    options.onAttempt?.(channel, outcome.outcome, performance.now() - began);
    return outcome;
  }

  /** The outcome exists only here until it is stored, so this tries until it is; a crash makes it unknown. */
  async function recorded(attemptRecord: AttemptRecord): Promise<Delivery | undefined> {
    for (;;) {
      try {
        return await record(attemptRecord);
      } catch (error) {
        log.error({ delivery: attemptRecord.delivery, err: error }, 'an outcome could not be recorded yet');
        if (stopping.signal.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, STORE_RETRY_MS));
      }
    }
  }

  function pause(channel: ChannelId, afterMs = STORE_RETRY_MS): void {
    pausedUntil.set(channel, now().getTime() + afterMs);
  }

  function publish(delivery: Delivery): void {
    live.publish({ type: 'delivery', delivery });
  }

  function published(delivery: Delivery | undefined): Delivery | undefined {
    if (delivery) publish(delivery);
    return delivery;
  }

  async function sweep(): Promise<void> {
    await recover();
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

  /** Attempts that a crash cut off: whether they went out is unknown. */
  async function recover(): Promise<void> {
    const cutOffs = await cutOffDeliveries(db, shards.owned());
    // Those under way here end with what comes of them, whatever became of the term meanwhile.
    const records = cutOffs.filter(({ id }) => !attempting.has(id)).map(cutOffRecord);
    if (records.length > 0) await recordAttempts(db, records, now());
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
    async settled(shards) {
      const under = [...attempting.values()].filter(({ shard }) => shards.has(shard));
      await Promise.allSettled(under.map(({ done }) => done));
    },
    async stop() {
      stopping.abort();
      clearInterval(sweepTimer);
      for (const lane of lanes.values()) clearTimeout(lane.timer);
      await Promise.all(running);
    },
  };
}
