import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector, Log } from './connectors/connector.ts';
import type { Receive } from './inbound.ts';
import { OverloadedError } from './load.ts';
import type { ChannelId } from './model/ids.ts';
import { PROBLEMS, Problem } from './problem.ts';
import { within } from './within.ts';

export interface WebhooksOptions {
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  readonly receive: Receive;
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  /** True while more comes in than goes out. */
  readonly isTooMuch: () => boolean;
  readonly log: Log;
  readonly onRefused: (channel: ChannelId, reason: string) => void;
}

/** The largest webhook that is read, bytes; a larger one is answered 413 before it is verified. */
const MAX_WEBHOOK = 1024 * 1024;
const RETRY_AFTER_S = 2;
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const POLICY = 1008;
/**
 * A webhook is answered by then, whatever the store does. What is committed after all is acknowledged as a duplicate
 * when the network sends it again.
 */
const ANSWER_LIMIT_MS = 4_000;

/** Made once: it is sent most when there is no time. */
const OVERLOADED = JSON.stringify({
  type: `urn:okno:problem:${PROBLEMS.overloaded.code}`,
  title: PROBLEMS.overloaded.title.en,
  status: PROBLEMS.overloaded.status,
  code: PROBLEMS.overloaded.code,
});

/**
 * /channels/ID/webhook and /channels/ID/socket, and what else a connector serves under its id. A webhook is answered 2xx only after its commit; 401 where the
 * sender is not who it should be; 503 where it cannot be stored, so that the network sends it again.
 */
export async function webhooks(app: FastifyInstance, options: WebhooksOptions): Promise<void> {
  const { connectors, receive, capabilitiesOf, isTooMuch, log, onRefused } = options;
  // Nothing is logged of a request but what goes wrong, and that by `log`.
  app.setChildLoggerFactory((logger) => logger);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const names = new Set(['webhook', ...[...connectors.values()].flatMap(({ alsoAt }) => alsoAt ?? [])]);
  for (const name of names) {
    app.route<{ Params: { id: ChannelId } }>({
      method: ['GET', 'POST'],
      url: `/channels/:id/${name}`,
      bodyLimit: MAX_WEBHOOK,
      schema: { hide: true },
      // No browser reads the answers.
      helmet: false,
      onRequest: async (request, reply) => {
        if (isPutOff(request.params.id)) return putOff(request, reply);
      },
      handler: async (request, reply) => {
        const connector = connectors.get(request.params.id);
        const isThere = name === 'webhook' || connector?.alsoAt?.includes(name);
        if (!connector || !isThere) throw new Problem(PROBLEMS.notFound);
        return answerWebhook(request, reply, request.params.id, connector);
      },
    });
  }

  for (const [id, connector] of connectors) {
    serveSources(id, connector);
    if (!connector.socket) continue;
    app.get(`/channels/${id}/socket`, { websocket: true, schema: { hide: true } }, (socket, request) => {
      connector.socket?.(socket, {
        origin: request.headers.origin,
        host: request.headers.host,
        ip: request.ip,
        url: request.url,
      });
    });
  }

  /**
   * True where a webhook is refused before it is read, so that refusing costs little of what answering needs. Where a
   * webhook may bring receipts, `receive` decides once it is read: these are always taken.
   */
  function isPutOff(channel: ChannelId): boolean {
    return isTooMuch() && capabilitiesOf(channel)?.abilities.receipts === 'none';
  }

  function putOff(request: FastifyRequest<{ Params: { id: ChannelId } }>, reply: FastifyReply): FastifyReply {
    onRefused(request.params.id, 'overloaded');
    return reply
      .code(503)
      .header('retry-after', `${RETRY_AFTER_S}`)
      .type('application/problem+json; charset=utf-8')
      .send(OVERLOADED);
  }

  function serveSources(id: ChannelId, connector: Connector): void {
    for (const [name, serve] of Object.entries(connector.sockets ?? {})) {
      app.get(`/channels/${id}/${name}`, { websocket: true, schema: { hide: true } }, (socket, request) => {
        const { headers, ip, url } = request;
        serve(socket, {
          headers,
          ip,
          url,
          refuse(reason) {
            onRefused(id, reason);
            socket.close(POLICY, reason);
          },
        });
      });
    }
  }

  async function answerWebhook(
    request: FastifyRequest,
    reply: FastifyReply,
    channel: ChannelId,
    connector: Connector,
  ): Promise<unknown> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { method, url, headers } = request;
    const received = connector.receive({ method, url, headers, body });
    if (!received.authentic) {
      onRefused(channel, received.reason);
      throw new Problem(PROBLEMS.notAuthentic);
    }
    try {
      await within(ANSWER_LIMIT_MS, receive(channel, connector, received));
    } catch (error) {
      if (error instanceof OverloadedError) {
        onRefused(channel, 'overloaded');
        throw error;
      }
      log.error({ channel, err: error }, 'a webhook could not be stored');
      throw new Problem(PROBLEMS.storeAway, { retryAfterS: RETRY_AFTER_S });
    }
    const answer = received.reply;
    if (!answer) return reply.code(200).send();
    return reply.code(answer.status).type(answer.type).send(answer.body);
  }
}
