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
  /** Proxies whose `X-Forwarded-For` says from where a request comes: addresses, CIDR, or `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustedProxies?: readonly string[];
  /** True when the store answers. */
  readonly isReady: () => Promise<boolean>;
  /** True from the moment when the hub was told to stop: nothing new is taken. */
  readonly isStopping?: () => boolean;
}

/** Longest JSON request of the API, bytes: a text of 100 000 characters, escaped. */
const MAX_JSON = 1024 * 1024;
/** Longest frame of a socket, bytes; each socket sets its own lower limit. */
const MAX_FRAME = 256 * 1024;
/**
 * How long a resting connection is kept. Longer than proxies keep theirs to us (nginx, load balancers of clouds: 60 s),
 * so that they close first: what comes as we close is never read.
 */
const KEEP_ALIVE_MS = 72_000;

const ABOUT_API =
  'Sign in with `POST /api/v1/session`; the session is a cookie. Whatever changes something (anything but GET) needs the header `x-okno: 1` too, which no form of another page can send. Errors are `application/problem+json` (RFC 9457) with a stable `code`.';

/** The HTTP server with what all routes share: security headers, problems, documentation, health and metrics. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, metrics, version, isReady, isStopping = () => false, trustedProxies = [] } = options;
  const app = fastify({
    loggerInstance: log,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_JSON,
    requestTimeout: 30_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
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
  await app.register(websocket, {
    options: { maxPayload: MAX_FRAME },
    // A frame that is too long or a page that is gone is the other side's fault; each socket's own handler saw it.
    errorHandler(error, socket, request) {
      request.log.debug({ err: error }, 'a socket broke');
      socket.terminate();
    },
  });
  await app.register(swagger, {
    openapi: { info: { title: 'Okno', version, description: ABOUT_API } },
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
