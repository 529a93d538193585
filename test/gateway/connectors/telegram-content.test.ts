import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import type { Inbound } from '../../../gateway/connectors/inbound.ts';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import { telegram } from '../../../gateway/connectors/telegram/index.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const SECRET = 'a-secret_1';
const CHAT = 7;
const signal = () => AbortSignal.timeout(5_000);

let fake: FakeTelegram;
let host: MemoryHost;
let connector: Connector;

beforeEach(async () => {
  fake = await startFakeTelegram();
  fake.chats.open(CHAT);
  host = memoryHost('telegram');
  const settings = { token: fake.token, apiRoot: fake.url, webhookSecret: SECRET };
  connector = telegram.connect(telegram.settings.parse(settings), host);
});
afterEach(() => fake.stop());

/** What an update is translated to. */
function receive(update: object): Inbound {
  const received = connector.receive({
    method: 'POST',
    url: '/',
    headers: { 'x-telegram-bot-api-secret-token': SECRET },
    body: Buffer.from(JSON.stringify({ update_id: 1, ...update })),
  });
  if (!received.authentic || !received.inbound[0]) throw new Error(JSON.stringify(received));
  return received.inbound[0];
}

const chat = { id: CHAT, type: 'private' };
const from = { id: CHAT, first_name: 'Анна' };
const message = (content: object, id = 5) => ({
  message: { message_id: id, date: 1, chat, from, ...content },
});

describe('what a client sends', () => {
  // Shapes of https://core.telegram.org/bots/api#available-types
  it.each([
    [
      'a photo, in its largest size',
      {
        photo: [
          { file_id: 's', width: 1, height: 1 },
          { file_id: 'l', width: 9, height: 9, file_size: 99 },
        ],
        caption: 'чек',
      },
      { kind: 'image', source: 'l', type: 'image/jpeg', size: 99, caption: 'чек' },
    ],
    [
      'a document',
      { document: { file_id: 'd', file_name: 'договор.pdf', mime_type: 'application/pdf', file_size: 3 } },
      { kind: 'file', source: 'd', name: 'договор.pdf', type: 'application/pdf', size: 3 },
    ],
    [
      'an animation, which has a document beside it',
      { animation: { file_id: 'a', mime_type: 'video/mp4' }, document: { file_id: 'a' } },
      { kind: 'video', source: 'a', type: 'video/mp4' },
    ],
    [
      'a voice note',
      { voice: { file_id: 'v', duration: 2, mime_type: 'audio/ogg' } },
      { kind: 'audio', source: 'v', type: 'audio/ogg', voice: true },
    ],
    [
      'music',
      { audio: { file_id: 'm', mime_type: 'audio/mpeg' } },
      { kind: 'audio', source: 'm', type: 'audio/mpeg' },
    ],
    ['a video', { video: { file_id: 'v' } }, { kind: 'video', source: 'v' }],
    ['a round video', { video_note: { file_id: 'n' } }, { kind: 'video', source: 'n' }],
    [
      'a sticker',
      { sticker: { file_id: 's', emoji: '👍' } },
      { kind: 'sticker', source: 's', caption: '👍' },
    ],
    [
      'a place',
      { location: { latitude: 55.75, longitude: 37.62 } },
      { kind: 'location', latitude: 55.75, longitude: 37.62 },
    ],
    [
      'a venue, which has its location beside it',
      {
        location: { latitude: 1, longitude: 2 },
        venue: { location: { latitude: 1, longitude: 2 }, title: 'Офис', address: 'Тверская, 1' },
      },
      { kind: 'location', latitude: 1, longitude: 2, title: 'Офис', address: 'Тверская, 1' },
    ],
    [
      'their own number',
      { contact: { phone_number: '+79990000000', first_name: 'Анна', user_id: CHAT } },
      { kind: 'contact', name: 'Анна', phone: '+79990000000', ownNumber: true },
    ],
    [
      "somebody else's number",
      { contact: { phone_number: '+79990000001', first_name: 'Пётр', last_name: 'Ильин', user_id: 8 } },
      { kind: 'contact', name: 'Пётр Ильин', phone: '+79990000001', ownNumber: false },
    ],
  ])('takes %s', (_what, sent, content) => {
    expect(receive(message(sent))).toMatchObject({ type: 'message', externalId: '7:5', content: [content] });
  });

  it('keeps what it does not know, and what has another shape than documented, with the payload', () => {
    expect(receive(message({ poll: { id: '1' }, caption: 'вот' }))).toMatchObject({
      content: [
        { kind: 'unsupported', what: 'poll' },
        { kind: 'text', text: 'вот' },
      ],
      raw: { poll: { id: '1' } },
    });
    expect(receive(message({ photo: 'no photo' }))).toMatchObject({
      content: [{ kind: 'unsupported' }],
    });
  });

  it('tells which message is answered, and which album a part belongs to', () => {
    expect(
      receive(message({ text: 'да', reply_to_message: { message_id: 3, chat, text: 'Верно?' } })),
    ).toMatchObject({
      replyTo: '7:3',
    });
    expect(receive(message({ photo: [{ file_id: 'p' }], media_group_id: '42' }))).toMatchObject({
      album: '42',
    });
  });

  it('takes an edit as new words of its message', () => {
    const edited = { message_id: 5, date: 1, edit_date: 2, chat, from, text: 'нет' };
    expect(receive({ edited_message: edited })).toMatchObject({
      type: 'edit',
      externalId: '7:5',
      content: [{ kind: 'text', text: 'нет' }],
    });
  });

  it('takes a reaction as all that stand now', () => {
    const reaction = { chat, message_id: 5, user: from, date: 1, old_reaction: [] };
    const now = [
      { type: 'emoji', emoji: '👍' },
      { type: 'custom_emoji', custom_emoji_id: '1' },
    ];
    expect(receive({ message_reaction: { ...reaction, new_reaction: now } })).toMatchObject({
      type: 'reaction',
      externalId: '7:5',
      emoji: ['👍', '🔣'],
    });
    expect(receive({ message_reaction: { ...reaction, new_reaction: [] } })).toMatchObject({ emoji: [] });
  });

  it('asks Telegram for reactions, which it tells of only then', async () => {
    const stop = new AbortController();
    const listening = connector.listen?.(stop.signal);
    await fake.chats.until(() => fake.requests.some(({ method }) => method === 'setWebhook'), 'a webhook');
    stop.abort();
    await listening;
    const asked = fake.requests.find(({ method }) => method === 'setWebhook')?.parameters.allowed_updates;
    expect(asked).toContain('message_reaction');
  });
});

