import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import { vk } from '../../../gateway/connectors/vk/index.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { type FakeVk, startFakeVk } from '../../fakes/vk.ts';
import { eventOf, GROUP, type Json, messageOf, newMessage, SECRET } from '../../fakes/vk-events.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const ANN = 7;
const KEY = '0190b5a0-0000-7000-8000-000000000001:0' as `${DeliveryId}:${number}`;
const OTHER_KEY = '0190b5a0-0000-7000-8000-000000000001:1' as `${DeliveryId}:${number}`;
const HOUR_S = 3_600;
const signal = () => AbortSignal.timeout(5_000);
const nowS = () => Math.floor(Date.now() / 1_000);

let fake: FakeVk;
let host: MemoryHost;
let connector: Connector;

beforeEach(async () => {
  fake = await startFakeVk();
  host = memoryHost('vk');
  connector = connect();
});
afterEach(() => fake.stop());

function connect(more: { token?: string; apiRoot?: string; confirmation?: string } = {}): Connector {
  const given = { token: fake.token, apiRoot: fake.url, groupId: String(GROUP), secret: SECRET };
  return vk.connect(vk.settings.parse({ ...given, confirmation: 'c0nf1rm', ...more }), host);
}

function hand(event: unknown): Received {
  const body = Buffer.from(JSON.stringify(event));
  return connector.receive({ method: 'POST', url: '/', headers: {}, body });
}

function receive(event: Json): Extract<Received, { authentic: true }> {
  const received = hand(event);
  if (!received.authentic) throw new Error(received.reason);
  return received;
}

const said = (text: string, more: Json = {}) => receive(newMessage(messageOf(ANN, text, more)));
const press = (more: Json) =>
  receive(eventOf('message_event', { user_id: ANN, peer_id: ANN, event_id: 'e1', ...more }));

function send(part: FittedPart, replyTo?: string, key = KEY) {
  return connector.send({ ...part, key, externalThread: String(ANN), ...(replyTo && { replyTo }) }, signal());
}

const last = () => [...fake.messages.values()].at(-1);
const parametersOf = (method: string) => fake.requests.findLast((one) => one.method === method)?.parameters;

