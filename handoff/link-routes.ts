import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { requirePermission } from '../gateway/access/guard.ts';
import type { Connector } from '../gateway/connectors/connector.ts';
import type { Linking } from '../gateway/linking.ts';
import type { ChannelId, IdentityId } from '../gateway/model/ids.ts';
import { PROBLEMS, Problem } from '../gateway/problem.ts';
import type { Database } from '../gateway/store/database.ts';
import { acted, moveAct, moveTargets } from './act-api.ts';
import { actingOf } from './acting.ts';
import { conversationId } from './conversation-id.ts';
import type { Operators } from './operators.ts';
import { DESK_PROBLEMS } from './problems.ts';
import { problemOf } from './refusals.ts';
import { readOwnership } from './store/ownership.ts';
import { findReplyPlace } from './store/reply-place.ts';

export interface LinkRoutesOptions {
  readonly db: Database;
  readonly operators: Operators;
  readonly linking: Pick<Linking, 'unlink'>;
  /** The channels that are on. */
  readonly connectors: ReadonlyMap<ChannelId, Pick<Connector, 'startLink' | 'phone'>>;
  readonly isOn: (channel: ChannelId) => boolean;
}

const MAX_BYTES = 1_024;

/** Where a client goes on, and who counts as one client. */
export const linkRoutes: FastifyPluginAsyncZod<LinkRoutesOptions> = async (app, options) => {
  const { db, operators, linking, connectors, isOn } = options;
  const refusals = { 400: problem, 401: problem, 403: problem, 404: problem, 409: problem };

  app.route({
    method: 'GET',
    url: '/api/v1/conversations/:id/move',
    onRequest: requirePermission('desk.read'),
    schema: {
      tags: ['desk'],
      summary: 'Other channels in which the client can go on',
      params: z.object({ id: conversationId }),
      response: { 200: moveTargets, ...refusals },
    },
    async handler(request) {
      const { id } = request.params;
      if (!(await readOwnership(db, id))) throw new Problem(DESK_PROBLEMS.missing);
      const here = await findReplyPlace(db, id, isOn);
      const others = [...connectors].filter(([channel]) => channel !== here?.channel);
      return {
        channels: others.map(([channel, { startLink }]) => ({ channel, byLink: startLink !== undefined })),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/conversations/:id/move',
    onRequest: requirePermission('desk.answer'),
    bodyLimit: MAX_BYTES,
    schema: {
      tags: ['desk'],
      summary: 'Send the client a one-time link or code with which they go on in another channel',
      params: z.object({ id: conversationId }),
      body: moveAct,
      response: { 200: acted, ...refusals },
    },
    async handler(request) {
      const { epoch, to } = request.body;
      const target = to === undefined ? undefined : connectors.get(to as ChannelId);
      if (to !== undefined && !target) throw new Problem(PROBLEMS.badRequest, { detail: noChannel(to) });
      const done = await operators.offerMove(actingOf(request), request.params.id, epoch, target);
      if (done.outcome !== 'done') throw await problemOf(db, done);
      return { epoch: done.epoch, seq: done.seq };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/conversations/:id/identities/:identity/unlink',
    onRequest: requirePermission('ledger.decide'),
    bodyLimit: MAX_BYTES,
    schema: {
      tags: ['desk'],
      summary: 'Undo the link of an identity: what it writes next opens a conversation of its own',
      params: z.object({ id: conversationId, identity: z.uuid() }),
      response: { 204: z.null(), ...refusals },
    },
    async handler(request, reply) {
      const { id, identity } = request.params;
      if (!(await readOwnership(db, id))) throw new Problem(DESK_PROBLEMS.missing);
      const { operator } = actingOf(request);
      const by = { kind: 'operator', operator } as const;
      if ((await linking.unlink(identity as IdentityId, id, by)) === 'not-linked')
        throw new Problem(DESK_PROBLEMS.notLinked);
      await operators.auditUnlink(actingOf(request), id, identity);
      return reply.code(204).send(null);
    },
  });
};

function noChannel(to: string) {
  return {
    ru: `to: канал ${to} не включён; GET по этому же адресу называет те, что есть`,
    en: `to: the channel ${to} is not on; GET at this address names those that are`,
  };
}
