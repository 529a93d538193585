import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import { createMaxApi } from '../../../gateway/connectors/max/api.ts';
import { max } from '../../../gateway/connectors/max/index.ts';
import { keepSubscribed } from '../../../gateway/connectors/max/listening.ts';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { type FakeMax, startFakeMax } from '../../fakes/max.ts';
import {
  chatOf,
  type Json,
  messageOf,
  SECRET,
  textUpdate,
  updateOf,
  userOf,
} from '../../fakes/max-updates.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const ANN = 7;
const CHAT = String(chatOf(ANN));
const KEY = '0190b5a0-0000-7000-8000-000000000001:0' as `${DeliveryId}:${number}`;
const signal = () => AbortSignal.timeout(5_000);

let fake: FakeMax;
let host: MemoryHost;
let connector: Connector;

beforeEach(async () => {
  fake = await startFakeMax();
  host = memoryHost('max');
  connector = connect();
});
afterEach(() => fake.stop());

function connect(more: { token?: string; apiRoot?: string; webhookSecret?: string } = {}): Connector {
  const given = { token: fake.token, apiRoot: fake.url, webhookSecret: SECRET, ...more };
  return max.connect(max.settings.parse(given), host);
}

function receive(update: Json): Extract<Received, { authentic: true }> {
  const headers = { 'x-max-bot-api-secret': SECRET };
  const body = Buffer.from(JSON.stringify(update));
  const received = connector.receive({ method: 'POST', url: '/', headers, body });
  if (!received.authentic) throw new Error(received.reason);
  return received;
}

const created = (body: Json, more: Json = {}) =>
  receive(updateOf('message_created', { message: messageOf(ANN, body, more) }));

function send(part: FittedPart, replyTo?: string) {
  return connector.send({ ...part, key: KEY, externalThread: CHAT, ...(replyTo && { replyTo }) }, signal());
}

const last = () => [...fake.messages.values()].at(-1);

describe('what comes in', () => {
  const url = 'https://i.oneme.ru/i?r=abc';
  it.each([
    ['a text', { text: 'привет' }, [{ kind: 'text', text: 'привет' }]],
    [
      'an image with words',
      { text: 'чек', attachments: [{ type: 'image', payload: { url, token: 't', photo_id: 1 } }] },
      [{ kind: 'image', source: url, caption: 'чек' }],
    ],
    [
      'a document',
      { attachments: [{ type: 'file', payload: { url, token: 't' }, filename: 'счёт.pdf', size: 12 }] },
      [{ kind: 'file', source: url, name: 'счёт.pdf', size: 12 }],
    ],
    [
      'a video and an audio',
      {
        attachments: [
          { type: 'video', payload: { url, token: 't' } },
          { type: 'audio', payload: { url, token: 't' } },
        ],
      },
      [
        { kind: 'video', source: url },
        { kind: 'audio', source: url },
      ],
    ],
    [
      'a place',
      { attachments: [{ type: 'location', latitude: 55.75, longitude: 37.61 }] },
      [{ kind: 'location', latitude: 55.75, longitude: 37.61 }],
    ],
    [
      'a contact',
      {
        attachments: [
          {
            type: 'contact',
            payload: {
              vcf_info: 'BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:79160000002\r\nFN:Иван\r\nEND:VCARD\r\n',
              max_info: userOf(ANN),
              hash: 'x',
            },
          },
        ],
      },
      [{ kind: 'contact', name: 'Иван', phone: '79160000002' }],
    ],
    [
      'a link with its preview',
      { text: 'https://a.ru', attachments: [{ type: 'share', payload: { url: 'https://a.ru' } }] },
      [{ kind: 'text', text: 'https://a.ru' }],
    ],
    ['what we do not know', { attachments: [{ type: 'poll' }] }, [{ kind: 'unsupported', what: 'poll' }]],
  ])('reads %s', (_what, body, content) => {
    expect(created(body).inbound).toMatchObject([
      {
        type: 'message',
        content,
        sender: { externalUser: '7', externalThread: CHAT, name: 'Анна Иванова', locale: 'ru' },
      },
    ]);
  });

  it('reads an answer to a message, and what was forwarded', () => {
    const link = (type: string) => ({ link: { type, message: { mid: 'mid.1', text: 'оттуда' } } });
    expect(created({ text: 'да' }, link('reply')).inbound).toMatchObject([{ replyTo: 'mid.1' }]);
    expect(created({}, link('forward')).inbound).toMatchObject([
      { content: [{ kind: 'text', text: 'оттуда' }] },
    ]);
  });

  it('reads a pressed button with its label, and answers it', async () => {
    const buttons = [[{ type: 'callback', text: 'Да', payload: 'yes' }]];
    const message = messageOf(1, { attachments: [{ type: 'inline_keyboard', payload: { buttons } }] });
    const { inbound } = receive(
      updateOf('message_callback', {
        callback: { callback_id: 'c1', payload: 'yes', user: userOf(ANN) },
        message: { ...message, recipient: { chat_id: chatOf(ANN), chat_type: 'dialog' } },
      }),
    );
    expect(inbound).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes', text: 'Да' }], sender: { externalUser: '7' } },
    ]);
    await connector.acknowledge?.('c1');
    expect(fake.requests.map(({ path }) => path)).toContain('/answers');
  });

  it('reads a start by a link, an edit and a removal', () => {
    const started = { chat_id: chatOf(ANN), user: userOf(ANN), payload: 'okno_abc' };
    expect(receive(updateOf('bot_started', started)).inbound).toMatchObject([
      { type: 'start', payload: 'okno_abc', sender: { externalThread: CHAT } },
    ]);
    const edited = messageOf(ANN, { text: 'иначе', mid: 'mid.5' });
    expect(receive(updateOf('message_edited', { message: edited })).inbound).toMatchObject([
      { type: 'edit', externalId: 'mid.5', content: [{ kind: 'text', text: 'иначе' }] },
    ]);
    const removed = { message_id: 'mid.5', chat_id: chatOf(ANN), user_id: ANN };
    expect(receive(updateOf('message_removed', removed)).inbound).toMatchObject([
      { type: 'delete', externalId: 'mid.5', sender: { externalThread: CHAT } },
    ]);
  });

  it('keeps what is stale apart, and reads it again when somebody asks', () => {
    const old = { ...textUpdate(ANN, 'давно'), timestamp: Date.now() - 48 * 3_600_000 };
    const { inbound, quarantine } = receive(old);
    expect([inbound.length, quarantine?.[0]?.reason]).toEqual([0, 'stale']);
    expect(connector.retranslate?.(quarantine?.[0]?.raw ?? '').inbound).toHaveLength(1);
  });

  it('takes nothing by webhook where no secret was set', () => {
    const headers = { 'x-max-bot-api-secret': '' };
    const body = Buffer.from(JSON.stringify(textUpdate(ANN, 'hi')));
    const polling = connect({ webhookSecret: '' });
    expect(polling.receive({ method: 'POST', url: '/', headers, body }).authentic).toBe(false);
  });
});

