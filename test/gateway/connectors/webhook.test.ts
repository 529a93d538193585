import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import type { OutgoingPart } from '../../../gateway/connectors/outgoing.ts';
import { webhook } from '../../../gateway/connectors/webhook/index.ts';
import { webhookOpenApi } from '../../conformance/webhook-openapi.ts';
import { signAs, startFakeWebhookReceiver, WEBHOOK_SECRET } from '../../fakes/webhook-receiver.ts';
import { memoryHost } from './host.ts';

const NEWER = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const KEY = '01234567-89ab-cdef-0123-456789abcdef:0' as OutgoingPart['key'];

function connected(url: string, more: Readonly<Record<string, unknown>> = {}): Connector {
  const settings = webhook.settings.parse({ url, secrets: WEBHOOK_SECRET, ...more });
  return webhook.connect(settings, memoryHost('webhook'));
}

function received(connector: Connector, event: unknown, secret = WEBHOOK_SECRET) {
  const body = JSON.stringify(event);
  const headers = signAs(secret, 'msg_1', body);
  return connector.receive({ method: 'POST', url: '/', headers, body: Buffer.from(body) });
}

function said(content: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  return { type: 'message.received', data: { id: 'm1', user: 'u1', content, ...more } };
}

const text = (words: string): OutgoingPart => ({ kind: 'text', text: words, key: KEY, externalThread: 'u1' });
const never = new AbortController().signal;

it('takes a request that the official package signed, and signs what the package verifies', async () => {
  const fake = await startFakeWebhookReceiver();
  try {
    const connector = connected(fake.url);
    const body = JSON.stringify(said([{ kind: 'text', text: 'привет' }]));
    const now = new Date();
    const signature = new Webhook(WEBHOOK_SECRET).sign('msg_9', now, body);
    const headers = {
      'webhook-id': 'msg_9',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': `v1a,other ${signature}`,
    };
    const got = connector.receive({ method: 'POST', url: '/', headers, body: Buffer.from(body) });
    expect(got).toMatchObject({ authentic: true, inbound: [{ type: 'message', dedupeKey: 'msg_9' }] });
    expect(await connector.send(text('здравствуйте'), never)).toEqual({
      outcome: 'accepted',
      externalId: KEY,
    });
    expect(fake.posted).toMatchObject([{ id: KEY, event: { type: 'message.sent', data: { key: KEY } } }]);
  } finally {
    await fake.stop();
  }
});

it('lets either side change its secret first', async () => {
  const fake = await startFakeWebhookReceiver(NEWER);
  try {
    const both = connected(fake.url, { secrets: `${WEBHOOK_SECRET} ${NEWER}` });
    const event = said([{ kind: 'text', text: 'a' }]);
    for (const secret of [WEBHOOK_SECRET, NEWER])
      expect(received(both, event, secret)).toMatchObject({ authentic: true });
    expect(await both.send(text('a'), never)).toMatchObject({ outcome: 'accepted' });
    const old = connected(fake.url);
    expect(received(old, event, NEWER)).toMatchObject({ authentic: false, reason: 'wrong-signature' });
    expect(await old.send(text('a'), never)).toMatchObject({ outcome: 'retry', reason: 'unauthorized' });
    expect(fake.refused).toBe(1);
  } finally {
    await fake.stop();
  }
});

it('refuses an address with a password in it, which no request could carry', () => {
  const url = 'https://user:word@bank.example';
  const parsed = webhook.settings.safeParse({ url, secrets: WEBHOOK_SECRET });
  expect(parsed.error?.issues[0]?.message).toMatch(/secrets/);
});

it.each([
  ['nothing', ''],
  ['a secret without its prefix', Buffer.alloc(32).toString('base64')],
  ['a secret that is too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
  ['five secrets', Array.from({ length: 5 }, () => WEBHOOK_SECRET).join(' ')],
])("refuses %s as the channel's secrets, and says what they are", (_what, secrets) => {
  const parsed = webhook.settings.safeParse({ url: 'https://bank.example', secrets });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues[0]?.message).toMatch(/whsec_/);
});

