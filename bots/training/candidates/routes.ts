import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../../gateway/access/api.ts';
import { recordAudit } from '../../../gateway/access/audit.ts';
import { principalOf } from '../../../gateway/access/guard.ts';
import { PROBLEMS, Problem } from '../../../gateway/problem.ts';
import { inTransaction } from '../../../gateway/store/database.ts';
import { clusterTexts } from '../../../nlu/cluster.ts';
import { candidateDecision, candidateList } from '../api.ts';
import { decide } from '../decisions.ts';
import { FULL } from '../phrase-routes.ts';
import { onRequest, refusals, tags } from '../route-parts.ts';
import type { TrainingRoutesOptions } from '../routes.ts';
import { decideCandidate, listWaiting } from './store.ts';

const MAX_BODY_BYTES = 1_024;

/** What clients said that the bot could learn from. Behind `guardApi`. */
export const candidateRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, { db, now }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/training/candidates',
    onRequest,
    schema: {
      tags,
      summary: 'What clients said that the bot could learn from, what is alike together',
      response: { 200: candidateList, ...refusals },
    },
    async handler() {
      const waiting = await listWaiting(db);
      const clusters = clusterTexts(waiting.map(({ text }) => text)).map((places) =>
        places.flatMap((place) => {
          const one = waiting[place];
          return one ? [{ ...one, reasons: [...one.reasons], lastAt: one.lastAt.toISOString() }] : [];
        }),
      );
      return { clusters };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/training/candidates/:id/decision',
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags,
      summary: 'Take a candidate for an intent, or reject it; the same words do not come again',
      params: z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
      body: candidateDecision,
      response: { 204: z.null(), ...refusals, 404: problem, 409: problem },
    },
    async handler(request, reply) {
      const { user } = principalOf(request);
      const { id } = request.params;
      const made = request.body;
      const at = now();
      await inTransaction(db, async (client) => {
        const text = await decideCandidate(client, id, made, user.id, at);
        if (text === undefined) throw new Problem(PROBLEMS.notFound);
        if (made.decision === 'accepted') {
          const { intent } = made;
          if (!(await decide(client, { text, intent }, user.id, at))) throw new Problem(FULL);
        }
        await recordAudit(client, at, {
          who: user.id,
          act: `candidate.${made.decision}`,
          subject: String(id),
          address: request.ip,
          detail: made.decision === 'accepted' ? { intent: made.intent } : {},
        });
      });
      return reply.code(204).send(null);
    },
  });
};