describe('polling', () => {
  it('passes a batch only after it was stored', async () => {
    const controller = new AbortController();
    const polling = connect({ webhookSecret: '' });
    fake.subscriptions.set('https://old.example/hook', {});
    fake.push(textUpdate(ANN, 'раз'));
    host.failure = new Error('the store is away');
    await expect(polling.listen?.(controller.signal)).rejects.toThrow('the store is away');
    host.failure = undefined;
    const listening = polling.listen?.(controller.signal);
    await host.until(() => host.inbound.length === 1);
    fake.push(textUpdate(ANN, 'два'));
    await host.until(() => host.inbound.length === 2);
    controller.abort();
    await listening;
    // Polling gets nothing while a webhook is subscribed.
    expect(fake.subscriptions.size).toBe(0);
  });
});

describe('a shared contact', () => {
  const shared = (user_id: number) => {
    const max_info = { ...userOf(user_id), user_id };
    const payload = { vcf_info: 'BEGIN:VCARD\nTEL;TYPE=cell:79160000001\nFN:Анна\nEND:VCARD', max_info };
    return created({ attachments: [{ type: 'contact', payload }] }).inbound;
  };

  it('is said to be another person’s where the account is, and never to be the sender’s own', () => {
    const person = { kind: 'contact', name: 'Анна', phone: '79160000001' };
    expect(shared(ANN)).toMatchObject([{ content: [person] }]);
    expect(shared(ANN)).not.toMatchObject([{ content: [{ ownNumber: expect.anything() }] }]);
    expect(shared(ANN + 1)).toMatchObject([{ content: [{ ...person, ownNumber: false }] }]);
  });
});

