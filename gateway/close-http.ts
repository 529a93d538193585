import { setTimeout as sleep } from 'node:timers/promises';
import type {} from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { within } from './within.ts';

/** https://www.iana.org/assignments/websocket: the service restarts, the client may come back at once. */
const SERVICE_RESTART = 1012;
const CLOSE_LIMIT_MS = 1_500;
const REQUESTS_LIMIT_MS = 4_500;

/**
 * Takes no more connections, ends the sockets so that their pages resume elsewhere, and lets requests that are under way
 * be answered, for a few seconds.
 */
export async function closeHttp(app: FastifyInstance): Promise<void> {
  const sockets = [...app.websocketServer.clients];
  for (const socket of sockets) socket.close(SERVICE_RESTART);
  const closed = app.close();
  await Promise.race([closed, sleep(CLOSE_LIMIT_MS)]);
  // A page that does not answer would hold us for half a minute.
  for (const socket of sockets) socket.terminate();
  await within(REQUESTS_LIMIT_MS, closed).catch(() => app.server.closeAllConnections());
}
