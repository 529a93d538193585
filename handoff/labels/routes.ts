import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { principalOf, requirePermission } from '../../gateway/access/guard.ts';
import type { ChangeLog } from '../../gateway/change.ts';
import type { ConversationId, OperatorId } from '../../gateway/model/ids.ts';
import { PROBLEMS, Problem } from '../../gateway/problem.ts';
import type { Database } from '../../gateway/store/database.ts';
import { type Intent, intentList, label } from '../act-api.ts';
import type { Ownership } from '../acts.ts';
import { messageAddress } from '../conversation-id.ts';
import { DESK_PROBLEMS } from '../problems.ts';
import { readOwnership } from '../store/ownership.ts';
import { readLabelled } from './message.ts';

export interface LabelRoutesOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  /** What a client's message can be about, as the bot knows it at the moment. */
  readonly intents: () => readonly Intent[];
}

const MAX_BYTES = 1_024;
/** Between reading a conversation and the change its owner may change; beyond this many times it is a storm. */
const TRIES = 3;

/** People of ours say what clients' messages were about; the bot learns from it. */
export const labelRoutes: FastifyPluginAsyncZod<LabelRoutesOptions> = async (app, options) => {
  const { intents } = options;
  const refusals = { 400: problem, 401: problem, 403: problem };

  app.route({
    method: 'GET',
    url: '/api/v1/intents',
    onRequest: requirePermission('desk.read'),
    schema: {
      tags: ['desk'],
      summary: 'What a message of a client can be about',
      response: { 200: intentList, ...refusals },
    },
    handler: async () => ({ intents: [...intents()] }),
  });

  app.route({
    method: 'PUT',
    url: '/api/v1/conversations/:id/messages/:seq/label',
    onRequest: requirePermission('desk.answer'),
    bodyLimit: MAX_BYTES,
    schema: {
      tags: ['desk'],
      summary: 'Say what a message of the client was about, so that the bot can learn it',
      params: messageAddress,
      body: label,
      response: { 204: z.null(), ...refusals, 404: problem, 409: problem },
    },
    async handler(request, reply) {
      const { user, permissions } = principalOf(request);
      const { intent } = request.body;
      if (intent !== null && !intents().some(({ id }) => id === intent))
        throw new Problem(PROBLEMS.badRequest, { detail: unknownIntent(intent) });
      const { id, seq } = request.params;
      const who = { operator: user.id, supervises: permissions.has('desk.supervise') };
      await labelMessage(options, who, { conversation: id, of: seq, intent });
      return reply.code(204).send(null);
    },
  });
};

/** Who labels. */
interface Labeller {
  readonly operator: OperatorId;
  readonly supervises: boolean;
}

/** Whether this person may say what messages of the conversation were about: its owner, or who supervises. Pure. */
function mayLabel({ owner }: Pick<Ownership, 'owner'>, { operator, supervises }: Labeller): boolean {
  return supervises || (owner.kind === 'operator' && owner.operator === operator);
}

interface Label {
  readonly conversation: ConversationId;
  /** The number of the message. */
  readonly of: number;
  readonly intent: string | null;
}

/** Where the label stands already nothing is written. */
async function labelMessage(
  { db, change }: LabelRoutesOptions,
  who: Labeller,
  { conversation, of, intent }: Label,
): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    const now = await readOwnership(db, conversation);
    if (!now) throw new Problem(DESK_PROBLEMS.missing);
    if (!mayLabel(now, who)) throw new Problem(DESK_PROBLEMS.notYours);
    const labelled = await readLabelled(db, conversation, of);
    if (!labelled) throw new Problem(DESK_PROBLEMS.notLabelled);
    if (labelled.intent === intent) return;
    const by = { kind: 'operator', operator: who.operator } as const;
    const facts = { message: labelled.message, of, by, intent };
    const [changed] = await change.commit([
      { conversation, events: [{ type: 'message.labelled', facts }], expect: { epoch: now.epoch } },
    ]);
    if (changed?.outcome === 'committed') return;
  }
  throw new Problem(DESK_PROBLEMS.changed);
}

function unknownIntent(intent: string) {
  return {
    ru: `intent: темы ${intent} нет; GET /api/v1/intents называет те, что есть`,
    en: `intent: there is no ${intent}; GET /api/v1/intents names those that are`,
  };
}
