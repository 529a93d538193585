import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerWith, type HttpAnswer, type HttpFault, readBody } from './http-faults.ts';
import { createWatch } from './watch.ts';

/** The part of the network that a hub meets. Each behaviour names the page of the network's documentation. */
export interface FakeTemplate {
  readonly url: string;
  readonly token: string;
  saidTo(person: string): readonly string[];
  hears(person: string, count: number): Promise<readonly string[]>;
  /** The next message to this person meets the fault. */
  fault(person: string, fault: HttpFault): void;
  /** Posts a webhook; resolves with the status of the answer. */
  post(url: string, body: string, token?: string): Promise<number>;
  stop(): Promise<void>;
}

const message = z.object({ to: z.string(), text: z.string() });

export async function startFakeTemplate(): Promise<FakeTemplate> {
  const token = 'template-token-of-the-test';
  const sent: z.infer<typeof message>[] = [];
  const faults: { person: string; fault: HttpFault }[] = [];
  const watch = createWatch();

  function create(body: string): HttpAnswer {
    sent.push(message.parse(JSON.parse(body)));
    watch.seen();
    return json(200, { id: `sent-${sent.length}` });
  }

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const isOurs = request.headers.authorization === `Bearer ${token}`;
    if (!isOurs || request.method === 'GET') {
      await answerWith(undefined, () => json(isOurs ? 200 : 401, {}), request, response);
      return;
    }
    const { to } = message.parse(JSON.parse(body));
    const at = faults.findIndex(({ person }) => person === to);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    await answerWith(fault, () => create(body), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const saidTo = (person: string) => sent.filter(({ to }) => to === person).map(({ text }) => text);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    saidTo,
    hears: (person, count) => watch.hears(() => saidTo(person), count),
    fault: (person, fault) => void faults.push({ person, fault }),
    async post(url, body, given = token) {
      const headers = { authorization: `Bearer ${given}`, 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, type: 'application/json', text: JSON.stringify(value) };
}
