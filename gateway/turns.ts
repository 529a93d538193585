import type { Changed, ChangeLog, ChangeOfConversation } from './change.ts';
import type { Log } from './connectors/connector.ts';
import { close, eventsOf, handOff, type PlanHandoff } from './decide-turn.ts';
import { createDrain } from './drain.ts';
import type { NewEvent } from './model/events.ts';
import type { ConversationId } from './model/ids.ts';
import type { Owner } from './model/owner.ts';
import { shardOf } from './model/shard.ts';
import type { Decision, HandoffDecision, Responder, Turn } from './model/turn.ts';
import type { PlacesElsewhere } from './places-elsewhere.ts';
import type { Shards } from './shards.ts';
import type { WithStandIn } from './stand-in.ts';
import type { Database } from './store/database.ts';
import { isAboutData } from './store/errors.ts';
import {
  countFailure,
  type DueTurn,
  dueConversations,
  dueTimers,
  oldestDueTurn,
  silentConversations,
} from './store/turns.ts';

export interface TurnsOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly shards: Shards;
  readonly responders: { readonly bot: Responder; readonly desk: Responder };
  readonly planHandoff: PlanHandoff;
  readonly placesElsewhere: PlacesElsewhere;
  readonly withStandIn: WithStandIn;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
  /** A bot's conversation in which nothing happens for this long is closed. */
  readonly silenceMs: number;
  readonly onTurn?: (owner: Owner['kind'], durationMs: number) => void;
}

/** Runs due turns of this node's shards: those of a conversation one after another, in the order of their events. */
export interface Turns {
  wake(conversation: ConversationId): void;
  /** A timer has come to its time. */
  wakeTimers(): void;
  /**
   * The events of a turn whose owner answers at once; they are committed with its message. Undefined where the turn has
   * to run by itself: the answer takes time, fails, or changes the owner.
   */
  answer(turn: Pick<Turn, 'conversation' | 'contact' | 'event'>): readonly NewEvent[] | undefined;
  /** Runs what is due in this node's shards; from the first call on also by itself, from time to time. */
  start(): Promise<void>;
  /** Resolves when no turn of these shards is under way. */
  settled(shards: ReadonlySet<number>): Promise<void>;
  /** Takes nothing new and waits for the turns under way. */
  stop(): Promise<void>;
}

const MAX_FAILURES = 3;
const MAX_AT_ONCE = 64;
const SWEEP_MS = 10_000;
const SWEEP_LIMIT = 1_000;
const RETRY_MS = 1_000;
/** A term that no shard has: this node lost it between reading and writing. */
const LOST = -1;

