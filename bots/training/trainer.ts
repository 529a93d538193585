import { createHash } from 'node:crypto';
import type { Log } from '../../gateway/connectors/connector.ts';
import type { OperatorId } from '../../gateway/model/ids.ts';
import { PROBLEMS, Problem } from '../../gateway/problem.ts';
import type { Database } from '../../gateway/store/database.ts';
import { crossValidateInWorker, trainInWorker } from '../../nlu/background.ts';
import type { CrossValidation } from '../../nlu/evaluation/cross-validate.ts';
import type { Evaluation, Run } from './api.ts';
import { readDecisions } from './decisions.ts';
import { applyDecisions, type TrainingSet } from './phrases.ts';
import { addVersion, type KeptAnswer } from './versions.ts';

export interface TrainerOptions {
  readonly db: Database;
  readonly shipped: TrainingSet;
  readonly now: () => Date;
  readonly log: Log;
}

/** What cross-validation measured: its figures, and every answer. */
export interface Measured {
  readonly figures: Evaluation;
  readonly answers: readonly KeptAnswer[];
}

/** Trains one model at a time on this node, in threads of their own. */
export interface Trainer {
  state(): Run;
  /** Begins; false where a training runs. A new version comes of it, which nothing uses before it is published. */
  begin(by: OperatorId): boolean;
  /** Ends the training that runs, if any; resolves when it has ended. */
  cancel(): Promise<void>;
  /** What cross-validation says of the phrases that ship; measured once. */
  measureShipped(): Promise<Measured>;
  /** Ends all that runs, for good. */
  stop(): Promise<void>;
}

/** As the model that ships is trained. */
const OUT_OF_SCOPE_SHARE = 0.3;
/** The part of the work that training is; the rest is cross-validation. */
const TRAINING_SHARE = 0.5;
/** When to ask again while the hub restarts, seconds. */
const STOPPING_RETRY_S = 5;

export function createTrainer({ db, shipped, now, log }: TrainerOptions): Trainer {
  let state: Run = { state: 'idle' };
  let running: Promise<void> = Promise.resolve();
  let stopping = new AbortController();
  const ending = new AbortController();
  let measured: Promise<Measured> | undefined;

  async function make(by: OperatorId, signal: AbortSignal): Promise<void> {
    const { phrases, outOfScope } = applyDecisions(shipped, await readDecisions(db));
    const options = { outOfScope, outOfScopeShare: OUT_OF_SCOPE_SHARE, signal };
    const tell = (share: number) => {
      if (!signal.aborted) state = { state: 'running', share };
    };
    const { model, bytes } = await trainInWorker(phrases, {
      ...options,
      onProgress: (share) => tell(share * TRAINING_SHARE),
    });
    const validated = await crossValidateInWorker(phrases, {
      ...options,
      onProgress: (share) => tell(TRAINING_SHARE + share * (1 - TRAINING_SHARE)),
    });
    signal.throwIfAborted();
    const version = await addVersion(db, {
      model: model.id,
      checksum: createHash('sha256').update(bytes).digest('hex'),
      file: bytes,
      ...measuredOf(validated),
      trainedBy: by,
      trainedAt: now(),
    });
    state = { state: 'done', version };
  }

  async function cancel(): Promise<void> {
    stopping.abort(new Error('the training was cancelled'));
    await running;
  }

  return {
    state: () => state,
    begin(by) {
      if (state.state === 'running') return false;
      state = { state: 'running', share: 0 };
      stopping = new AbortController();
      const { signal } = stopping;
      running = make(by, signal).catch((error: unknown) => {
        if (signal.aborted) {
          state = { state: 'cancelled' };
          return;
        }
        log.warn({ err: error }, 'a training failed');
        state = { state: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
      });
      return true;
    },
    cancel,
    measureShipped() {
      measured ??= crossValidateInWorker(shipped.phrases, {
        outOfScope: shipped.outOfScope,
        outOfScopeShare: OUT_OF_SCOPE_SHARE,
        signal: ending.signal,
      }).then(measuredOf);
      // A failure is not kept: the next one to ask tries again.
      measured.catch(() => {
        measured = undefined;
      });
      return measured;
    },
    async stop() {
      // Whoever waits for a comparison is told to come again.
      ending.abort(new Problem(PROBLEMS.stopping, { retryAfterS: STOPPING_RETRY_S }));
      await cancel();
    },
  };
}

function measuredOf({ answers, figures }: CrossValidation): Measured {
  return { figures, answers: answers.map(({ belonging: _, ...answer }) => answer) };
}
