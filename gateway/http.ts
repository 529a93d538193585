import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Metrics } from './metrics.ts';
import { answerNotFound, answerProblem, PROBLEMS, Problem } from './problem.ts';

export interface HttpOptions {
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly version: string;
  /** True when the store answers. */
  readonly isReady: () => Promise<boolean>;
  /** True from the moment when the hub was told to stop: nothing new is taken. */
  readonly isStopping?: () => boolean;
}

/** Longest JSON request of the API, bytes: a text of 100 000 characters, escaped. */
const MAX_JSON = 1024 * 1024;
/** Longest frame of a socket, bytes; each socket sets its own lower limit. */
const MAX_FRAME = 256 * 1024;

/** The HTTP server with what all routes share: security headers, problems, documentation, health and metrics. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, metrics, version, isReady, isStopping = () => false } = options;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_JSON,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // A path that cannot be decoded or is too long never comes to a route.
    frameworkErrors: answerProblem,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(answerNotFound);

  // Another node, or this one after its restart, takes what is refused here.
  app.addHook('onRequest', async (request, reply) => {
    if (!isStopping() || request.url.startsWith('/health/')) return;
    reply.header('connection', 'close');
    throw new Problem(PROBLEMS.stopping, { retryAfterS: 1 });
  });

  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Mantine sets styles on elements.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'self'"],
        'upgrade-insecure-requests': null,
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  });
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: MAX_FRAME } });
  await app.register(swagger, {
    openapi: { info: { title: 'Okno', version } },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true });

  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/health/live', { schema: { hide: true } }, () => ({ status: 'live' }));
  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' });
    const ready = await isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'store-away' });
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return app;
}
