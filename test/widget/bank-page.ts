import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

export interface BankPage {
  /** Of the hub's site, as a bank has it that runs the hub under a name of its own. */
  readonly url: string;
  /** The same page of another site: there the browser may forbid the frame to keep anything. */
  readonly urlElsewhere: string;
  stop(): Promise<void>;
}

/**
 * A bank's page on another origin that embeds the widget as the documentation says, under a content policy that allows
 * nothing inline and only the hub's origin beside its own.
 */
export async function startBankPage(hub: string): Promise<BankPage> {
  const app = fastify();
  app.get<{ Querystring: { lang?: string; attributes?: string } }>('/', (request, reply) => {
    const { lang = 'ru', attributes = '' } = request.query;
    const filler = Array.from(
      { length: 30 },
      (_, index) => `<p>${index + 1}. Карты, счета, переводы.</p>`,
    ).join('');
    return reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        `default-src 'none'; script-src 'self' ${hub}; style-src 'self'; frame-src ${hub}; require-trusted-types-for 'script'`,
      )
      .send(
        `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Банк</title>
<script src="/queue.js"></script></head><body><main><h1>Банк</h1><button id="own" type="button">Спросить</button>${filler}</main>
<script src="${hub}/widget.js" data-channel="webchat" ${attributes} async></script></body></html>`,
      );
  });
  app.get('/queue.js', (_request, reply) =>
    reply.type('text/javascript').send(
      `window.okno = window.okno || function () { (okno.q = okno.q || []).push(arguments); };
for (const [name, value] of new URLSearchParams(location.search)) if (name.startsWith('okno.')) okno(name.slice(5), value);
addEventListener('DOMContentLoaded', () => document.getElementById('own').addEventListener('click', () => okno('open')));`,
    ),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    urlElsewhere: `http://localhost:${port}/`,
    stop: () => app.close(),
  };
}