describe('what comes in', () => {
  const url = 'https://sun9-1.userapi.com/a.jpg';
  const photo = {
    type: 'photo',
    photo: {
      sizes: [
        { type: 's', url: `${url}?s`, width: 75 },
        { type: 'z', url, width: 1080 },
        { type: 'm', url: `${url}?m`, width: 130 },
      ],
    },
  };

  it.each([
    ['a text', 'привет', {}, [{ kind: 'text', text: 'привет' }]],
    ['a text as HTML writes it', '<b> "&amp;"', {}, [{ kind: 'text', text: '<b> "&amp;"' }]],
    [
      'a picture with words, the largest',
      'чек',
      { attachments: [photo] },
      [{ kind: 'image', source: url, caption: 'чек' }],
    ],
    [
      'a document',
      '',
      { attachments: [{ type: 'doc', doc: { url, title: 'счёт.pdf', size: 12, ext: 'pdf' } }] },
      [{ kind: 'file', source: url, name: 'счёт.pdf', size: 12 }],
    ],
    [
      'a voice note',
      '',
      { attachments: [{ type: 'audio_message', audio_message: { link_ogg: url, link_mp3: url } }] },
      [{ kind: 'audio', source: url, voice: true }],
    ],
    [
      'a sticker and a drawing',
      '',
      {
        attachments: [
          { type: 'sticker', sticker: { images: [{ url, width: 64 }] } },
          { type: 'graffiti', graffiti: { url } },
        ],
      },
      [
        { kind: 'sticker', source: url },
        { kind: 'image', source: url },
      ],
    ],
    [
      'a place',
      '',
      { geo: { type: 'point', coordinates: { latitude: 55.75, longitude: 37.61 } } },
      [{ kind: 'location', latitude: 55.75, longitude: 37.61 }],
    ],
    [
      'a link with its preview',
      'https://a.ru',
      { attachments: [{ type: 'link', link: { url: 'https://a.ru' } }] },
      [{ kind: 'text', text: 'https://a.ru' }],
    ],
    [
      'a link without words',
      '',
      { attachments: [{ type: 'link', link: { url: 'https://a.ru' } }] },
      [{ kind: 'text', text: 'https://a.ru' }],
    ],
    [
      'what was forwarded, also within another',
      'вот',
      { fwd_messages: [{ text: 'оттуда', fwd_messages: [{ text: 'издалека', attachments: [photo] }] }] },
      [
        { kind: 'text', text: 'вот' },
        { kind: 'text', text: 'оттуда' },
        { kind: 'image', source: url, caption: 'издалека' },
      ],
    ],
    ['what we do not know', '', { attachments: [{ type: 'poll' }] }, [{ kind: 'unsupported', what: 'poll' }]],
    ['an empty message', '', {}, [{ kind: 'unsupported', what: 'message' }]],
  ])('reads %s', (_what, text, more, content) => {
    expect(said(text, more).inbound).toMatchObject([
      { type: 'message', content, sender: { externalUser: '7', externalThread: '7', locale: 'ru' } },
    ]);
  });

  it('goes no deeper into what was forwarded than it should', () => {
    const nested = Array.from({ length: 2_000 }).reduce<Json>(
      (inner) => ({ text: 'x', fwd_messages: [inner] }),
      { text: 'the innermost' },
    );
    const { inbound, quarantine } = said('', nested);
    expect(quarantine).toBeUndefined();
    const [message] = inbound;
    expect(message?.type === 'message' && message.content.at(-1)).toEqual({
      kind: 'unsupported',
      what: 'forwarded',
    });
  });

  it('answers "ok" to what it keeps, and what the network wants to hear to a confirmation', () => {
    expect(said('привет').reply).toEqual({ status: 200, type: 'text/plain', body: 'ok' });
    expect(receive({ type: 'confirmation', group_id: GROUP }).reply?.body).toBe('c0nf1rm');
    connector = connect({ confirmation: '' });
    expect(hand({ type: 'confirmation', group_id: GROUP }).authentic).toBe(false);
  });

  it('knows an event by its id, and a message by its number', () => {
    const event = newMessage(messageOf(ANN, 'раз', { id: 42, reply_message: { id: 41 } }));
    expect(receive(event).inbound).toMatchObject([
      { dedupeKey: event.event_id, externalId: '42', replyTo: '41' },
    ]);
  });

  it('reads a pressed button with its label, and answers it', async () => {
    const payload = JSON.stringify({ choice: 'yes', label: 'Да' });
    for (const given of [payload, JSON.parse(payload)])
      expect(press({ payload: given }).inbound).toMatchObject([
        { content: [{ kind: 'choice', id: 'yes', text: 'Да' }], acknowledgement: '7 e1' },
      ]);
    await connector.acknowledge?.('7 e1');
    expect(parametersOf('messages.sendMessageEventAnswer')).toMatchObject({
      user_id: '7',
      peer_id: '7',
      event_id: 'e1',
    });
  });

  it('keeps a press of a button that is not ours as what it is', () => {
    expect(press({ payload: '{"command":"buy"}' }).inbound).toMatchObject([
      { content: [{ kind: 'unsupported', what: 'message_event' }] },
    ]);
  });

  it('reads a start by the button, and one by a link whose visitor wrote at once, the link once', () => {
    const start = { payload: '{"command":"start"}', ref: 'okno_abc' };
    expect(said('Начать', start).inbound).toMatchObject([{ type: 'start', payload: 'okno_abc' }]);
    const keys = ['раз', 'два'].map((text) => {
      const { inbound } = said(text, { ref: 'okno_abc' });
      expect(inbound).toMatchObject([{ type: 'start', payload: 'okno_abc' }, { type: 'message' }]);
      return inbound.map((one) => one.type !== 'receipt' && one.type !== 'piece' && one.dedupeKey);
    });
    expect(keys[0]?.[0]).toBe(keys[1]?.[0]);
    expect(keys[0]?.[1]).not.toBe(keys[1]?.[1]);
    expect(said('три', { ref: 'a ref with spaces' }).inbound).toMatchObject([{ type: 'message' }]);
  });

  it('reads an edit, and what was read', () => {
    expect(receive(eventOf('message_edit', messageOf(ANN, 'иначе', { id: 5 }))).inbound).toMatchObject([
      { type: 'edit', externalId: '5', content: [{ kind: 'text', text: 'иначе' }] },
    ]);
    const read = { from_id: ANN, peer_id: ANN, read_message_id: 9, conversation_message_id: 3 };
    expect(receive(eventOf('message_read', read)).inbound).toEqual([
      { type: 'receipt', externalId: '9', externalThread: '7', receipt: 'read' },
    ]);
  });

  it.each([
    ['our own message', eventOf('message_reply', messageOf(ANN, 'x', { from_id: -GROUP, out: 1 }))],
    ['our own edit', eventOf('message_edit', messageOf(ANN, 'x', { from_id: -GROUP, out: 1 }))],
    ['what a colleague read', eventOf('message_read', { from_id: -GROUP, peer_id: ANN, read_message_id: 9 })],
    ['typing', eventOf('message_typing_state', { from_id: ANN, to_id: -GROUP, state: 'typing' })],
    ['leave to write', eventOf('message_allow', { user_id: ANN, key: '' })],
  ])('takes %s as no word of a client', (_what, event) => {
    const { inbound, quarantine } = receive(event);
    expect([inbound, quarantine]).toEqual([[], undefined]);
  });

  it.each([
    ['stale', -25],
    ['future-dated', 2],
  ])('keeps what is %s apart without the secret, and reads it again when somebody asks', (reason, hours) => {
    const { inbound, quarantine } = said('давно', { date: nowS() + hours * HOUR_S });
    expect([inbound.length, quarantine?.[0]?.reason]).toEqual([0, reason]);
    expect(quarantine?.[0]?.raw).not.toContain(SECRET);
    expect(connector.retranslate?.(quarantine?.[0]?.raw ?? '').inbound).toHaveLength(1);
  });

  it('takes the time of an edit from the edit', () => {
    const date = nowS() - 25 * HOUR_S;
    const edited = (update_time: number) =>
      receive(eventOf('message_edit', messageOf(ANN, 'x', { date, update_time }))).inbound;
    expect([edited(nowS()).length, edited(date).length]).toEqual([1, 0]);
  });

  it('asks for settings that can work', () => {
    const given = { token: 't', groupId: '1', secret: 'short', confirmation: '' };
    expect(vk.settings.safeParse(given).success).toBe(false);
    expect(vk.settings.safeParse({ ...given, secret: SECRET, groupId: 'bank' }).success).toBe(false);
    expect(vk.settings.safeParse({ ...given, secret: SECRET }).success).toBe(true);
  });
});

