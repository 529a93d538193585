import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { requirePermission } from '../../gateway/access/guard.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import { deletion, reaction, said, say } from '../act-api.ts';
import { actingOf } from '../acting.ts';
import { messageAddress } from '../conversation-id.ts';
import { problemOf } from '../refusals.ts';
import type { Wish } from './decide.ts';
import { type ReviseOptions, type Revising, revise } from './revise.ts';

/** 100 000 characters, each escaped as \uXXXX at worst, and the rest of the body. */
const MAX_EDIT_BYTES = 100_000 * 6 + 1_024;
const MAX_BYTES = 1_024;

/** Operators edit and delete what they said, and react to what the client said. */
export const reviseRoutes: FastifyPluginAsyncZod<ReviseOptions> = async (app, options) => {
  const common = { tags: ['desk'], params: messageAddress };
  const response = { 200: said, 400: problem, 401: problem, 403: problem, 404: problem, 409: problem };
  const onRequest = requirePermission('desk.answer');
  const url = '/api/v1/conversations/:id/messages/:seq';

  async function done(wish: Wish, who: Revising): Promise<z.infer<typeof said>> {
    const outcome = await revise(options, wish, who);
    if (outcome.outcome !== 'said') throw await problemOf(options.db, outcome);
    return { seq: outcome.seq };
  }

  app.route({
    method: 'POST',
    url: `${url}/edit`,
    onRequest,
    bodyLimit: MAX_EDIT_BYTES,
    schema: { ...common, summary: 'Give a message of an operator new words', body: say, response },
    handler: (request) =>
      done({ what: 'edit', text: request.body.text }, whoOf(request, request.params, request.body)),
  });

  app.route({
    method: 'POST',
    url: `${url}/delete`,
    onRequest,
    bodyLimit: MAX_BYTES,
    schema: { ...common, summary: 'Take back a message of an operator', body: deletion, response },
    handler: (request) => done({ what: 'delete' }, whoOf(request, request.params, request.body)),
  });

  app.route({
    method: 'POST',
    url: `${url}/react`,
    onRequest,
    bodyLimit: MAX_BYTES,
    schema: { ...common, summary: 'Put a reaction under a message of the client', body: reaction, response },
    handler: (request) =>
      done({ what: 'react', emoji: request.body.emoji }, whoOf(request, request.params, request.body)),
  });
};

function whoOf(
  request: FastifyRequest,
  { id: conversation, seq }: { readonly id: ConversationId; readonly seq: number },
  { id }: { readonly id: string },
): Revising {
  return { operator: actingOf(request).operator, conversation, seq, id };
}
