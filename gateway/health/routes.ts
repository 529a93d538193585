import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../access/api.ts';
import { recordAudit } from '../access/audit.ts';
import { guardApi, principalOf, requirePermission } from '../access/guard.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Connector } from '../connectors/connector.ts';
import type { ChannelId } from '../model/ids.ts';
import { PROBLEMS, Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { channelList, type ShownChannel, testRequest, testResult } from './api.ts';
import type { ChannelStatus } from './assess.ts';
import type { Monitor } from './monitor.ts';
import { testChannel } from './self-test.ts';

export interface ChannelRoutesOptions {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  readonly monitor: Monitor;
  readonly now: () => Date;
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
}

const refusals = { 400: problem, 401: problem, 403: problem };
const MAX_BODY_BYTES = 4_096;

/** How the channels are, and their self-test. Needs @fastify/cookie and zod's compilers. */
export const channelRoutes: FastifyPluginAsyncZod<ChannelRoutesOptions> = async (app, options) => {
  const { db, connectors, monitor, now } = options;
  guardApi(app, options);

  app.route({
    method: 'GET',
    url: '/api/v1/channels',
    onRequest: requirePermission('ledger.read'),
    schema: {
      tags: ['channels'],
      summary: 'How each channel is: what its network says, what came in, what waits',
      response: { 200: channelList, ...refusals },
    },
    handler: async () => ({ channels: (await monitor.statuses()).map(show) }),
  });

  app.route({
    method: 'POST',
    url: '/api/v1/channels/:id/test',
    onRequest: requirePermission('channels.test'),
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      tags: ['channels'],
      summary: 'Try a channel step by step',
      params: z.object({ id: z.string().max(64) }),
      body: testRequest,
      response: { 200: testResult, ...refusals, 404: problem },
    },
    async handler(request) {
      const channel = request.params.id as ChannelId;
      const connector = connectors.get(channel);
      const status = (await monitor.statuses()).find((one) => one.channel === channel);
      if (!connector || !status) throw new Problem(PROBLEMS.notFound);
      const { user } = principalOf(request);
      await recordAudit(db, now(), {
        who: user.id,
        act: 'channel.tested',
        subject: channel,
        address: request.ip,
      });
      const health = await monitor.ask(channel);
      return { steps: await testChannel({ connector, status, health, thread: request.body.thread }) };
    },
  });
};

function show(status: ChannelStatus): ShownChannel {
  const { channel, network, state, findings, account, answer, lastInboundAt, waitingSince } = status;
  const { accepted, failed, waiting } = status;
  return {
    channel,
    state,
    findings: [...findings],
    accepted,
    failed,
    waiting,
    ...(network && { network }),
    ...(account && { account }),
    ...(answer && { answeredAt: answer.at.toISOString() }),
    ...(lastInboundAt && { lastInboundAt: lastInboundAt.toISOString() }),
    ...(waitingSince && { waitingSince: waitingSince.toISOString() }),
  };
}
