import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { principalOf, requirePermission } from '../gateway/access/guard.ts';
import type { Capabilities } from '../gateway/connectors/capabilities.ts';
import type { Connector } from '../gateway/connectors/connector.ts';
import type { ChannelId, OperatorId } from '../gateway/model/ids.ts';
import { PROBLEMS, Problem } from '../gateway/problem.ts';
import type { Database } from '../gateway/store/database.ts';
import {
  conversationList,
  conversationView,
  listQuery,
  queueList,
  transcript,
  transcriptQuery,
} from './api.ts';
import { conversationId } from './conversation-id.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { DESK_PROBLEMS } from './problems.ts';
import { QUEUES } from './queues.ts';
import type { AbilitiesOn } from './revising/abilities.ts';
import { countsFor, listRows, readCounts } from './store/rows.ts';
import { readTranscript } from './store/transcript.ts';
import { readView } from './store/view.ts';

export interface ReadRoutesOptions {
  readonly db: Database;
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  readonly abilitiesOn: AbilitiesOn;
  readonly connectors: ReadonlyMap<ChannelId, Pick<Connector, 'templates' | 'segmentPrice'>>;
  /** Channels that have settings, and that the policy pack keeps off. */
  readonly offByPolicy: ReadonlySet<string>;
}

/** Where the channel is off, so that nothing goes out there anyway. */
const MAX_TEXT_UNKNOWN = 4_096;

/** What the desk reads. */
export const readRoutes: FastifyPluginAsyncZod<ReadRoutesOptions> = async (app, options) => {
  const { db, capabilitiesOf, abilitiesOn, connectors, offByPolicy } = options;
  const whyOff = (channel: ChannelId) => {
    if (capabilitiesOf(channel)) return undefined;
    return offByPolicy.has(channel) ? ('policy' as const) : ('not-configured' as const);
  };
  const onRequest = requirePermission('desk.read');
  const common = { tags: ['desk'] };
  const params = z.object({ id: conversationId });
  const limitsOf = (channel: ChannelId) => {
    const capabilities = capabilitiesOf(channel);
    const files = capabilities?.content.file === 'native' ? ('native' as const) : ('link' as const);
    const { templates = [], segmentPrice } = connectors.get(channel) ?? {};
    return {
      ...(templates.length > 0 && { templates: [...templates] }),
      ...(segmentPrice && { segmentPrice }),
      maxText: capabilities?.limits.maxText ?? MAX_TEXT_UNKNOWN,
      textUnit: capabilities?.limits.unit,
      dataClass: capabilities?.dataClass,
      files,
      replyWindowMs: capabilities?.replyWindowMs,
    };
  };

  app.route({
    method: 'GET',
    url: '/api/v1/conversations',
    onRequest,
    schema: {
      ...common,
      summary: 'Conversations of a view, a page at a time',
      querystring: listQuery,
      response: { 200: conversationList, 400: problem, 401: problem, 403: problem },
    },
    handler: (request) => listPage(db, principalOf(request).user.id, request.query),
  });

  app.route({
    method: 'GET',
    url: '/api/v1/conversations/:id',
    onRequest,
    schema: {
      ...common,
      summary: 'A conversation with its context, identities and history',
      params,
      response: { 200: conversationView, 401: problem, 403: problem, 404: problem },
    },
    async handler(request) {
      const view = await readView(db, request.params.id, { whyOff, limitsOf, abilitiesOn });
      if (!view) throw new Problem(DESK_PROBLEMS.missing);
      return view;
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/conversations/:id/transcript',
    onRequest,
    schema: {
      ...common,
      summary: 'Messages, notes and events of a conversation',
      params,
      querystring: transcriptQuery,
      response: { 200: transcript, 401: problem, 403: problem, 404: problem },
    },
    async handler(request) {
      const found = await readTranscript(db, request.params.id, request.query);
      if (!found) throw new Problem(DESK_PROBLEMS.missing);
      return found;
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/queues',
    onRequest,
    schema: { ...common, summary: 'Where conversations wait', response: { 200: queueList, 401: problem } },
    handler: async () => ({ queues: QUEUES.map(({ id, title }) => ({ id, title: { ...title } })) }),
  });
};

async function listPage(
  db: Database,
  operator: OperatorId,
  { view, before, limit }: z.infer<typeof listQuery>,
): Promise<z.infer<typeof conversationList>> {
  const cursor = before === undefined ? undefined : readCursor(before);
  if (before !== undefined && !cursor) throw new Problem(PROBLEMS.badRequest, { detail: BAD_CURSOR });
  const [{ rows, next }, counts] = await Promise.all([
    listRows(db, operator, view, limit, cursor),
    readCounts(db),
  ]);
  return { rows, ...(next ? { next: writeCursor(next) } : {}), counts: countsFor(counts, operator) };
}

const BAD_CURSOR = {
  ru: 'before: передайте next прошлой страницы',
  en: 'before: hand back the next of the last page',
};
