import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { BankAnswer, BankRequest, DemoBank } from './core.ts';

/** How the service may misbehave, for tests: before anything is done, or after. */
type Fault =
  | { readonly kind: 'latency'; readonly ms: number }
  /** 503 with `Retry-After`; nothing is done. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'error'; readonly status: number }
  /** Never answers; nothing is done. */
  | { readonly kind: 'hang' }
  /** Done, but the answer breaks off. */
  | { readonly kind: 'cut' }
  /** Refused with this code; nothing is done. */
  | { readonly kind: 'refuse'; readonly code: string };

export interface DemoBankService {
  /** Listens on a loopback port (0: any free one) and returns the root address. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
  /** From now on this action misbehaves, every time or so many times. */
  fail(action: string, fault: Fault, times?: number): void;
  heal(): void;
}

/**
 * The demo bank over HTTP: `POST /actions/NAME` with the parameters as JSON; the headers `okno-customer`,
 * `okno-identity`, `idempotency-key` and `accept-language` come from the hub. `GET /demo/codes` is for the demo's
 * page: the codes that a client would have had by SMS.
 */
export function createDemoBankService(bank: DemoBank): DemoBankService {
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  const app = fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 });

  app.get('/demo/codes', () => bank.codes());
  app.post<{ Params: { action: string } }>('/actions/:action', async (request, reply) => {
    const { action } = request.params;
    const fault = takeFault(action);
    if (fault?.kind === 'latency') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (!fault || fault.kind === 'latency') return send(reply, bank.answer(requestOf(action, request)));
    return misbehave(fault, reply, () => bank.answer(requestOf(action, request)));
  });

  function takeFault(action: string): Fault | undefined {
    const found = faults.get(action);
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults.delete(action);
    return found.fault;
  }

  return {
    listen: (port = 0) => app.listen({ host: '127.0.0.1', port }),
    close: () => app.close(),
    fail: (action, fault, times = Number.POSITIVE_INFINITY) =>
      void faults.set(action, { fault, left: times }),
    heal: () => faults.clear(),
  };
}

function misbehave(
  fault: Exclude<Fault, { kind: 'latency' }>,
  reply: FastifyReply,
  perform: () => BankAnswer,
) {
  switch (fault.kind) {
    case 'unavailable':
      return reply.code(503).header('retry-after', '1').send({ code: 'unavailable' });
    case 'error':
      return reply.code(fault.status).send({ code: 'internal' });
    case 'refuse':
      return reply.code(422).send({ code: fault.code });
    case 'hang':
      return reply.hijack();
    case 'cut': {
      const body = JSON.stringify(perform().body);
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length + 10 });
      reply.raw.write(body.slice(0, 1), () => reply.raw.destroy());
      return reply;
    }
  }
}

function send(reply: FastifyReply, { status, body }: BankAnswer) {
  return reply.code(status).send(body);
}

function requestOf(action: string, { headers, body }: FastifyRequest): BankRequest {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const customer = one('okno-customer');
  const identity = one('okno-identity');
  return {
    action,
    parameters: body,
    locale: one('accept-language')?.startsWith('en') ? 'en' : 'ru',
    key: one('idempotency-key') ?? crypto.randomUUID(),
    ...(customer === undefined ? {} : { customer }),
    ...(identity === undefined ? {} : { identity }),
  };
}
