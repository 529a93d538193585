import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { recordAudit } from '../../gateway/access/audit.ts';
import { principalOf } from '../../gateway/access/guard.ts';
import { PROBLEMS, Problem, type ProblemKind } from '../../gateway/problem.ts';
import { inTransaction } from '../../gateway/store/database.ts';
import { explain } from '../../nlu/explain.ts';
import { none } from '../../nlu/model.ts';
import { decision, keptPhrase, phraseList, trial, tried, undone } from './api.ts';
import { decide, isDecided, MAX_DECISIONS, readDecisions, undo } from './decisions.ts';
import { createNeighbours } from './neighbours.ts';
import { labelled } from './phrases.ts';
import { onRequest, refusals, tags } from './route-parts.ts';
import type { TrainingRoutesOptions } from './routes.ts';

/** No more phrases are taken. */
export const FULL: ProblemKind = {
  status: 409,
  code: 'too-many-phrases',
  title: {
    ru: `Своих фраз уже ${MAX_DECISIONS}. Отмените лишние.`,
    en: `There are ${MAX_DECISIONS} phrases of your own already. Undo some.`,
  },
};

const MAX_BODY_BYTES = 16_384;

/** Phrases and what the model in use makes of one. Behind `guardApi`. */
export const phraseRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  await app.register(listRoutes, options);
  await app.register(decisionRoutes, options);
  await app.register(trialRoutes, options);
};

const listRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, { db, shipped }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/training/phrases',
    onRequest,
    schema: {
      tags,
      summary: 'The phrases that ship, and what was decided over them',
      response: { 200: phraseList, ...refusals },
    },
    handler: async () => ({
      shipped: [
        ...shipped.phrases.map(({ text, label }) => ({ text, intent: label })),
        ...shipped.outOfScope.map((text) => ({ text, intent: none })),
      ],
      decisions: (await readDecisions(db)).map((one) => ({
        ...one,
        decidedAt: one.decidedAt.toISOString(),
      })),
    }),
  });
};

const decisionRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  const { db, now, shipped, maskPhrase } = options;
  const known = new Set(labelled(shipped).map(({ text }) => text));
  app.route({
    method: 'PUT',
    url: '/api/v1/training/phrases',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary:
        'Decide which intent a phrase belongs to; the next training learns it. A new one is kept without personal data: the answer says how',
      body: decision,
      response: { 200: keptPhrase, ...refusals, 409: problem },
    },
    async handler(request) {
      const { user } = principalOf(request);
      const { text: given, intent } = request.body;
      const subject = intent ?? 'left-out';
      return inTransaction(db, async (client) => {
        // One that is there already is decided about as it stands, or it would become another.
        const isKnown = known.has(given) || (await isDecided(client, given));
        const text = isKnown ? given : maskPhrase(given);
        if (!(await decide(client, { text, intent }, user.id, now()))) throw new Problem(FULL);
        await recordAudit(client, now(), {
          who: user.id,
          act: 'phrase.decided',
          subject,
          address: request.ip,
        });
        return { text };
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/v1/training/phrases',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'Take a decision back: the phrase counts again as it ships',
      body: undone,
      response: { 204: z.null(), ...refusals, 404: problem },
    },
    async handler(request, reply) {
      const { user } = principalOf(request);
      await inTransaction(db, async (client) => {
        if (!(await undo(client, request.body.text))) throw new Problem(PROBLEMS.notFound);
        await recordAudit(client, now(), { who: user.id, act: 'phrase.undone', address: request.ip });
      });
      return reply.code(204).send(null);
    },
  });
};

const trialRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, { db, model, shipped }) => {
  const neighboursOf = createNeighbours({ db, shipped });
  app.route({
    method: 'POST',
    url: '/api/v1/training/trial',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'What the model in use makes of a phrase',
      body: trial,
      response: { 200: tried, ...refusals },
    },
    async handler(request) {
      const { text } = request.body;
      // Asked of the store before the model: then answer and reasons are one model's.
      const neighbours = await neighboursOf(text);
      const said = model.understand(text, { kinds: [] });
      return {
        intent: said.intent,
        confidence: said.confidence,
        alternatives: [...said.alternatives],
        model: said.model,
        words: explain(model.understand, text),
        neighbours,
      };
    },
  });
};
