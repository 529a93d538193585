import type { Log } from '../../gateway/connectors/connector.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { LogFollower } from '../../gateway/store/log-follower.ts';
import type { LiveModel } from '../../nlu/live-model.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import type { ScriptSet } from '../load.ts';
import { createCollect } from './candidates/collect.ts';
import { createFollow, type Follow } from './follow.ts';
import { createMaskPhrase, type MaskPhrase } from './mask-phrase.ts';
import type { TrainingSet } from './phrases.ts';
import { createTrainer, type Trainer } from './trainer.ts';

export interface TrainingOptions {
  readonly db: Database;
  readonly model: LiveModel;
  /** What the bot does with what it understands: tells a miss from an answer. */
  readonly scripts: ScriptSet;
  readonly now: () => Date;
  readonly log: Log;
}

/** All that teaching the bot needs on a node. */
export interface Training {
  readonly model: LiveModel;
  readonly shipped: TrainingSet;
  readonly maskPhrase: MaskPhrase;
  readonly trainer: Trainer;
  readonly follow: Follow;
  /** Collects what the bot could learn from. */
  readonly collect: LogFollower;
  stop(): Promise<void>;
}

/** Nothing runs yet: `follow` and `collect` are to be started. */
export function createTraining({ db, model, scripts, now, log }: TrainingOptions): Training {
  const shipped = shippedPhrases();
  const trainer = createTrainer({ db, shipped, now, log });
  const follow = createFollow({ db, model, shipped: shippedModel(), log });
  const maskPhrase = createMaskPhrase(model.understand, scripts.custom);
  const collect = createCollect({ db, scripts, maskPhrase, now, log });
  return {
    model,
    shipped,
    maskPhrase,
    trainer,
    follow,
    collect,
    async stop() {
      await collect.stop();
      await follow.stop();
      await trainer.stop();
    },
  };
}
