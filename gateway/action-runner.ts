import type { ActionResult, PerformAction } from './actions.ts';
import type { ChangeLog } from './change.ts';
import type { Log } from './connectors/connector.ts';
import { createDrain } from './drain.ts';
import { type Evidence, isEnough } from './model/contact.ts';
import type { NewEvent } from './model/events.ts';
import type { ActionId, ConversationId } from './model/ids.ts';
import { shardOf } from './model/shard.ts';
import type { Shards } from './shards.ts';
import { type ActionToRun, claimAction, openActions } from './store/actions.ts';
import type { Database } from './store/database.ts';

export interface ActionRunnerOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly shards: Shards;
  readonly perform: PerformAction;
  readonly log: Log;
  readonly now: () => Date;
  readonly onAction?: (name: string, outcome: ActionResult['outcome'], durationMs: number) => void;
}

/** An action without a result, and its conversation. */
export interface OpenAction {
  readonly id: ActionId;
  readonly conversation: ConversationId;
}

/** Performs requested actions of this node's shards outside any transaction: marks the start, calls, stores what came of it. */
export interface ActionRunner {
  wake(action: OpenAction): void;
  /**
   * Performs what is open in this node's shards; what was under way elsewhere is called again only if it is repeatable.
   * From the first call on also by itself, from time to time.
   */
  start(): Promise<void>;
  /** Resolves when no action of these shards is under way. */
  settled(shards: ReadonlySet<number>): Promise<void>;
  stop(): Promise<void>;
}

const MAX_AT_ONCE = 64;
const RETRY_MS = 1_000;
const CUT_OFF: ActionResult = { outcome: 'unknown', reason: 'cut-off' };
const SWEEP_MS = 10_000;

export function createActionRunner(options: ActionRunnerOptions): ActionRunner {
  const { db, change, shards, log } = options;
  const running = new Map<ActionId, { readonly shard: number; readonly work: Promise<void> }>();
  const waiting = new Map<ActionId, OpenAction>();
  let sweepTimer: NodeJS.Timeout | undefined;
  const drain = createDrain();
  let stopping = false;

  function wake(open: OpenAction): void {
    const { id } = open;
    if (stopping || running.has(id)) return;
    if (running.size >= MAX_AT_ONCE) {
      waiting.set(id, open);
      return;
    }
    waiting.delete(id);
    const work = run(open).finally(() => {
      running.delete(id);
      const [next] = waiting.values();
      if (next) wake(next);
    });
    running.set(id, { shard: shardOf(open.conversation), work });
  }

  async function run(open: OpenAction): Promise<void> {
    const { id, conversation } = open;
    const term = shards.termOf(shardOf(conversation));
    if (term === undefined) return;
    try {
      const action = await claimAction(db, { id, term }, options.now());
      if (!action) return;
      const began = performance.now();
      const result = await call(action);
      options.onAction?.(action.name, result.outcome, performance.now() - began);
      await record(action, result, term);
    } catch (error) {
      log.error({ action: id, err: error }, 'an action could not be started yet');
      setTimeout(() => wake(open), RETRY_MS).unref();
    }
  }

  async function call(action: ActionToRun): Promise<ActionResult> {
    if (action.cutOff && !action.repeatable) return CUT_OFF;
    if (!isAllowed(action.needs, action.evidence)) return { outcome: 'refused', code: 'not-identified' };
    const { id, name, parameters, identity, evidence, customer, locale } = action;
    const asked = { id, name, parameters, identity, evidence, customer, locale };
    try {
      return await drain.run<ActionResult>(
        action.timeoutMs,
        (signal) => options.perform({ ...asked, signal }),
        CUT_OFF,
      );
    } catch (error) {
      // The performer has not told whether the request went out.
      log.error({ action: action.id, name: action.name, err: error }, 'an action failed');
      return { outcome: 'unknown', reason: 'performer-failed' };
    }
  }

  /**
   * The result exists only here until it is stored, so this tries until it is. Where the shard was lost meanwhile, the
   * node that took it has recorded the action as unknown, or called it again.
   */
  async function record(action: ActionToRun, result: ActionResult, term: number): Promise<void> {
    const { conversation } = action;
    for (;;) {
      try {
        const [changed] = await change.commit([{ conversation, events: eventsOf(action, result), term }]);
        if (changed?.outcome === 'lost') {
          log.error({ action: action.id }, 'the result of an action came after its shard was lost');
          shards.doubt();
        }
        return;
      } catch (error) {
        log.error({ action: action.id, err: error }, 'the result of an action could not be stored yet');
        if (stopping) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async function sweep(): Promise<void> {
    for (const open of await openActions(db, shards.owned())) wake(open);
  }

  return {
    wake,
    async start() {
      sweepTimer ??= setInterval(() => {
        sweep().catch((error: unknown) => log.error({ err: error }, 'open actions could not be looked for'));
      }, SWEEP_MS);
      await sweep();
    },
    async settled(shards) {
      const under = [...running.values()].filter(({ shard }) => shards.has(shard));
      await Promise.all(under.map(({ work }) => work));
    },
    async stop() {
      stopping = true;
      clearInterval(sweepTimer);
      await drain.finish(() => [...running.values()].map(({ work }) => work));
    },
  };
}

function isAllowed(needs: Evidence | 'nothing', evidence: Evidence): boolean {
  return needs === 'nothing' || isEnough(evidence, needs);
}

function eventsOf(action: ActionToRun, result: ActionResult): readonly NewEvent[] {
  const { id, call, identity } = action;
  switch (result.outcome) {
    case 'unknown':
      return [{ type: 'action.unknown', facts: { action: id, call, reason: result.reason } }];
    case 'failed':
      return [
        { type: 'action.completed', facts: { action: id, call, outcome: 'failed', code: result.code } },
      ];
    case 'refused': {
      const facts = { action: id, call, outcome: 'refused', code: result.code } as const;
      return [{ type: 'action.completed', facts, body: { result: result.result } }];
    }
    case 'done': {
      const done: NewEvent = {
        type: 'action.completed',
        facts: { action: id, call, outcome: 'done' },
        body: { result: result.result },
      };
      if (!result.proves) return [done];
      const { evidence, how, customer } = result.proves;
      return [{ type: 'identity.proved', facts: { identity, evidence, how }, body: { customer } }, done];
    }
  }
}
