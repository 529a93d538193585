import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { answerWith, type HttpAnswer, type HttpFault, readBody } from './http-faults.ts';
import { createWatch } from './watch.ts';

/**
 * The part of Twilio that a hub meets: the Messages resource (https://www.twilio.com/docs/messaging/api/message-resource)
 * and webhooks (https://www.twilio.com/docs/messaging/guides/webhook-request), signed by the official package.
 */
export interface FakeTwilio {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Forms of the messages that were created. */
  readonly created: readonly Readonly<Record<string, string>>[];
  saidTo(phone: string): readonly string[];
  hears(phone: string, count: number): Promise<readonly string[]>;
  fault(phone: string, fault: HttpFault): void;
  /** Posts a webhook, signed; resolves with the status of the answer. */
  post(url: string, form: Readonly<Record<string, string>>): Promise<number>;
  /** The status callback of each message that was created, as its own request. */
  callback(index: number, status: string, more?: Readonly<Record<string, string>>): Promise<number>;
  /** Of the account, https://www.twilio.com/docs/iam/api/account#account-properties. */
  setStatus(status: 'active' | 'suspended' | 'closed'): void;
  stop(): Promise<void>;
}

export async function startFakeTwilio(): Promise<FakeTwilio> {
  const accountSid = `AC${'0'.repeat(32)}`;
  const authToken = 'twilio-token';
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const created: Readonly<Record<string, string>>[] = [];
  const faults: { phone: string; fault: HttpFault }[] = [];
  const watch = createWatch();
  let accountStatus = 'active';

  function create(form: Readonly<Record<string, string>>): HttpAnswer {
    // "The 'To' number … is not a valid phone number", https://www.twilio.com/docs/api/errors/21211
    if (!/^\+\d{8,15}$/.test(form.To ?? ''))
      return json(400, { code: 21211, message: 'bad To', status: 400 });
    // https://www.twilio.com/docs/api/errors/21617
    if ((form.Body ?? '').length > 1600) return json(400, { code: 21617, message: 'too long', status: 400 });
    const sid = `SM${String(created.length).padStart(32, '0')}`;
    created.push({ ...form, sid });
    watch.seen();
    return json(201, { sid, status: 'queued', num_segments: '1' });
  }

  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await readBody(request)));
    if (request.headers.authorization !== expected) {
      await answerWith(undefined, () => json(401, { code: 20003, status: 401 }), request, response);
      return;
    }
    if (request.method === 'GET') {
      await answerWith(
        undefined,
        () => json(200, { sid: accountSid, status: accountStatus }),
        request,
        response,
      );
      return;
    }
    const at = faults.findIndex(({ phone }) => phone === form.To);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    await answerWith(fault, () => create(form), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakeTwilio = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    authToken,
    created,
    saidTo: (phone) => created.filter(({ To }) => To === phone).map(({ Body }) => Body ?? ''),
    hears: (phone, count) => watch.hears(() => fake.saidTo(phone), count),
    fault: (phone, fault) => void faults.push({ phone, fault }),
    async post(url, form) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form) },
        body: new URLSearchParams(form),
      });
      return response.status;
    },
    callback(index, status, more = {}) {
      const message = created[index];
      if (!message) throw new Error(`no message ${index}`);
      const { sid = '', To = '', From = '', StatusCallback = '' } = message;
      return fake.post(StatusCallback, { MessageSid: sid, MessageStatus: status, To, From, ...more });
    },
    setStatus: (status) => {
      accountStatus = status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, type: 'application/json', text: JSON.stringify(value) };
}