it('translates every kind of content, and keeps what it does not know', () => {
  const connector = connected('https://bank.example/okno');
  const content = [
    { kind: 'text', text: 'карта 4111 1111 1111 1111' },
    { kind: 'choice', id: 'yes', text: 'Да' },
    { kind: 'image', source: 'https://bank.example/1.png', type: 'image/png', size: 5 },
    { kind: 'location', latitude: 55.7, longitude: 37.6 },
    { kind: 'contact', name: 'Анна', phone: '+79160000000' },
    { kind: 'poll', question: 'Сколько?' },
  ];
  const got = received(connector, said(content, { thread: 'place', name: 'Анна', replyTo: 'm0' }));
  expect(got).toMatchObject({
    authentic: true,
    inbound: [
      {
        type: 'message',
        externalId: 'm1',
        replyTo: 'm0',
        sender: { externalUser: 'u1', externalThread: 'place', name: 'Анна' },
        content: [
          { kind: 'text', text: 'карта •••• 1111' },
          { kind: 'choice', id: 'yes', text: 'Да' },
          { kind: 'image', source: 'https://bank.example/1.png', type: 'image/png', size: 5 },
          { kind: 'location', latitude: 55.7, longitude: 37.6 },
          { kind: 'contact', name: 'Анна', phone: '+79160000000' },
          { kind: 'unsupported', what: 'poll' },
        ],
        raw: { data: { content: expect.arrayContaining([{ kind: 'poll', question: 'Сколько?' }]) } },
      },
    ],
  });
});

it('takes the word of the other side on who a client is only where the setting says so', () => {
  const event = said([{ kind: 'text', text: 'a' }], { customer: 'C-1' });
  const senderOf = (connector: Connector) => {
    const got = received(connector, event);
    const [one] = got.authentic ? got.inbound : [];
    return one?.type === 'message' ? one.sender : undefined;
  };
  expect(senderOf(connected('https://bank.example'))).toEqual({ externalUser: 'u1', externalThread: 'u1' });
  expect(senderOf(connected('https://bank.example', { provesCustomers: true }))).toMatchObject({
    proof: { evidence: 'bank-authenticated', customer: 'C-1' },
  });
});

it('keeps what is signed and no UTF-8, and not what is not signed', () => {
  const connector = connected('https://bank.example');
  const body = Buffer.from('{"type":"ping","data":"\xff\xfe"}', 'latin1');
  const receive = (secret: string) =>
    connector.receive({ method: 'POST', url: '/', headers: signAs(secret, 'msg_1', body), body });
  expect(receive(WEBHOOK_SECRET)).toMatchObject({
    authentic: true,
    inbound: [],
    quarantine: [{ reason: 'no-json', raw: expect.stringContaining('ping') }],
  });
  expect(receive(NEWER)).toMatchObject({ authentic: false, reason: 'wrong-signature' });
});

it('understands from the quarantine what it has learned since', () => {
  const connector = connected('https://bank.example');
  const body = JSON.stringify(said([{ kind: 'text', text: 'a' }]));
  const got = connector.retranslate?.(JSON.stringify({ id: 'msg_1', body }));
  expect(got).toMatchObject({ inbound: [{ type: 'message', dedupeKey: 'msg_1' }] });
  expect(connector.retranslate?.('garbage')).toMatchObject({ inbound: [], quarantine: [{ raw: 'garbage' }] });
});

it('fetches files from the host of its address and from no other', async () => {
  const asked: string[] = [];
  const host = {
    ...memoryHost('webhook'),
    fetch: async (input: string | URL | Request) => {
      asked.push(String(input));
      return new Response('bytes', { headers: { 'content-type': 'image/png' } });
    },
  };
  const settings = webhook.settings.parse({ url: 'https://bank.example/okno', secrets: WEBHOOK_SECRET });
  const connector = webhook.connect(settings, host);
  const limits = { maxBytes: 100 };
  expect(await connector.download?.('https://bank.example/1.png', limits, never)).toMatchObject({
    outcome: 'file',
  });
  for (const foreign of ['http://169.254.169.254/', 'https://bank.example.evil/', 'http://localhost/'])
    expect(await connector.download?.(foreign, limits, never)).toEqual({
      outcome: 'refused',
      reason: 'foreign-host',
    });
  expect(asked).toEqual(['https://bank.example/1.png']);
});

