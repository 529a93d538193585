import { afterAttempt, CUT_OFF } from './after-attempt.ts';
import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector, Log } from './connectors/connector.ts';
import type { SendOutcome } from './connectors/outgoing.ts';
import { createDrain, type Drain } from './drain.ts';
import { fit } from './fit.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { Live } from './live.ts';
import type { Media } from './media/media.ts';
import { inFreeWords } from './model/content.ts';
import type { Delivery } from './model/delivery.ts';
import type { ChannelId, DeliveryId } from './model/ids.ts';
import { shardOf } from './model/shard.ts';
import { decide } from './policy/decide.ts';
import type { RateLimits } from './rates.ts';
import type { Shards } from './shards.ts';
import type { Database } from './store/database.ts';
import {
  type AttemptRecord,
  cancelDelivery,
  cutOffDeliveries,
  type Message,
  markAttempts,
  messagesOf,
  type Outcome,
  recordAttempts,
  type ToAttempt,
} from './store/deliveries.ts';
import { createGroup } from './store/group.ts';
import { optOutOf } from './store/opt-outs.ts';
import { replyUntilOf } from './store/reply-window.ts';
import { revising, sending, type Target, type Unrevisable } from './target.ts';

export interface OutboxChannel {
  readonly connector: Connector;
  readonly capabilities: Capabilities;
}

export interface AttemptsOptions {
  readonly db: Database;
  readonly channels: ReadonlyMap<ChannelId, OutboxChannel>;
  readonly live: Live;
  readonly media: Pick<Media, 'contextOf'>;
  readonly now: () => Date;
  readonly log: Log;
  readonly shards: Shards;
  readonly rates: RateLimits;
  /** Stores how an attempt ended; undefined where it was not under way any more. */
  readonly record: (outcome: Outcome) => Promise<Delivery | undefined>;
  readonly onAttempt?: (channel: ChannelId, outcome: SendOutcome['outcome'], durationMs: number) => void;
}

/** A delivery whose attempt is marked: it is sent whatever happens now. */
export interface Marked {
  readonly marked: Delivery;
  /** Under which it is marked. */
  readonly term: number;
  readonly target: Target;
}

/** Attempts to send one request's worth of a message: decide, fit, mark, send, record. */
export interface Attempts {
  readonly inFlight: InFlight;
  readonly drain: Drain;
  /** The whole attempt. Returns the delivery after it; undefined where none may be made. */
  make(delivery: Delivery, term: number): Promise<Delivery | undefined>;
  /** The rest of an attempt that was marked with its commit and has its place in flight. */
  finish(marked: Marked): Promise<Delivery | undefined>;
  /** Gives a delivery whose attempt is not under way here its fate: whether it went out is unknown. */
  cutOff(delivery: Delivery): Promise<Delivery>;
  /** The same for all that a crash, or the end of a term, cut off. */
  recover(): Promise<void>;
  /** Until when the network of a channel asks us to be quiet, milliseconds since 1970. */
  pausedUntil(channel: ChannelId): number;
  /** Resolves when no attempt of these shards is under way. */
  settled(shards: ReadonlySet<number>): Promise<void>;
}

const SEND_LIMIT_MS = 30_000;
/** Requests under way at once on one channel. */
const MAX_IN_FLIGHT = 64;
const STORE_RETRY_MS = 1_000;
const NO_IDS: { readonly externalId?: string; readonly otherIds?: readonly string[] } = {};
const NOT_SENT: SendOutcome = { outcome: 'retry', reason: 'shard-lost', afterMs: 0 };

