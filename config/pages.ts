import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface PagesOptions {
  /** The folder of the built pages: `widget` and `window` in it. */
  readonly webDir: string;
  /** The folder of the demo bank's page, and of the page that says what runs here. */
  readonly homeDir: string;
  readonly isDemo: boolean;
  /** Pages of other origins that may frame the chat. */
  readonly frameOrigins: readonly string[];
}

const YEAR_S = 31_536_000;

/** The pages: the home page, the chat widget, and the window. */
export async function pages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const { webDir, homeDir, isDemo, frameOrigins } = options;
  const widgetDir = join(webDir, 'widget');
  const windowDir = join(webDir, 'window');
  if (!existsSync(widgetDir) || !existsSync(windowDir)) {
    throw new Error(`the pages are not built: ${webDir} has no widget or no window; run \`npm run build\``);
  }

  await app.register(fastifyStatic, { root: widgetDir, serve: false });
  app.get('/widget.js', { schema: { hide: true } }, (_request, reply) =>
    // Embedded by the bank's pages, which stand on other origins.
    reply
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', 'no-cache')
      .sendFile('widget.js', widgetDir, { cacheControl: false }),
  );
  await app.register(async (widget) => {
    // The chat is made to be framed by the bank's pages.
    widget.addHook('onSend', async (_request, reply, payload) => {
      const policy = reply.getHeader('content-security-policy');
      const ancestors = `frame-ancestors 'self' ${frameOrigins.join(' ')}`.trim();
      if (typeof policy === 'string') {
        reply.header('content-security-policy', policy.replace(/frame-ancestors [^;]*/, ancestors));
      }
      reply.removeHeader('x-frame-options');
      return payload;
    });
    await widget.register(fastifyStatic, {
      root: widgetDir,
      prefix: '/widget/',
      decorateReply: false,
      setHeaders,
    });
  });

  await app.register(
    async (desk) => {
      await desk.register(fastifyStatic, { root: windowDir, decorateReply: false, setHeaders });
      // Addresses within the window belong to its own router.
      desk.setNotFoundHandler((_request, reply) => reply.sendFile('index.html', windowDir));
    },
    { prefix: '/window' },
  );

  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.sendFile(isDemo ? 'index.html' : 'what-runs-here.html', homeDir),
  );
  // With the demo off, nothing of its page is served.
  const allowedPath = (path: string) => isDemo || !/^\/(index\.html|page\.js)?$/.test(path);
  await app.register(fastifyStatic, {
    root: homeDir,
    prefix: '/home/',
    decorateReply: false,
    index: false,
    allowedPath,
  });
}

/** Files with a hash in their name never change; everything else is asked for each time. */
function setHeaders(reply: FastifyReply, path: string): void {
  const hashed = /[/\\]assets[/\\]/.test(path);
  void reply.header('cache-control', hashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
}
