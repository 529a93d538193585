import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { guardApi } from '../../gateway/access/guard.ts';
import type { Sessions } from '../../gateway/access/sessions.ts';
import type { Database } from '../../gateway/store/database.ts';
import { candidateRoutes } from './candidates/routes.ts';
import { evaluationRoutes } from './evaluation-routes.ts';
import { exchangeRoutes } from './exchange-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { phraseRoutes } from './phrase-routes.ts';
import type { Training } from './training.ts';

export interface TrainingRoutesOptions extends Omit<Training, 'stop'> {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly now: () => Date;
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
}

/** Teaching the bot: phrases, training, versions. Needs @fastify/cookie and zod's compilers. */
export const trainingRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  guardApi(app, options);
  await app.register(phraseRoutes, options);
  await app.register(modelRoutes, options);
  await app.register(evaluationRoutes, options);
  await app.register(candidateRoutes, options);
  await app.register(exchangeRoutes, options);
};