describe('what goes out', () => {
  const choices = [{ id: 'yes', text: 'Да' }];

  it('sends a text with buttons as an answer, edits and removes it', async () => {
    const sent = await send({ kind: 'text', text: 'Верно?\n  & <так>', choices }, '9');
    if (sent.outcome !== 'accepted' || !sent.externalId) throw new Error(sent.outcome);
    const payload = JSON.stringify({ choice: 'yes', label: 'Да' });
    expect(last()).toMatchObject({
      text: 'Верно?\n  & <так>',
      replyTo: '9',
      keyboard: { inline: true, buttons: [[{ action: { type: 'callback', label: 'Да', payload } }]] },
    });
    const target = { externalThread: String(ANN), externalId: sent.externalId };
    const part = { kind: 'text', text: 'Готово', key: KEY, externalThread: String(ANN) } as const;
    expect(await connector.edit?.(target, part, signal())).toMatchObject({ outcome: 'accepted' });
    expect(last()).toEqual({ peer: '7', text: 'Готово' });
    expect(await connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    expect(fake.messages.size).toBe(0);
    expect(await connector.edit?.(target, part, signal())).toEqual({ outcome: 'rejected', reason: 'vk-909' });
    // The answer to a first deletion may be lost: a second one finds nothing, and that is what was wanted.
    expect(await connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    const other = await send({ kind: 'text', text: 'ещё' }, undefined, OTHER_KEY);
    if (other.outcome !== 'accepted' || !other.externalId) throw new Error(other.outcome);
    fake.refuseNext('messages.delete', 924);
    const kept = { externalThread: String(ANN), externalId: other.externalId };
    expect(await connector.remove?.(kept, signal(), KEY)).toEqual({ outcome: 'rejected', reason: 'vk-924' });
    expect(fake.messages.size).toBe(1);
  });

  it('asks VK once what a person is called, after their message is kept, and does without where it does not say', async () => {
    const { inbound } = said('привет');
    expect(inbound).toMatchObject([{ type: 'message', acknowledgement: String(ANN) }]);
    const asked = () => fake.requests.filter(({ method }) => method === 'users.get').length;
    fake.refuseNext('users.get', 6);
    await connector.acknowledge?.('8');
    fake.people.set(String(ANN), { id: ANN, first_name: 'Анна', last_name: 'Иванова' });
    await Promise.all([connector.acknowledge?.(String(ANN)), connector.acknowledge?.(String(ANN))]);
    await connector.acknowledge?.(String(ANN));
    // Of a page that is no more VK tells a word in the place of the name.
    await connector.acknowledge?.('9');
    expect([...host.names]).toEqual([[String(ANN), 'Анна Иванова']]);
    expect(asked()).toBe(3);
  });

  it('is known by its key when it comes again, and only then', async () => {
    const first = await send({ kind: 'text', text: 'раз' });
    expect(await send({ kind: 'text', text: 'раз' })).toEqual(first);
    expect(await send({ kind: 'text', text: 'раз' }, undefined, OTHER_KEY)).not.toEqual(first);
    expect(fake.saidTo(ANN)).toEqual(['раз', 'раз']);
  });

  it('lays out as many buttons as VK takes, and keeps long payloads within its limit', async () => {
    const ten = Array.from({ length: 10 }, (_, n) => ({ id: `${n}`.repeat(200), text: 'Кнопка'.repeat(6) }));
    expect(await send({ kind: 'text', text: 'Что?', choices: ten })).toMatchObject({ outcome: 'accepted' });
    const buttons = last()?.keyboard?.buttons.flat() ?? [];
    expect(buttons.map(({ action }) => JSON.parse(action.payload).choice)).toEqual(ten.map(({ id }) => id));
  });

  it.each([
    ['image', 'image/png', 'photo', `photo-${GROUP}_7_key`],
    ['file', 'application/pdf', 'file', `doc-${GROUP}_8`],
  ] as const)('uploads a %s and sends it with its caption', async (kind, type, field, attachment) => {
    const id = 'm1' as MediaId;
    host.media.set(id, Buffer.from('bytes of a file'));
    const media: OutgoingMedia = { kind, media: { id, type, size: 15 }, caption: 'вот', name: 'счёт.pdf' };
    expect(await send({ kind: 'media', media: [media] })).toMatchObject({ outcome: 'accepted' });
    expect(last()).toEqual({ peer: '7', text: 'вот', attachment });
    expect(fake.files.get(field)?.toString()).toBe('bytes of a file');
  });

  it('says what VK does not take, and tries an upload again that went wrong', async () => {
    const id = 'm1' as MediaId;
    host.media.set(id, Buffer.from('x'));
    const song: OutgoingMedia = {
      kind: 'file',
      media: { id, type: 'application/octet-stream', size: 1 },
      name: 'a.exe',
    };
    expect(await send({ kind: 'media', media: [song] })).toEqual({
      outcome: 'rejected',
      reason: 'file-refused',
    });
    fake.refuseNext('docs.save', 36);
    expect(await send({ kind: 'media', media: [{ ...song, name: 'a.pdf' }] })).toMatchObject({
      outcome: 'retry',
    });
    host.media.clear();
    expect(await send({ kind: 'media', media: [song] })).toEqual({ outcome: 'retry', reason: 'media-away' });
    expect(fake.messages.size).toBe(0);
  });

  it('sends a place with its words', async () => {
    await send({ kind: 'location', latitude: 55, longitude: 37, title: 'Офис', address: 'Тверская, 1' });
    expect(last()).toEqual({ peer: '7', text: 'Офис\nТверская, 1', place: ['55', '37'] });
  });

  it.each([
    [5, { outcome: 'retry', reason: 'unauthorized', scope: 'channel' }],
    [6, { outcome: 'retry', reason: 'too-many-requests', scope: 'channel', afterMs: 1_000 }],
    [9, { outcome: 'retry', reason: 'flood-control', scope: 'thread' }],
    [10, { outcome: 'retry', reason: 'vk-internal-error' }],
    [14, { outcome: 'retry', reason: 'captcha-needed' }],
    [36, { outcome: 'unknown', reason: 'vk-timeout' }],
    [901, { outcome: 'rejected', reason: 'vk-901' }],
    [911, { outcome: 'rejected', reason: 'vk-911' }],
    [914, { outcome: 'rejected', reason: 'vk-914' }],
  ])('takes error %i for what it is', async (code, outcome) => {
    fake.refuseNext('messages.send', code);
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject(outcome);
  });

  it('takes a trouble in front of VK for no word of VK', async () => {
    fake.fault(ANN, { kind: 'refuse', status: 503, retryAfterS: 7 });
    expect(await send({ kind: 'text', text: 'a' })).toEqual({
      outcome: 'retry',
      reason: 'http-503',
      afterMs: 7_000,
    });
  });

  it('tries again where nobody was there', async () => {
    const gone = await startFakeVk();
    await gone.stop();
    connector = connect({ apiRoot: gone.url });
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject({ outcome: 'retry' });
  });
});

describe('beside messages', () => {
  it.each([
    ['nothing, where the token may not know', undefined, []],
    ['that VK sends nothing to anybody', [], [{ problem: 'webhook-missing' }]],
    [
      'that VK sends elsewhere',
      [{ url: 'https://old.example', status: 'ok' }],
      [{ problem: 'webhook-elsewhere' }],
    ],
    ['that VK gave up', [{ status: 'failed' }], [{ problem: 'webhook-failing', detail: 'failed' }]],
    [
      'that the address is not confirmed',
      [{ status: 'unconfigured' }],
      [{ problem: 'webhook-missing', detail: 'unconfigured' }],
    ],
    ['nothing, where all is well', [{ status: 'ok' }], []],
  ])('finds %s', async (_what, servers, findings) => {
    fake.servers = servers?.map((one) => ({ url: host.webhookUrl, ...one }));
    expect(await connector.health?.(signal())).toEqual({ account: '@bank', findings });
  });

  it('finds a token that is refused, and one of another community', async () => {
    expect((await connect({ token: 'another' }).health?.(signal()))?.findings).toEqual([
      { problem: 'unauthorized' },
    ]);
    const given = { token: fake.token, apiRoot: fake.url, groupId: '5', secret: SECRET, confirmation: '' };
    const misled = vk.connect(vk.settings.parse(given), host);
    expect((await misled.health?.(signal()))?.findings).toMatchObject([{ problem: 'forbidden' }]);
  });

  it('shows typing, and knows its link at once', async () => {
    await connector.typing?.(String(ANN));
    expect(parametersOf('messages.setActivity')).toMatchObject({ peer_id: '7', type: 'typing' });
    expect(connector.startLink?.('okno_x')).toBe(`https://vk.me/club${GROUP}?ref=okno_x`);
  });

  it('fetches files from VK only', async () => {
    fake.files.set('a', Buffer.from('абв'));
    const limits = { maxBytes: 100 };
    const fetched = await connector.download?.(`${fake.url}/files/a`, limits, signal());
    expect(fetched).toMatchObject({ outcome: 'file', bytes: Buffer.from('абв') });
    for (const url of [
      'http://169.254.169.254/latest',
      'https://userapi.com.evil.example/a',
      'https://eviluserapi.com/a',
    ])
      expect(await connector.download?.(url, limits, signal())).toEqual({
        outcome: 'refused',
        reason: 'foreign-host',
      });
  });
});