/** `stopping`: from then on an outcome that cannot be stored is given up. */
export function createAttempts(options: AttemptsOptions, stopping: AbortSignal): Attempts {
  const { db, channels, live, media, now, log, shards, rates } = options;
  const paused = new Map<ChannelId, number>();
  const inFlight = createInFlight(MAX_IN_FLIGHT);
  const drain = createDrain();
  const mark = createGroup<ToAttempt, Delivery | undefined>((attempts) => markAttempts(db, attempts, now()));
  const read = createGroup<Delivery, Message | undefined>((deliveries) => messagesOf(db, deliveries));
  const attempting = new Map<DeliveryId, { readonly shard: number; readonly done: Promise<unknown> }>();

  /** Kept in mind while it is under way. */
  function kept<Result>({ id, conversation }: Delivery, done: Promise<Result>): Promise<Result> {
    attempting.set(id, { shard: shardOf(conversation), done });
    return done.finally(() => attempting.delete(id));
  }

  async function make(delivery: Delivery, term: number): Promise<Delivery | undefined> {
    const channel = channels.get(delivery.channel);
    if (!channel) return undefined;
    const message = await read(delivery);
    if (!message) throw new Error(`delivery ${delivery.id}: its message or thread does not exist`);
    const optOut = channel.capabilities.optOut ? await optOutOf(db, delivery) : undefined;
    const replyUntil = await replyUntilOf(db, delivery.thread, channel.capabilities);
    const { content, revision } = message;
    const verdict = decide({
      content,
      now: now(),
      ...(revision && { what: revision.what }),
      ...(optOut && { optOut }),
      ...(replyUntil && { replyUntil }),
    });
    if (verdict.verdict === 'wait') return { ...delivery, dueAt: verdict.until };
    if (verdict.verdict === 'refuse') return published(await cancelDelivery(db, delivery.id, verdict.reason));
    const isOpen = replyUntil !== undefined && now() < replyUntil;
    const target = await targetOf(channel, isOpen ? { ...message, content: inFreeWords(content) } : message);
    if (typeof target === 'string') return published(await cancelDelivery(db, delivery.id, target));
    if (delivery.partsAccepted >= target.requests)
      return published(await cancelDelivery(db, delivery.id, 'nothing-to-say'));
    await inFlight.enter(delivery.channel);
    const marked = await mark({ id: delivery.id, term }).catch((error: unknown) => {
      inFlight.leave(delivery.channel);
      throw error;
    });
    if (!marked) {
      inFlight.leave(delivery.channel);
      return undefined;
    }
    return finish({ marked, term, target });
  }

  async function targetOf(channel: OutboxChannel, message: Message): Promise<Target | Unrevisable> {
    const { content, locale, externalThread, revision } = message;
    const parts = fit(content, channel.capabilities, await media.contextOf(content, locale));
    if (revision) return revising(channel.connector, externalThread, parts, revision);
    return sending(channel.connector, externalThread, parts);
  }

  async function finish(first: Marked): Promise<Delivery | undefined> {
    const { marked, target } = first;
    publish(marked);
    // Its place in flight is free as soon as the network has answered.
    const outcome = await sendMarked(first).finally(() => inFlight.leave(marked.channel));
    if (outcome.outcome === 'retry' && outcome.scope === 'channel') pause(marked.channel, outcome.afterMs);
    const after = afterAttempt(marked, outcome, target.requests, now());
    const { externalId, otherIds } = outcome.outcome === 'accepted' ? outcome : NO_IDS;
    const ended = { delivery: marked, outcome: outcome.outcome, externalId, otherIds, after };
    return published(await recorded(ended));
  }

  async function sendMarked({ marked, term, target }: Marked): Promise<SendOutcome> {
    // A node that was paused after its mark may have lost the shard: another decides what becomes of the delivery.
    if (shards.termOf(shardOf(marked.conversation)) !== term) return NOT_SENT;
    return ask(target, marked);
  }

  async function ask(target: Target, { channel, id, partsAccepted }: Delivery): Promise<SendOutcome> {
    const began = performance.now();
    const request = (signal: AbortSignal): Promise<SendOutcome> =>
      // A connector that throws has not told whether the request went out.
      target.ask(id, partsAccepted, signal).catch((error: unknown) => {
        log.error({ delivery: id, channel, err: error }, 'a connector failed while sending');
        return { outcome: 'unknown', reason: 'connector-failed' };
      });
    const outcome = await drain.run(SEND_LIMIT_MS, request, CUT_OFF);
    options.onAttempt?.(channel, outcome.outcome, performance.now() - began);
    return outcome;
  }

  /** The outcome exists only here until it is stored, so this tries until it is; a crash makes it unknown. */
  async function recorded(outcome: Outcome): Promise<Delivery | undefined> {
    for (;;) {
      try {
        return await options.record(outcome);
      } catch (error) {
        log.error({ delivery: outcome.delivery.id, err: error }, 'an outcome could not be recorded yet');
        if (stopping.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, STORE_RETRY_MS));
      }
    }
  }

  function pause(channel: ChannelId, afterMs = STORE_RETRY_MS): void {
    const nowMs = now().getTime();
    paused.set(channel, nowMs + afterMs);
    rates.pause(channel, nowMs + afterMs, nowMs);
  }

  function publish(delivery: Delivery): void {
    live.publish({ type: 'delivery', delivery });
  }

  function published(delivery: Delivery | undefined): Delivery | undefined {
    if (delivery) publish(delivery);
    return delivery;
  }

  /** The count of parts matters only for acceptance. */
  function cutOffRecord(delivery: Delivery): AttemptRecord {
    const after = afterAttempt(delivery, CUT_OFF, 1, now());
    return { delivery: delivery.id, number: delivery.attempts, outcome: 'unknown', after };
  }

  return {
    inFlight,
    drain,
    make: (delivery, term) => kept(delivery, make(delivery, term)),
    finish: (first) => kept(first.marked, finish(first)),
    async cutOff(delivery) {
      const [ended] = await recordAttempts(db, [cutOffRecord(delivery)], now());
      return published(ended) ?? delivery;
    },
    async recover() {
      const cutOffs = await cutOffDeliveries(db, shards.owned());
      // Those under way here end with what comes of them, whatever became of the term meanwhile.
      const records = cutOffs.filter(({ id }) => !attempting.has(id)).map(cutOffRecord);
      if (records.length > 0) await recordAttempts(db, records, now());
    },
    pausedUntil: (channel) => paused.get(channel) ?? 0,
    async settled(left) {
      const under = [...attempting.values()].filter(({ shard }) => left.has(shard));
      await Promise.allSettled(under.map(({ done }) => done));
    },
  };
}
