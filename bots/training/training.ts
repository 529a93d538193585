import type { Log } from '../../gateway/connectors/connector.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { LiveModel } from '../../nlu/live-model.ts';
import { shippedModel, shippedPhrases } from '../../nlu/shipped.ts';
import { createFollow, type Follow } from './follow.ts';
import type { TrainingSet } from './phrases.ts';
import { createTrainer, type Trainer } from './trainer.ts';

export interface TrainingOptions {
  readonly db: Database;
  readonly model: LiveModel;
  /** Where the model that ships is kept. */
  readonly modelDir: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** All that teaching the bot needs on a node. */
export interface Training {
  readonly model: LiveModel;
  readonly shipped: TrainingSet;
  readonly trainer: Trainer;
  readonly follow: Follow;
  stop(): Promise<void>;
}

/** Nothing runs yet: `follow` is to be started. */
export function createTraining({ db, model, modelDir, now, log }: TrainingOptions): Training {
  const shipped = shippedPhrases();
  const trainer = createTrainer({ db, shipped, now, log });
  const follow = createFollow({ db, model, shipped: shippedModel(modelDir), log });
  return {
    model,
    shipped,
    trainer,
    follow,
    async stop() {
      await follow.stop();
      await trainer.stop();
    },
  };
}
