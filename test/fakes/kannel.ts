import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerWith, type HttpAnswer, type HttpFault } from './http-faults.ts';
import { createWatch } from './watch.ts';

/** The sendsms of a smsbox (Kannel 1.4.5 User's Guide, "SMS Push: sendsms"), whose answers are plain texts. */
export interface FakeKannel {
  readonly sendUrl: string;
  /** Parameters of the messages that were taken. */
  readonly sent: readonly Readonly<Record<string, string>>[];
  saidTo(phone: string): readonly string[];
  hears(phone: string, count: number): Promise<readonly string[]>;
  fault(phone: string, fault: HttpFault): void;
  /** Fetches the dlr-url of a message, as Kannel does, with its escapes filled in. */
  report(index: number, report: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startFakeKannel(): Promise<FakeKannel> {
  const sent: Readonly<Record<string, string>>[] = [];
  const faults: { phone: string; fault: HttpFault }[] = [];
  const watch = createWatch();

  function take(fields: Readonly<Record<string, string>>): HttpAnswer {
    if (fields.username !== 'okno' || fields.password !== 'secret')
      return plain(403, 'Authorization failed for sendsms');
    if (!fields.to) return plain(400, 'Missing receiver number, rejected');
    sent.push(fields);
    watch.seen();
    return plain(202, '0: Accepted for delivery');
  }

  const server = createServer((request, response) => {
    const fields = Object.fromEntries(new URL(request.url ?? '/', 'http://kannel').searchParams);
    const at = faults.findIndex(({ phone }) => phone === fields.to);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    void answerWith(fault, () => take(fields), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const fake: FakeKannel = {
    sendUrl: `http://okno:secret@127.0.0.1:${port}/cgi-bin/sendsms`,
    sent,
    saidTo: (phone) => sent.filter(({ to }) => to === phone).map(({ text }) => text ?? ''),
    hears: (phone, count) => watch.hears(() => fake.saidTo(phone), count),
    fault: (phone, fault) => void faults.push({ phone, fault }),
    async report(index, report) {
      const url = (sent[index]?.['dlr-url'] ?? '').replace('%d', String(report)).replace('%F', `${index}f`);
      return (await fetch(url)).status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function plain(status: number, text: string): HttpAnswer {
  return { status, type: 'text/html', text };
}