describe('what we send', () => {
  function media(
    kind: OutgoingMedia['kind'],
    type: string,
    more: Partial<OutgoingMedia> = {},
  ): OutgoingMedia {
    const id = `${kind}-${host.media.size}` as MediaId;
    const bytes = Buffer.from(`bytes of ${id}`);
    host.media.set(id, bytes);
    return { kind, media: { id, type, size: bytes.length }, ...more };
  }

  const send = (part: FittedPart, replyTo?: string) =>
    connector.send(
      { ...part, key: `${'d' as DeliveryId}:0`, externalThread: String(CHAT), ...(replyTo && { replyTo }) },
      signal(),
    );
  const sent = () => fake.chats.find(CHAT)?.messages.map((one) => one.sent) ?? [];

  it.each([
    ['image', 'image/png', 'photo', 'file.png'],
    ['file', 'application/pdf', 'document', 'file.pdf'],
    ['audio', 'audio/mpeg', 'audio', 'file.mpeg'],
    ['audio', 'audio/ogg', 'voice', 'file.ogg'],
    ['video', 'video/mp4', 'video', 'file.mp4'],
    ['sticker', 'image/webp', 'sticker', 'file.webp'],
  ] as const)('a %s of type %s by its method, whole', async (kind, type, what, fileName) => {
    const one = media(kind, type);
    expect(await send({ kind: 'media', media: [one] })).toMatchObject({
      outcome: 'accepted',
      externalId: '7:1',
    });
    expect(sent()).toMatchObject([{ what, fileName }]);
    expect(Buffer.from(sent()[0]?.bytes ?? []).toString()).toBe(`bytes of ${one.media.id}`);
  });

  it('a file with its name, caption and buttons, as an answer', async () => {
    const one = media('file', 'application/pdf', { name: 'Договор № 1.pdf', caption: 'Подпишите' });
    const choices = [{ id: 'yes', text: 'Подписать' }];
    await send({ kind: 'media', media: [one], choices }, '7:3');
    expect(fake.chats.find(CHAT)?.messages).toMatchObject([
      {
        text: 'Подпишите',
        buttons: [{ text: 'Подписать', data: 'yes' }],
        sent: { fileName: 'Договор № 1.pdf', caption: 'Подпишите', replyTo: 3 },
      },
    ]);
  });

  it('an album in one request, of which the first message counts', async () => {
    const album = [media('image', 'image/png', { caption: 'раз' }), media('video', 'video/mp4')];
    expect(await send({ kind: 'media', media: album })).toMatchObject({
      outcome: 'accepted',
      externalId: '7:1',
      otherIds: ['7:2'],
    });
    expect(sent()).toMatchObject([{ what: 'photo', caption: 'раз' }, { what: 'video' }]);
    expect(sent()[0]?.album).toBe(sent()[1]?.album);
    expect(fake.requests.filter(({ method }) => method === 'sendMediaGroup')).toHaveLength(1);
  });

  it('places and persons', async () => {
    await send({ kind: 'location', latitude: 1, longitude: 2 });
    await send({ kind: 'location', latitude: 1, longitude: 2, title: 'Офис', address: 'Тверская, 1' });
    await send({ kind: 'contact', name: 'Анна', phone: '+79990000000' });
    expect(sent()).toMatchObject([
      { what: 'location', details: { latitude: 1, longitude: 2 } },
      { what: 'venue', details: { title: 'Офис', address: 'Тверская, 1' } },
      { what: 'contact', details: { phone_number: '+79990000000', first_name: 'Анна' } },
    ]);
  });

  it('nothing where the bytes cannot be read, and tries again', async () => {
    const gone: OutgoingMedia = {
      kind: 'image',
      media: { id: 'gone' as MediaId, type: 'image/png', size: 1 },
    };
    expect(await send({ kind: 'media', media: [gone] })).toEqual({ outcome: 'retry', reason: 'media-away' });
    expect(sent()).toEqual([]);
  });

  it('an upload that is cut after it arrived is unknown', async () => {
    fake.fault({ method: 'sendPhoto', fault: { kind: 'cut-after' } });
    expect(await send({ kind: 'media', media: [media('image', 'image/png')] })).toMatchObject({
      outcome: 'unknown',
    });
  });

  it('new words, no words and a reaction on what was said', async () => {
    await send({ kind: 'text', text: 'Добрый день' });
    const target = { externalThread: String(CHAT), externalId: '7:1' };
    const part = {
      kind: 'text',
      text: 'Добрый вечер',
      key: 'd:0' as never,
      externalThread: String(CHAT),
    } as const;
    expect(await connector.edit?.(target, part, signal())).toMatchObject({ outcome: 'accepted' });
    expect(fake.saidTo(CHAT)).toEqual(['Добрый вечер']);
    // The same again, as after an answer that was lost.
    expect(await connector.edit?.(target, part, signal())).toMatchObject({ outcome: 'accepted' });
    expect(await connector.react?.(target, ['👍'], signal(), part.key)).toMatchObject({
      outcome: 'accepted',
    });
    expect(fake.chats.find(CHAT)?.messages).toMatchObject([{ reaction: ['👍'] }]);
    expect(await connector.remove?.(target, signal(), part.key)).toMatchObject({ outcome: 'accepted' });
    expect(fake.saidTo(CHAT)).toEqual([]);
    // The same again: what is gone is what was asked for.
    expect(await connector.remove?.(target, signal(), part.key)).toMatchObject({ outcome: 'accepted' });
  });
});