export function createTurns(options: TurnsOptions): Turns {
  const { db, change, shards, responders, now, log } = options;
  const running = new Map<ConversationId, Promise<void>>();
  /** Woken while running, or while too many run. */
  const waiting = new Set<ConversationId>();
  /** Responders that once took their time: they are not asked within a commit again. */
  const slow = new Set<Responder>();
  const timers: NodeJS.Timeout[] = [];
  let stopping = false;
  let firing: Promise<void> | undefined;
  let fireAgain = false;

  function wake(id: ConversationId): void {
    if (stopping) return;
    if (running.has(id) || running.size >= MAX_AT_ONCE) {
      waiting.add(id);
      return;
    }
    waiting.delete(id);
    running.set(
      id,
      run(id).finally(() => {
        running.delete(id);
        wakeWaiting(id);
      }),
    );
  }

  function wakeWaiting(ended: ConversationId): void {
    const next = waiting.has(ended) ? ended : [...waiting].find((id) => !running.has(id));
    if (next) wake(next);
  }

  async function run(id: ConversationId): Promise<void> {
    try {
      while (!stopping) {
        const term = shards.termOf(shardOf(id));
        if (term === undefined) return;
        const due = await oldestDueTurn(db, id);
        if (!due) return;
        const began = performance.now();
        await runTurn(due, term);
        options.onTurn?.(due.conversation.owner.kind, performance.now() - began);
      }
    } catch (error) {
      // The turn stays due. Most likely the store is away.
      log.error({ conversation: id, err: error }, 'a turn could not be run yet');
      setTimeout(() => wake(id), RETRY_MS).unref();
    }
  }

  function answer(given: Pick<Turn, 'conversation' | 'contact' | 'event'>): readonly NewEvent[] | undefined {
    const responder = responderOf(given.conversation);
    if (stopping || given.conversation.status === 'closed' || slow.has(responder)) return undefined;
    const began = performance.now();
    const turn = newTurn(given);
    try {
      const decisions = responder.respond(turn);
      if (decisions instanceof Promise) {
        slow.add(responder);
        // It is asked again by the turn itself, which hears of its failure.
        decisions.catch(() => {});
        return undefined;
      }
      const events = follow(turn, decisions);
      if (events.some(({ type }) => type === 'owner.changed')) return undefined;
      options.onTurn?.(given.conversation.owner.kind, performance.now() - began);
      return events;
    } catch {
      // The turn stays due: it is run, counted and logged by itself.
      return undefined;
    }
  }

  function newTurn({ conversation, contact, event }: Pick<Turn, 'conversation' | 'contact' | 'event'>): Turn {
    return { conversation, contact, event, now: now(), seed: Math.floor(options.random() * 2 ** 31) };
  }

  const follow = (turn: Turn, decisions: readonly Decision[]) =>
    options.withStandIn(turn, eventsOf(turn, decisions, options.planHandoff, options.placesElsewhere));

  const responderOf = ({ owner }: Turn['conversation']): Responder =>
    owner.kind === 'bot' ? responders.bot : responders.desk;

  async function runTurn(due: DueTurn, term: number): Promise<void> {
    const { conversation, event } = due;
    const turn = newTurn(due);
    const decided = await decide(turn);
    const error = 'error' in decided ? decided.error : await commit(turn, decided.events, term);
    if (error === undefined) return;
    const failures = await countFailure(db, conversation.id, event.seq);
    log.error({ conversation: conversation.id, turn: event.seq, failures, err: error }, 'a turn failed');
    if (failures >= MAX_FAILURES) await giveUp(turn, failures, error, term);
  }

  async function decide(turn: Turn): Promise<{ events: readonly NewEvent[] } | { error: unknown }> {
    if (turn.conversation.status === 'closed') return { events: [] };
    try {
      return { events: follow(turn, await responderOf(turn.conversation).respond(turn)) };
    } catch (error) {
      return { error };
    }
  }

  /** Throws where the shard is no longer worked under the term of the change; nothing was written then. */
  async function commitOne(one: ChangeOfConversation): Promise<Changed | undefined> {
    const [changed] = await change.commit([one]);
    if (changed?.outcome !== 'lost') return changed;
    shards.doubt();
    throw new Error('the shard of the conversation was lost');
  }

  /** Returns what the store would not take of the decision; throws where the store is away, or the shard lost. */
  async function commit(turn: Turn, events: readonly NewEvent[], term: number): Promise<unknown> {
    const { id, epoch, version } = turn.conversation;
    const completes = turn.event.seq;
    try {
      const expect = { epoch, version };
      const changed = await commitOne({ conversation: id, events, expect, term, completes });
      if (changed?.outcome === 'stale') await drop(turn, term);
      else if (changed?.outcome === 'closed')
        await commitOne({ conversation: id, events: [], term, completes });
      return undefined;
    } catch (error) {
      if (isAboutData(error)) return error;
      throw error;
    }
  }

  /** Decided under what no longer holds: recorded, never sent, and asked again. */
  async function drop({ conversation, event }: Turn, term: number): Promise<void> {
    const { id, epoch, version } = conversation;
    const facts = { turn: event.seq, decidedUnder: { epoch, version } };
    await commitOne({ conversation: id, events: [{ type: 'turn.dropped', facts }], term });
  }

  /** The bot cannot answer this turn: the client goes to people, with what is known. */
  async function giveUp(turn: Turn, attempts: number, error: unknown, term: number): Promise<void> {
    const { conversation, event } = turn;
    const failed: NewEvent = {
      type: 'turn.failed',
      facts: { turn: event.seq, attempts },
      body: { error: error instanceof Error ? error.name : 'unknown' },
    };
    const handoff = conversation.owner.kind === 'bot' ? handOff(turn, BOT_FAILED, options.planHandoff) : [];
    await commitOne({
      conversation: conversation.id,
      events: [failed, ...handoff],
      expect: { epoch: conversation.epoch },
      term,
      completes: event.seq,
    });
  }

  /** One after another, so that no timer is fired twice. */
  function fireTimers(): Promise<void> {
    fireAgain = true;
    firing ??= (async () => {
      while (fireAgain) {
        fireAgain = false;
        await fireDue();
      }
    })().finally(() => {
      firing = undefined;
    });
    return firing;
  }

  async function fireDue(): Promise<void> {
    const due = await dueTimers(db, shards.owned(), now(), SWEEP_LIMIT);
    await change.commit(
      due.map(({ conversation, timer }) => ({
        conversation,
        term: shards.termOf(shardOf(conversation)) ?? LOST,
        events: [{ type: 'timer.fired', facts: { timer } }],
      })),
    );
  }

  async function sweep(): Promise<void> {
    for (const id of await dueConversations(db, shards.owned(), SWEEP_LIMIT)) wake(id);
    const silentSince = new Date(now().getTime() - options.silenceMs);
    const silent = await silentConversations(db, shards.owned(), silentSince, SWEEP_LIMIT);
    await change.commit(
      silent.map((conversation) => ({
        conversation: conversation.id,
        events: close(conversation, { kind: 'hub' }, 'silence'),
        expect: { epoch: conversation.epoch },
        term: shards.termOf(shardOf(conversation.id)) ?? LOST,
      })),
    );
  }

  function every(milliseconds: number, work: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      work()
        .catch((error: unknown) => log.error({ err: error }, 'a sweep could not reach the store'))
        .finally(() => {
          busy = false;
        });
    }, milliseconds);
    timers.push(timer);
  }

  return {
    wake,
    answer,
    async start() {
      if (timers.length === 0) {
        every(SWEEP_MS, async () => {
          await fireTimers();
          await sweep();
        });
      }
      await fireTimers();
      await sweep();
    },
    wakeTimers() {
      if (stopping) return;
      fireTimers().catch((error: unknown) => log.error({ err: error }, 'timers are left to the sweep'));
    },
    async settled(shards) {
      const under = [...running].filter(([id]) => shards.has(shardOf(id)));
      await Promise.all(under.map(([, work]) => work));
    },
    async stop() {
      stopping = true;
      for (const timer of timers) clearInterval(timer);
      // A turn that does not end in time stays due.
      await createDrain().finish(() => [...running.values()]);
    },
  };
}

const BOT_FAILED: HandoffDecision = {
  type: 'handoff.requested',
  reason: 'bot-failed',
  slots: [],
  steps: [],
  misses: [],
};
