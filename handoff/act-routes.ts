import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { requirePermission } from '../gateway/access/guard.ts';
import type { Database } from '../gateway/store/database.ts';
import { acted, alreadyTaken, ownerAct } from './act-api.ts';
import { actingOf } from './acting.ts';
import type { Act } from './acts.ts';
import { conversationId } from './conversation-id.ts';
import type { Operators } from './operators.ts';
import { problemOf } from './refusals.ts';

export interface ActRoutesOptions {
  readonly db: Database;
  readonly operators: Operators;
}

const SUMMARIES = {
  take: 'Take a conversation from a queue or the bot',
  release: 'Give a conversation back to the queue',
  return: 'Return a conversation to the bot, where the script stood',
  close: 'Close a conversation',
} as const satisfies Record<Act, string>;
const ACTS = ['take', 'release', 'return', 'close'] as const satisfies readonly Act[];

const MAX_ACT_BYTES = 1_024;

/** What operators do with whole conversations. */
export const actRoutes: FastifyPluginAsyncZod<ActRoutesOptions> = async (app, { db, operators }) => {
  const params = z.object({ id: conversationId });
  const common = { tags: ['desk'], params };
  const refusals = { 400: problem, 401: problem, 403: problem, 404: problem };
  const mayAnswer = requirePermission('desk.answer');

  for (const act of ACTS) {
    app.route({
      method: 'POST',
      url: `/api/v1/conversations/:id/${act}`,
      onRequest: mayAnswer,
      bodyLimit: MAX_ACT_BYTES,
      schema: {
        ...common,
        summary: SUMMARIES[act],
        body: ownerAct,
        response: { 200: acted, ...refusals, 409: act === 'take' ? alreadyTaken : problem },
      },
      async handler(request) {
        const done = await operators.act(act, actingOf(request), request.params.id, request.body.epoch);
        if (done.outcome !== 'done') throw await problemOf(db, done);
        return { epoch: done.epoch, seq: done.seq };
      },
    });
  }
};