describe('a download', () => {
  const limits = { maxBytes: 1_000 };

  it('gives the bytes of a file', async () => {
    fake.files.set('f', { path: 'photos/файл 1.jpg', bytes: Buffer.from('pixels') });
    const got = await connector.download?.('f', limits, signal());
    expect(got?.outcome === 'file' && Buffer.from(got.bytes).toString()).toBe('pixels');
  });

  it('refuses what is too large, and reads no more than the limit of a server that understates it', async () => {
    fake.files.set('big', { path: 'big', bytes: Buffer.alloc(2_000) });
    expect(await connector.download?.('big', limits, signal())).toEqual({
      outcome: 'refused',
      reason: 'too-large',
    });
    fake.files.set('huge', { path: 'huge', bytes: Buffer.alloc(21 * 1024 * 1024) });
    expect(await connector.download?.('huge', { maxBytes: 1e9 }, signal())).toEqual({
      outcome: 'refused',
      reason: 'too-large',
    });
  });

  it('refuses what Telegram does not know, and a path on the disk of a local server', async () => {
    expect(await connector.download?.('nothing', limits, signal())).toEqual({
      outcome: 'refused',
      reason: 'bad-request',
    });
    fake.files.set('local', { path: '/var/lib/bot/1.jpg', bytes: Buffer.from('x') });
    expect(await connector.download?.('local', limits, signal())).toEqual({
      outcome: 'refused',
      reason: 'local-mode',
    });
  });

  it('tries again after a cut, a busy server and a limit', async () => {
    fake.files.set('f', { path: 'f', bytes: Buffer.from('x') });
    fake.fault({ method: 'getFile', fault: { kind: 'too-many', retryAfter: 3 } });
    expect(await connector.download?.('f', limits, signal())).toEqual({
      outcome: 'retry',
      reason: 'too-many-requests',
      afterMs: 3_000,
    });
    fake.fault({ method: 'file', fault: { kind: 'proxy-error', status: 502 } });
    expect(await connector.download?.('f', limits, signal())).toEqual({
      outcome: 'retry',
      reason: 'http-502',
    });
    fake.fault({ method: 'file', fault: { kind: 'cut-before' } });
    expect(await connector.download?.('f', limits, signal())).toMatchObject({ outcome: 'retry' });
  });
});
