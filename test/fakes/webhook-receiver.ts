import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerWith, type HttpFault, readBody } from './http-faults.ts';
import { createWatch } from './watch.ts';

const button = {
  text: z.string(),
  kind: z.enum(['link', 'contact', 'location']).optional(),
  url: z.url().optional(),
};

/** What a message that was posted says; only what the tests look at. */
const posted = z.looseObject({
  type: z.string(),
  data: z
    .looseObject({
      thread: z.string().optional(),
      key: z.string().optional(),
      content: z
        .array(
          z.looseObject({
            kind: z.string(),
            text: z.string().optional(),
            choices: z.array(z.looseObject(button)).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});
export interface Posted {
  /** Its webhook-id. */
  readonly id: string;
  readonly event: z.infer<typeof posted>;
}

/**
 * A bank's own server at the other end of the webhook channel, with the signature of Standard Webhooks worked out anew:
 * HMAC-SHA256 of `id.timestamp.body`, base64, as `v1,…`, of which any in the list may match
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme).
 */
export interface FakeWebhookReceiver {
  readonly url: string;
  /** What came and was rightly signed, in order, repetitions too. */
  readonly posted: readonly Posted[];
  /** Answers of 401, for wrong signatures. */
  readonly refused: number;
  saidTo(thread: string): readonly string[];
  hears(thread: string, count: number): Promise<readonly string[]>;
  fault(thread: string, fault: HttpFault): void;
  /** What the receiver answers a message with; default: nothing. */
  answerWith(text: string): void;
  stop(): Promise<void>;
}

export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The three headers over a body, `at` in seconds since 1970. */
export function signAs(
  secret: string,
  id: string,
  body: string | Uint8Array,
  at = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}

export async function startFakeWebhookReceiver(secret = WEBHOOK_SECRET): Promise<FakeWebhookReceiver> {
  const all: Posted[] = [];
  const faults: { thread: string; fault: HttpFault }[] = [];
  const watch = createWatch();
  let answer = '';
  let refused = 0;

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const id = String(request.headers['webhook-id']);
    const at = Number(request.headers['webhook-timestamp']);
    const ours = signAs(secret, id, body, at)['webhook-signature'];
    const given = String(request.headers['webhook-signature']).split(' ');
    if (!given.includes(ours ?? '') || Math.abs(Date.now() / 1000 - at) > 300) {
      refused += 1;
      await answerWith(undefined, () => ({ status: 401, type: 'text/plain', text: '' }), request, response);
      return;
    }
    const event = posted.parse(JSON.parse(body));
    const index = faults.findIndex(
      ({ thread }) => event.type === 'message.sent' && thread === event.data?.thread,
    );
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    const process = () => {
      all.push({ id, event });
      watch.seen();
      return { status: 200, type: 'application/json', text: answer };
    };
    await answerWith(fault, process, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const saidTo = (thread: string) =>
    all
      .filter(({ event }) => event.type === 'message.sent' && event.data?.thread === thread)
      .map(({ event }) => event.data?.content?.[0]?.text ?? '');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/okno`,
    posted: all,
    get refused() {
      return refused;
    },
    saidTo,
    hears: (thread, count) => watch.hears(() => saidTo(thread), count),
    fault: (thread, fault) => void faults.push({ thread, fault }),
    answerWith: (text) => {
      answer = text;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
