import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { principalOf } from '../../gateway/access/guard.ts';
import { PROBLEMS, Problem, type ProblemKind } from '../../gateway/problem.ts';
import { compareOnCommon } from '../../nlu/evaluation/compare.ts';
import { compared, publication, run, versionList } from './api.ts';
import { publishVersion } from './publishing.ts';
import { onRequest, refusals, tags } from './route-parts.ts';
import type { TrainingRoutesOptions } from './routes.ts';
import { listVersions, readAnswers, readPublished, readReplaced } from './versions.ts';

const RUNNING: ProblemKind = {
  status: 409,
  code: 'training-runs',
  title: { ru: 'Обучение уже идёт.', en: 'A training runs already.' },
};
const NOTHING_BEFORE: ProblemKind = {
  status: 409,
  code: 'nothing-to-roll-back-to',
  title: { ru: 'До этой модели другой не было.', en: 'No other model was in use before this one.' },
};

const MAX_BODY_BYTES = 1_024;

/** Training and the versions of the model. Behind `guardApi`. */
export const modelRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  await app.register(runRoutes, options);
  await app.register(versionRoutes, options);
  await app.register(publicationRoutes, options);
};

const runRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, { trainer }) => {
  const url = '/api/v1/training/run';
  app.route({
    method: 'GET',
    url,
    onRequest,
    schema: { tags, summary: 'How far the training is', response: { 200: run, ...refusals } },
    handler: async () => trainer.state(),
  });
  app.route({
    method: 'POST',
    url,
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'Train a new version; nothing uses it before it is published',
      response: { 202: run, ...refusals, 409: problem },
    },
    async handler(request, reply) {
      if (!trainer.begin(principalOf(request).user.id)) throw new Problem(RUNNING);
      return reply.code(202).send(trainer.state());
    },
  });
  app.route({
    method: 'DELETE',
    url,
    onRequest,
    schema: { tags, summary: 'Cancel the training', response: { 200: run, ...refusals } },
    async handler() {
      await trainer.cancel();
      return trainer.state();
    },
  });
};

const versionRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  const { db, model, trainer, follow } = options;
  app.route({
    method: 'GET',
    url: '/api/v1/training/versions',
    onRequest,
    schema: { tags, summary: 'The versions of the model', response: { 200: versionList, ...refusals } },
    async handler() {
      const before = await readReplaced(db);
      return {
        published: { version: await readPublished(db) },
        ...(before !== undefined && { before: { version: before } }),
        model: model.current(),
        trouble: follow.trouble(),
        versions: (await listVersions(db)).map((one) => ({ ...one, trainedAt: one.trainedAt.toISOString() })),
      };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/training/versions/:version/comparison',
    onRequest,
    schema: {
      tags,
      summary: 'What a version gains or loses beside the one in use, on texts held out of training',
      params: z.object({ version: z.coerce.number().int().positive().max(2_147_483_647) }),
      response: { 200: compared, ...refusals, 404: problem },
    },
    async handler(request) {
      const after = await readAnswers(db, request.params.version);
      if (!after) throw new Problem(PROBLEMS.notFound);
      const published = await readPublished(db);
      const before =
        published === null ? (await trainer.measureShipped()).answers : await readAnswers(db, published);
      const found = compareOnCommon(before ?? [], after);
      if (!found) return { with: published };
      const { onlyFirst, onlySecond, ...gain } = found;
      return { with: published, gain: { ...gain, lost: [...onlyFirst], won: [...onlySecond] } };
    },
  });
};

const publicationRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  const { db } = options;
  app.route({
    method: 'POST',
    url: '/api/v1/training/publication',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'Put a version in use on every node',
      body: publication,
      response: { 200: publication, ...refusals, 404: problem, 409: problem },
    },
    async handler(request) {
      const { version } = request.body;
      await publishVersion(options, { version, by: principalOf(request).user.id, address: request.ip });
      return { version };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/training/rollback',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'Put the version in use that was in use before',
      response: { 200: publication, ...refusals, 404: problem, 409: problem },
    },
    async handler(request) {
      const version = await readReplaced(db);
      if (version === undefined) throw new Problem(NOTHING_BEFORE);
      await publishVersion(options, { version, by: principalOf(request).user.id, address: request.ip });
      return { version };
    },
  });
};
