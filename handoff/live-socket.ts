import type {} from '@fastify/websocket';
import type { FastifyPluginAsync } from 'fastify';
import { principalOf, requirePermission } from '../gateway/access/guard.ts';
import { createDeskPages, type DeskPagesOptions } from './live/desk-pages.ts';

/** The live socket of the desk's pages: liveIn and liveOut of api.ts, one JSON a text frame. Needs @fastify/websocket. */
export const liveSocket: FastifyPluginAsync<DeskPagesOptions> = async (app, options) => {
  const pages = createDeskPages(options);
  app.addHook('preClose', async () => pages.stop());
  app.get(
    '/api/v1/live',
    { websocket: true, onRequest: requirePermission('desk.read') },
    (socket, request) => {
      const page = pages.connect(socket, principalOf(request));
      socket.on('message', (data, isBinary) => {
        if (!isBinary) page.heard(data.toString());
      });
      socket.on('pong', () => page.answered());
      socket.on('close', () => page.gone());
      socket.on('error', () => socket.terminate());
    },
  );
};