it.each([
  [410, '', { outcome: 'rejected', reason: 'gone' }],
  [422, '{}', { outcome: 'rejected', reason: 'http-422' }],
  [404, '<html>', { outcome: 'retry', reason: 'http-404' }],
  [302, '', { outcome: 'retry', reason: 'http-302' }],
  [401, '', { outcome: 'retry', reason: 'unauthorized', scope: 'channel' }],
  [503, '', { outcome: 'retry', reason: 'http-503', scope: 'channel' }],
  [200, '{"id":"theirs"}', { outcome: 'accepted', externalId: 'theirs' }],
  [204, null, { outcome: 'accepted', externalId: KEY }],
  [200, 'ok', { outcome: 'unknown', reason: 'garbled-answer' }],
])('takes the answer %i %s as the specification says', async (status, body, outcome) => {
  const host = { ...memoryHost('webhook'), fetch: async () => new Response(body, { status }) };
  const settings = webhook.settings.parse({ url: 'https://bank.example', secrets: WEBHOOK_SECRET });
  expect(await webhook.connect(settings, host).send(text('a'), never)).toEqual(outcome);
});

it('tells of buttons, edits, deletions, reactions and typing, and asks by a ping how the other side is', async () => {
  const fake = await startFakeWebhookReceiver();
  try {
    const connector = connected(fake.url);
    const target = { externalThread: 'u1', externalId: 'm1' };
    const choices = [{ id: 'yes', text: 'Да' }];
    await connector.send({ kind: 'text', text: 'Верно?', choices, key: KEY, externalThread: 'u1' }, never);
    await connector.edit?.(target, text('исправлено'), never);
    await connector.react?.(target, ['👍'], never, KEY);
    await connector.remove?.(target, never, KEY);
    await connector.typing?.('u1');
    expect(await connector.health?.(never)).toEqual({ findings: [] });
    expect(fake.posted.map(({ event: { type, data } }) => ({ type, ...data }))).toMatchObject([
      { type: 'message.sent', content: [{ text: 'Верно?' }, { kind: 'choices', choices }] },
      { type: 'message.edited', id: 'm1', content: [{ text: 'исправлено' }] },
      { type: 'reaction.changed', id: 'm1', emoji: ['👍'] },
      { type: 'message.deleted', id: 'm1' },
      { type: 'typing.started', thread: 'u1' },
      { type: 'ping' },
    ]);
    expect(fake.posted.slice(0, 4).map(({ id }) => id)).toEqual([KEY, KEY, KEY, KEY]);
    expect(await connected(fake.url, { secrets: NEWER }).health?.(never)).toEqual({
      findings: [{ problem: 'unauthorized', detail: 'http-401' }],
    });
  } finally {
    await fake.stop();
  }
});

it('reads a receipt by the key that the message brought', () => {
  const connector = connected('https://bank.example');
  const event = { type: 'delivery.updated', data: { key: KEY, status: 'failed', reason: 'no-device' } };
  expect(received(connector, event)).toMatchObject({
    inbound: [{ type: 'receipt', externalId: KEY, key: KEY, receipt: 'failed', reason: 'no-device' }],
  });
});

it('documents what it reads and writes as OpenAPI', () => {
  const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'webhook-channel.openapi.json');
  const document = webhookOpenApi();
  // Its layout is the formatter's: biome check --write docs/webhook-channel.openapi.json
  if (process.env.OKNO_UPDATE_DOCS === '1') writeFileSync(path, JSON.stringify(document));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);
});