describe('what goes out', () => {
  const choices = [{ id: 'yes', text: 'Да' }];

  it('sends a text with buttons as an answer, edits and removes it', async () => {
    const sent = await send({ kind: 'text', text: 'Верно?', choices }, 'mid.9');
    if (sent.outcome !== 'accepted' || !sent.externalId) throw new Error(sent.outcome);
    expect(last()).toMatchObject({
      text: 'Верно?',
      link: { type: 'reply', mid: 'mid.9' },
      attachments: [{ payload: { buttons: [[{ type: 'callback', text: 'Да', payload: 'yes' }]] } }],
    });
    const target = { externalThread: CHAT, externalId: sent.externalId };
    const part = { kind: 'text', text: 'Готово', key: KEY, externalThread: CHAT } as const;
    expect(await connector.edit?.(target, part, signal())).toMatchObject({ outcome: 'accepted' });
    expect(last()).toMatchObject({ text: 'Готово', attachments: [] });
    expect(await connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    expect(fake.messages.size).toBe(0);
    // The answer to a first deletion may be lost: a second one finds nothing, and that is what was wanted.
    expect(await connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    expect(await connector.edit?.(target, part, signal())).toEqual({
      outcome: 'rejected',
      reason: 'max-not.found',
    });
  });

  it.each([
    ['image', 'image/png', { photos: { key: { token: 'upload-0' } } }],
    ['file', 'application/pdf', { token: 'upload-0' }],
    ['video', 'video/mp4', { token: 'early-video' }],
    ['audio', 'audio/mpeg', { token: 'early-audio' }],
  ] as const)('uploads a %s and sends it with its caption', async (kind, type, payload) => {
    const id = 'm1' as MediaId;
    host.media.set(id, Buffer.from('bytes of a file'));
    const media: OutgoingMedia = { kind, media: { id, type, size: 15 }, caption: 'вот', name: 'a.bin' };
    expect(await send({ kind: 'media', media: [media] })).toMatchObject({ outcome: 'accepted' });
    expect(last()).toMatchObject({ text: 'вот', attachments: [{ type: kind, payload }] });
    expect(fake.files.get('upload-0')?.toString()).toContain('bytes of a file');
  });

  it('sends a place with its words', async () => {
    await send({ kind: 'location', latitude: 55, longitude: 37, title: 'Офис', address: 'Тверская, 1' });
    expect(last()).toMatchObject({ text: 'Офис\nТверская, 1', attachments: [{ type: 'location' }] });
  });

  it.each([
    [400, 'proto.payload', { outcome: 'rejected', reason: 'max-proto.payload' }],
    [403, 'chat.denied', { outcome: 'rejected', reason: 'max-chat.denied' }],
    [404, 'chat.not.found', { outcome: 'rejected', reason: 'max-chat.not.found' }],
    [400, 'attachment.not.ready', { outcome: 'retry', reason: 'attachment-not-ready', afterMs: 2_000 }],
    [429, 'too.many.requests', { outcome: 'retry', scope: 'thread', afterMs: 1_000 }],
    [503, 'service.unavailable', { outcome: 'retry', reason: 'http-503' }],
  ])('takes %i %s for what it is', async (status, code, outcome) => {
    fake.refuseNext(status, code);
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject(outcome);
  });

  it('waits with the whole channel where the token is refused, and says so', async () => {
    connector = connect({ token: 'another' });
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject({ outcome: 'retry', scope: 'channel' });
    expect((await connector.health?.(signal()))?.findings).toEqual([{ problem: 'unauthorized' }]);
  });

  it('tries again where nobody was there', async () => {
    const gone = await startFakeMax();
    await gone.stop();
    connector = connect({ apiRoot: gone.url });
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject({ outcome: 'retry' });
  });
});

describe('beside messages', () => {
  it('says how the channel is, and knows the bot’s link then', async () => {
    expect(connector.startLink?.('okno_x')).toBeUndefined();
    expect(await connector.health?.(signal())).toEqual({
      account: '@bank_bot',
      findings: [{ problem: 'webhook-missing' }],
    });
    expect(connector.startLink?.('okno_x')).toBe('https://max.ru/bank_bot?start=okno_x');
    const controller = new AbortController();
    const listening = connector.listen?.(controller.signal);
    await fake.until(() => fake.subscriptions.size === 1);
    expect(fake.subscriptions.get(host.webhookUrl)).toMatchObject({ secret: SECRET });
    expect((await connector.health?.(signal()))?.findings).toEqual([]);
    controller.abort();
    await listening;
  });

  it('subscribes its webhook again when MAX has dropped it, and leaves it alone while it is there', async () => {
    const controller = new AbortController();
    const api = createMaxApi({ token: fake.token, apiRoot: fake.url }, fetch);
    const webhook = { url: 'https://bank.example/max', secret: SECRET };
    const keeping = keepSubscribed(api, webhook, controller.signal, 1);
    const asked = (method: string) =>
      fake.requests.filter((one) => one.method === method && one.path === '/subscriptions').length;
    await fake.until(() => fake.subscriptions.has(webhook.url) && asked('GET') > 3);
    expect(asked('POST')).toBe(1);
    fake.subscriptions.delete(webhook.url);
    await fake.until(() => fake.subscriptions.has(webhook.url));
    expect([asked('POST'), fake.subscriptions.get(webhook.url)]).toMatchObject([2, { secret: SECRET }]);
    controller.abort();
    await keeping;
  });

  it('shows typing', async () => {
    await connector.typing?.(CHAT);
    expect(fake.requests.at(-1)).toMatchObject({
      path: `/chats/${CHAT}/actions`,
      body: { action: 'typing_on' },
    });
  });

  it('fetches files from MAX only', async () => {
    fake.files.set('a', Buffer.from('абв'));
    const limits = { maxBytes: 100 };
    const fetched = await connector.download?.(`${fake.url}/files/a`, limits, signal());
    expect(fetched).toMatchObject({ outcome: 'file', bytes: Buffer.from('абв') });
    for (const url of ['http://169.254.169.254/latest', 'https://oneme.ru.evil.example/a'])
      expect(await connector.download?.(url, limits, signal())).toEqual({
        outcome: 'refused',
        reason: 'foreign-host',
      });
  });
});
