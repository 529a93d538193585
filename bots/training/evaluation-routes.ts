import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { PROBLEMS, Problem } from '../../gateway/problem.ts';
import type { Database } from '../../gateway/store/database.ts';
import { lintInWorker } from '../../nlu/background.ts';
import { confusionMatrix } from '../../nlu/evaluation/confusion-matrix.ts';
import { evaluated, lintResult } from './api.ts';
import { readDecisions } from './decisions.ts';
import { applyDecisions } from './phrases.ts';
import { onRequest, refusals, tags } from './route-parts.ts';
import type { TrainingRoutesOptions } from './routes.ts';
import type { Measured } from './trainer.ts';
import { listVersions, readAnswers, readEvaluation } from './versions.ts';

const shippedOrNumber = z.union([
  z.literal('shipped'),
  z.coerce.number().int().positive().max(2_147_483_647),
]);

/** How good a version is, and what is wrong with the phrases. Behind `guardApi`. */
export const evaluationRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  const { db, shipped, trainer } = options;
  app.route({
    method: 'GET',
    url: '/api/v1/training/versions/:version/evaluation',
    onRequest,
    schema: {
      tags,
      summary: 'What cross-validation measured of a version, or of what ships',
      params: z.object({ version: shippedOrNumber }),
      response: { 200: evaluated, ...refusals, 404: problem },
    },
    async handler(request) {
      const { version } = request.params;
      const found = version === 'shipped' ? await trainer.measureShipped() : await readMeasured(db, version);
      if (!found) throw new Problem(PROBLEMS.notFound);
      return { ...found.figures, matrix: confusionMatrix(found.answers) };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/training/lint',
    onRequest,
    schema: {
      tags,
      summary: 'What an admin should look at among the phrases as they are now',
      response: { 200: lintResult, ...refusals },
    },
    async handler() {
      const { phrases } = applyDecisions(shipped, await readDecisions(db));
      const [newest] = await listVersions(db);
      const answers = newest ? await readAnswers(db, newest.version) : undefined;
      const findings = await lintInWorker(phrases, { answers: stillTrue(answers ?? [], phrases) });
      // Leaks are of test sets, and there is none here.
      return { findings: findings.filter((finding) => finding.kind !== 'leak') };
    },
  });
};

async function readMeasured(db: Database, version: number): Promise<Measured | undefined> {
  const [figures, answers] = await Promise.all([readEvaluation(db, version), readAnswers(db, version)]);
  return figures && answers && { figures, answers };
}

/** The answers to phrases that are still of the intent that they were measured with. */
function stillTrue(
  answers: Measured['answers'],
  phrases: readonly { readonly text: string; readonly label: string }[],
): Measured['answers'] {
  const now = new Map(phrases.map(({ text, label }) => [text, label]));
  return answers.filter(({ text, truth }) => now.get(text) === truth);
}
