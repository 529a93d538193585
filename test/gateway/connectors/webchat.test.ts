import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import { webchat } from '../../../gateway/connectors/webchat/index.ts';
import { serveSocket } from '../../../gateway/connectors/webchat/socket.ts';
import { createUploads } from '../../../gateway/connectors/webchat/uploads.ts';
import { createVisitors } from '../../../gateway/connectors/webchat/visitors.ts';
import { type ChatClient, openChat } from './chat-client.ts';
import { type MemoryHost, memoryHost } from './host.ts';

let host: MemoryHost;
let server: Server;
let sockets: WebSocketServer;
let serverSide: WebSocket[];
let connector: Connector;
let clients: ChatClient[];
let time: Date;
/** The address that pages come from. */
let from: string;

const key = Buffer.alloc(32, 7);
const IDENTITY = { identityKey: key.toString('base64url') };

/** Serves sockets as the hub does. */
async function serve(settings: object = {}, onSocket?: (socket: WebSocket) => void): Promise<void> {
  connector = webchat.connect(webchat.settings.parse(settings), host);
  server = createServer();
  serverSide = [];
  sockets = new WebSocketServer({ server, maxPayload: 256 * 1024 });
  sockets.on('connection', (socket, request) => {
    serverSide.push(socket);
    if (onSocket) onSocket(socket);
    else connector.socket?.(socket, { origin: request.headers.origin, ip: from, url: request.url ?? '' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function open(origin?: string): Promise<ChatClient> {
  const { port } = server.address() as AddressInfo;
  const client = await openChat(`ws://127.0.0.1:${port}/`, origin === undefined ? {} : { origin });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  time = new Date('2026-11-23T10:00:00Z');
  from = '127.0.0.1';
  host = memoryHost('webchat', () => time);
  clients = [];
  await serve();
});
afterEach(async () => {
  for (const client of clients) client.socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

async function reopen(settings: object, onSocket?: (socket: WebSocket) => void): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
  await serve(settings, onSocket);
}

/** The hub's name for the visitor who spoke last. */
function visitor(): string {
  const last = host.inbound.findLast((one) => one.type === 'message');
  return last?.type === 'message' ? last.sender.externalUser : '';
}

const text = (said: string) => [{ kind: 'text' as const, text: said }];

describe('hello', () => {
  it('gives a visitor a token of 256 random bits, each another', async () => {
    const [one, two] = [await (await open()).hello(), await (await open()).hello()];
    expect(Buffer.from(one.token, 'base64url')).toHaveLength(32);
    expect(one.token).not.toBe(two.token);
    expect(one.seq).toBe(0);
  });

  it('knows the visitor by the hash of the token, and never stores or logs the token', async () => {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    expect(visitor()).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify([host.batches, host.logged])).not.toContain(token);
  });

  it('goes on with the same visitor after a reconnect, written or not', async () => {
    const { token } = await (await open()).hello();
    const second = await open();
    expect(await second.hello({ token })).toEqual({ type: 'welcome', token, seq: 0, maxFile: 1_000_000 });
    second.send({ type: 'message', id: 'm1', text: 'привет' });
    const { seq } = await second.nth('stored', 1);
    await reopen({});
    expect(await (await open()).hello({ token })).toEqual({
      type: 'welcome',
      token,
      seq,
      maxFile: 1_000_000,
    });
  });

  it.each([
    ['made up', 'A'.repeat(43)],
    ['too short', 'abc'],
    ['no text', 42],
    ['a customer', '000001'],
  ])('gives a new token for one that is %s', async (_what, token) => {
    expect((await (await open()).hello({ token })).token).not.toBe(token);
  });

  it('comes first: anything else is answered with an error and the end', async () => {
    for (const first of [
      '{"type":"message","id":"1","text":"a"}',
      '{"type":"dance"}',
      'no json',
      '[]',
      '{"type":"hello","after":-1}',
    ]) {
      const client = await open();
      client.sendRaw(first);
      expect(await client.closed).toBe(1008);
      expect(client.frames).toMatchObject([{ type: 'error' }]);
    }
    expect(host.inbound).toEqual([]);
  });

  it('is waited for only so long', async () => {
    await reopen({}, (socket) =>
      serveSocket(socket, {
        host,
        visitors: createVisitors(),
        uploads: createUploads(),
        admits: () => true,
        pace: { helloMs: 20, heartbeatMs: 60_000 },
      }),
    );
    const client = await open();
    expect(await client.closed).toBe(1008);
    expect(client.frames).toEqual([{ type: 'error', code: 'hello-first' }]);
  });

  it('is said once', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'hello' });
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'hello-twice' });
  });

  it('may be followed at once by what the visitor wants to say', async () => {
    const client = await open();
    client.send({ type: 'hello', locale: 'ru-RU' });
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    expect(client.frames[0]?.type).toBe('welcome');
    expect(host.inbound).toMatchObject([{ sender: { locale: 'ru' } }]);
  });
});

describe('what was said before', () => {
  async function visitorWith(count: number): Promise<{ token: string; client: ChatClient; thread: string }> {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm0', text: 'привет' });
    await client.nth('stored', 1);
    for (let n = 1; n < count; n++)
      host.show(visitor(), { id: `b${n}`, from: 'bot', content: text(`ответ ${n}`) });
    await client.nth('message', count);
    return { token, client, thread: visitor() };
  }

  it('comes after the welcome, oldest first, and then what is said now', async () => {
    const { token, thread } = await visitorWith(3);
    const client = await open();
    const { seq } = await client.hello({ token });
    await client.nth('message', 3);
    host.show(thread, { id: 'b9', from: 'operator', content: text('Здравствуйте') });
    await client.nth('receipt', 1);
    expect(client.frames).toEqual([
      { type: 'welcome', token, seq, maxFile: 1_000_000 },
      { type: 'message', seq: 2, id: 'm0', from: 'client', text: 'привет', at: time.toISOString() },
      { type: 'message', seq: 4, id: 'b1', from: 'bot', text: 'ответ 1', at: time.toISOString() },
      { type: 'message', seq: 6, id: 'b2', from: 'bot', text: 'ответ 2', at: time.toISOString() },
      { type: 'message', seq: 8, id: 'b9', from: 'operator', text: 'Здравствуйте', at: time.toISOString() },
      // Whoever answers has read what the client wrote before.
      { type: 'receipt', seq: 2, state: 'read' },
    ]);
    expect(seq).toBe(6);
  });

  it('is only what came after the last seen', async () => {
    const { token } = await visitorWith(4);
    const client = await open();
    await client.hello({ token, after: 4 });
    await client.nth('message', 2);
    expect(client.heard()).toEqual(['ответ 2', 'ответ 3']);
  });

  it('is the newest 200 where nothing was seen, or where the last seen is not of this thread', async () => {
    const { token } = await visitorWith(230);
    for (const after of [undefined, 0, 99_999]) {
      const client = await open();
      await client.hello({ token, ...(after !== undefined && { after }) });
      await client.nth('message', 200);
      expect(client.heard()[0]).toBe('ответ 30');
      expect(client.heard().at(-1)).toBe('ответ 229');
    }
  });

  it('is less where the lines are long, so that nobody is sent tens of megabytes', async () => {
    const { token, thread } = await visitorWith(1);
    for (let n = 0; n < 60; n++)
      host.show(thread, { id: `b${n}`, from: 'bot', content: text('я'.repeat(50_000)) });
    const client = await open();
    await client.hello({ token });
    host.show(thread, { id: 'last', from: 'bot', content: text('конец') });
    await client.until(() => client.heard().at(-1) === 'конец', 'the last message');
    expect(client.heard()).toHaveLength(11);
  });

  it('reaches a slow reader whole and in order, no faster than it reads', async () => {
    const { token, thread } = await visitorWith(2);
    const client = await open();
    const { seq } = await client.hello({ token });
    await client.nth('message', 2);
    client.socket.pause();
    for (let n = 0; n < 200; n++)
      host.show(thread, { id: `b${n}`, from: 'bot', content: text(`${n} ${'x'.repeat(100_000)}`) });
    expect(serverSide.at(-1)?.bufferedAmount).toBeLessThan(2 * 1024 * 1024);
    client.socket.resume();
    await client.nth('message', 202);
    expect(
      client
        .heard()
        .slice(-200)
        .map((said) => Number.parseInt(said, 10)),
    ).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(seq).toBeGreaterThan(0);
  });
});

describe('saying', () => {
  it('tells that a message is stored, with its place, after it is', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('stored', 1)).toEqual({ type: 'stored', id: 'm1', seq: 2 });
    expect(host.inbound).toMatchObject([
      {
        type: 'message',
        dedupeKey: `${visitor()}:m1`,
        clientId: 'm1',
        content: text('привет'),
        sender: { externalThread: visitor() },
      },
    ]);
  });

  it('tells the same place again for the same id, from any tab', async () => {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    const first = await client.nth('stored', 1);
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('stored', 2)).toEqual(first);
    const tab = await open();
    await tab.hello({ token });
    tab.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await tab.nth('stored', 1)).toEqual(first);
  });

  it('keeps the ids of two visitors apart', async () => {
    for (const client of [await open(), await open()]) {
      await client.hello();
      client.send({ type: 'message', id: 'm1', text: 'привет' });
      await client.nth('stored', 1);
    }
    expect(new Set(host.inbound.map((one) => (one.type === 'message' ? one.dedupeKey : ''))).size).toBe(2);
  });

  it('shows what one tab says in the other', async () => {
    const [one, two] = [await open(), await open()];
    const { token } = await one.hello();
    await two.hello({ token });
    one.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await two.nth('message', 1)).toMatchObject({ id: 'm1', from: 'client', text: 'привет' });
  });

  it('keeps the order in which a visitor spoke, however slow the store is', async () => {
    const client = await open();
    await client.hello();
    for (let n = 0; n < 40; n++) client.send({ type: 'message', id: `m${n}`, text: `${n}` });
    await client.nth('stored', 40);
    expect(host.inbound.map((one) => (one.type === 'message' ? one.clientId : ''))).toEqual(
      Array.from({ length: 40 }, (_, n) => `m${n}`),
    );
  });

  it('puts the label on a pressed button, where it was offered here or before', async () => {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    const choices = [{ id: 'yes', text: 'Да' }];
    host.show(visitor(), {
      id: 'b1',
      from: 'bot',
      content: [...text('Верно?'), { kind: 'choices', choices }],
    });
    expect(await client.nth('message', 2)).toMatchObject({ text: 'Верно?', choices });
    client.send({ type: 'choice', id: 'c1', choice: 'yes' });
    await client.nth('stored', 2);
    const later = await open();
    const { seq } = await later.hello({ token, after: 6 });
    later.send({ type: 'choice', id: 'c2', choice: 'yes' });
    later.send({ type: 'choice', id: 'c3', choice: 'never-offered' });
    await later.nth('stored', 2);
    expect(seq).toBe(6);
    expect(host.inbound.slice(1)).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes', text: 'Да' }] },
      { content: [{ kind: 'choice', id: 'yes', text: 'Да' }] },
      { content: [{ kind: 'choice', id: 'never-offered' }] },
    ]);
    expect(await later.nth('message', 1)).toMatchObject({ from: 'client', text: 'Да' });
  });

  it('hands buttons over with what they do, and takes a place as one; a place beyond the earth is none', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'где отделение?' });
    await client.nth('stored', 1);
    const choices = [
      { kind: 'link' as const, id: 'l', text: 'Карта', url: 'https://bank.example/map' },
      { kind: 'location' as const, id: 's', text: 'Я здесь' },
    ];
    host.show(visitor(), {
      id: 'b1',
      from: 'bot',
      content: [...text('Где вы?'), { kind: 'choices', choices }],
    });
    expect(await client.nth('message', 2)).toMatchObject({ choices });
    client.send({ type: 'location', id: 'p0', latitude: 155, longitude: 37.6 });
    expect(await client.nth('error', 1)).toMatchObject({ code: 'bad-frame', id: 'p0' });
    client.send({ type: 'location', id: 'p1', latitude: 55.75, longitude: 37.6 });
    await client.nth('stored', 2);
    expect(host.inbound.at(-1)).toMatchObject({
      dedupeKey: `${visitor()}:p1`,
      content: [{ kind: 'location', latitude: 55.75, longitude: 37.6 }],
    });
    const link = 'https://www.openstreetmap.org/?mlat=55.75&mlon=37.6#map=17/55.75/37.6';
    expect(await client.nth('message', 3)).toMatchObject({ from: 'client', text: link });
    // Its id is no answer: nobody pressed what only opens something.
    client.send({ type: 'choice', id: 'c1', choice: 'l' });
    await client.nth('stored', 3);
    expect(host.inbound.at(-1)).toMatchObject({ content: [{ kind: 'choice', id: 'l' }] });
    expect(host.inbound.at(-1)).not.toMatchObject({ content: [{ text: 'Карта' }] });
  });

  it('passes typing on, both ways', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    client.send({ type: 'typing' });
    await host.until(() => host.signals.length === 1);
    expect(host.signals).toEqual([visitor()]);
    host.showTyping(visitor(), 'operator');
    expect(await client.nth('typing', 1)).toEqual({ type: 'typing', from: 'operator' });
  });

  it('takes "seen" for the receipt of each message of ours up to there, once', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    for (const id of ['b1', 'b2', 'b3']) host.show(visitor(), { id, from: 'bot', content: text(id) });
    await client.nth('message', 4);
    for (const seq of [0, 6, 6, 99]) client.send({ type: 'seen', seq });
    await host.until(() => host.inbound.length === 4);
    expect(host.inbound.slice(1)).toEqual(
      ['b1', 'b2', 'b3'].map((externalId) => ({ type: 'receipt', externalId, receipt: 'delivered' })),
    );
  });

  it('takes "read" for more than "seen", and tells the client what an operator has certainly read', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    const { seq } = await client.nth('stored', 1);
    host.show(visitor(), { id: 'b1', from: 'bot', content: text('бот') });
    await client.nth('message', 2);
    client.send({ type: 'seen', seq: 99 });
    client.send({ type: 'read', seq: 99 });
    client.send({ type: 'read', seq: 99 });
    await host.until(() => host.inbound.length === 3);
    expect(host.inbound.slice(1)).toEqual(
      ['delivered', 'read'].map((receipt) => ({ type: 'receipt', externalId: 'b1', receipt })),
    );
    // A bot's answer says nothing of people; an operator who types has read, and is said to once.
    expect(client.frames.some(({ type }) => type === 'receipt')).toBe(false);
    host.showTyping(visitor(), 'operator');
    expect(await client.nth('receipt', 1)).toEqual({ type: 'receipt', seq, state: 'read' });
    host.show(visitor(), { id: 'o1', from: 'operator', content: text('здравствуйте') });
    client.send({ type: 'message', id: 'm2', text: 'ещё' });
    const second = await client.nth('stored', 2);
    await client.nth('message', 4);
    host.show(visitor(), { id: 'o2', from: 'operator', content: text('вижу') });
    expect(await client.nth('receipt', 2)).toEqual({ type: 'receipt', seq: second.seq, state: 'read' });
    expect(client.frames.filter(({ type }) => type === 'receipt')).toHaveLength(2);
  });

  it('hides secrets and shows what cannot be stored as such', async () => {
    const client = await open();
    await client.hello();
    client.sendRaw('{"type":"message","id":"m1","text":"a\\u0000b\\ud800c 4111111111111111"}');
    await client.nth('stored', 1);
    expect(host.inbound).toMatchObject([{ content: text('a\ufffdb\ufffdc •••• 1111') }]);
  });
});

describe('a file', () => {
  const send = (client: ChatClient, id: string, size: number) =>
    client.send({ type: 'file', id, name: 'скан.pdf', mime: 'application/pdf', size });

  it('is announced, received in pieces, kept, and stored like a message', async () => {
    const client = await open();
    expect((await client.hello()).maxFile).toBe(host.maxMediaBytes);
    send(client, 'f1', 7);
    expect(await client.nth('ready', 1)).toEqual({ type: 'ready', id: 'f1' });
    client.socket.send(Buffer.from('abc'));
    client.send({ type: 'message', id: 'm1', text: 'вот скан' });
    client.socket.send(Buffer.from('defg'));
    expect((await client.nth('stored', 2)).id).toBe('f1');
    const message = host.inbound.at(-1);
    const kept = {
      hash: createHash('sha256').update('abcdefg').digest('hex'),
      type: 'application/octet-stream',
      size: 7,
    };
    expect(message).toMatchObject({ content: [{ kind: 'file', name: 'скан.pdf', kept }] });
  });

  it('that is too large is refused before a byte of it, and more bytes than announced end the socket', async () => {
    const client = await open();
    await client.hello();
    send(client, 'f1', host.maxMediaBytes + 1);
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'too-large', id: 'f1' });
    send(client, 'f2', 3);
    await client.nth('ready', 1);
    const closed = once(client.socket, 'close');
    client.socket.send(Buffer.from('abcd'));
    expect((await closed)[0]).toBe(1008);
    expect(host.inbound).toEqual([]);
  });

  it('waits for its place where many come at once, and gets it when another is whole', async () => {
    const clients = await Promise.all(Array.from({ length: 9 }, () => open()));
    await Promise.all(clients.map((client) => client.hello()));
    for (const client of clients.slice(0, 8)) send(client, 'f', 3);
    await Promise.all(clients.slice(0, 8).map((client) => client.nth('ready', 1)));
    const [first, last] = [clients[0], clients[8]];
    if (!first || !last) throw new Error('there are nine');
    send(last, 'g', 3);
    expect(await last.nth('error', 1)).toEqual({ type: 'error', code: 'slow-down', id: 'g' });
    first.socket.send(Buffer.from('abc'));
    await first.nth('stored', 1);
    send(last, 'g', 3);
    await last.nth('ready', 1);
  });

  it('gives its place back where the store is away, so that others are received afterwards', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => open()));
    await Promise.all(clients.map((client) => client.hello()));
    for (const client of clients) send(client, 'f', 3);
    await Promise.all(clients.map((client) => client.nth('ready', 1)));
    host.failure = new Error('away');
    for (const client of clients) {
      client.send({ type: 'message', id: 'm1', text: 'ау' });
      client.socket.send(Buffer.from('abc'));
    }
    for (const client of clients) expect(await client.closed).toBe(1013);
    host.failure = undefined;
    const later = await open();
    await later.hello();
    send(later, 'g', 3);
    expect(await later.nth('ready', 1)).toEqual({ type: 'ready', id: 'g' });
  });

  it('is refused before a byte of it where the day has no room for it, and its place is free again', async () => {
    const client = await open();
    await client.hello();
    host.hasRoom = false;
    for (const id of ['f1', 'f2', 'f3']) send(client, id, 7);
    await client.until(
      () => client.frames.some((frame) => frame.type === 'error' && frame.id === 'f3'),
      'f3',
    );
    expect(client.frames).toContainEqual({ type: 'error', code: 'over-bound', id: 'f1' });
    expect(client.frames.some(({ type }) => type === 'ready')).toBe(false);
    host.hasRoom = true;
    send(client, 'f4', 7);
    expect(await client.nth('ready', 1)).toEqual({ type: 'ready', id: 'f4' });
  });

  it('takes as much memory as it has bytes, in however many pieces it comes', () => {
    const frame = { type: 'file', id: 'f', name: 'a', mime: '', size: 4 } as const;
    const upload = createUploads().begin(frame, 'v', () => {});
    if (!upload) throw new Error('there is a place');
    const memory = upload.bytes();
    for (const piece of ['', 'a', '', 'b', 'c', '']) expect(upload.add(Buffer.from(piece))).toBe('more');
    expect(upload.add(Buffer.from('de'))).toBe('over');
    expect(upload.add(Buffer.from('d'))).toBe('whole');
    expect(upload.bytes()).toBe(memory);
    expect(Buffer.from(memory).toString()).toBe('abcd');
    upload.end();
  });
});

describe('bad input', () => {
  const long = (bytes: number) => 'я'.repeat(bytes / 2);
  it.each([
    ['no JSON', 'hello', 'bad-json'],
    ['half of a JSON', '{"type":"mess', 'bad-json'],
    ['no object', '[1]', 'bad-frame'],
    ['a type that is none', '{"type":1}', 'bad-frame'],
    ['a field that is missing', '{"type":"message","text":"a"}', 'bad-frame'],
    ['a field of another kind', '{"type":"message","id":"m","text":1}', 'bad-frame', 'm'],
    ['a field that nobody knows', '{"type":"message","id":"m","text":"a","from":"bot"}', 'bad-frame', 'm'],
    ['an id that is too long', `{"type":"message","id":"${'m'.repeat(65)}","text":"a"}`, 'bad-frame'],
    ['an id with a null byte', '{"type":"message","id":"m\\u0000","text":"a"}', 'bad-frame'],
    ['an empty text', '{"type":"message","id":"m","text":" \\n "}', 'empty', 'm'],
    ['a text that is too long', `{"type":"message","id":"m","text":"${long(102_402)}"}`, 'too-large', 'm'],
    ['a frame that is too long', `{"type":"message","id":"m","text":"${long(131_072)}"}`, 'too-large', 'm'],
    ['a text of no width', '{"type":"message","id":"m","text":"\u200b\u2060\ufeff "}', 'empty', 'm'],
    ['a place that is none', '{"type":"seen","seq":1.5}', 'bad-frame'],
    ['the name of a prototype', '{"type":"constructor"}{', 'bad-json'],
  ])('answers %s with an error, and goes on', async (_what, raw, code, id?: string) => {
    const client = await open();
    await client.hello();
    client.sendRaw(raw);
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code, ...(id !== undefined && { id }) });
    client.send({ type: 'message', id: 'm9', text: long(102_400) });
    expect(await client.nth('stored', 1)).toMatchObject({ id: 'm9' });
  });

  it('answers bytes with an error', async () => {
    const client = await open();
    await client.hello();
    client.sendRaw(Buffer.from([1, 2, 3]));
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'bad-frame' });
  });

  it('ignores types that it does not know, also those named like what every object has', async () => {
    const client = await open();
    await client.hello();
    for (const type of ['dance', 'constructor', '__proto__', 'toString']) client.send({ type });
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    expect(client.frames.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('survives a frame that is longer than any socket takes', async () => {
    const client = await open();
    await client.hello();
    client.sendRaw('x'.repeat(300 * 1024));
    expect(await client.closed).toBe(1009);
    expect((await (await open()).hello()).type).toBe('welcome');
  });

  it('asks who speaks too fast to slow down, and forgets nothing that it took', async () => {
    const client = await open();
    await client.hello();
    for (let n = 0; n < 100; n++) client.send({ type: 'message', id: `m${n}`, text: 'быстро' });
    // The hello and 59 messages are the burst; time stands still.
    await client.until(() => client.frames.filter(({ type }) => type === 'error').length === 41, '41 errors');
    await client.nth('stored', 59);
    expect(client.frames.filter(({ type }) => type === 'error')).toContainEqual({
      type: 'error',
      code: 'slow-down',
      id: 'm99',
    });
    time = new Date(time.getTime() + 60_000);
    client.send({ type: 'message', id: 'm99', text: 'быстро' });
    expect(await client.nth('stored', 60)).toMatchObject({ id: 'm99' });
  });

  it('hangs up on who does not slow down', async () => {
    const client = await open();
    await client.hello();
    for (let n = 0; n < 400; n++) client.send({ type: 'typing' });
    expect(await client.closed).toBe(1008);
  });

  it('reads nothing more of a socket that it closed', async () => {
    const client = await open();
    await client.hello();
    const closing = once(serverSide[0] as WebSocket, 'close');
    for (let n = 0; n < 400; n++) client.socket.send('{{{');
    client.send({ type: 'message', id: 'late', text: 'ещё одно' });
    expect(await client.closed).toBe(1008);
    await closing;
    const refused = client.frames.filter(({ type }) => type === 'error').length;
    // A burst is answered, and fifty more; what comes behind is not.
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(200);
    expect(host.inbound).toEqual([]);
  });

  it('lets so many new visitors come from one address of the internet, and those whom it knows always', async () => {
    await reopen({ newVisitorsPerMinute: 2 });
    from = '203.0.113.7';
    const [first, second, third] = [await open(), await open(), await open()];
    const { token } = await first.hello();
    await second.hello();
    third.send({ type: 'hello' });
    expect(await third.closed).toBe(1013);
    expect(third.frames).toEqual([{ type: 'error', code: 'slow-down' }]);
    const again = await open();
    expect((await again.hello({ token })).token).toBe(token);
    from = '10.1.2.3';
    await (await open()).hello();
    from = '203.0.113.7';
    time = new Date(time.getTime() + 60_000);
    await (await open()).hello();
  });

  it('hangs up on a page that is gone', async () => {
    await reopen({}, (socket) =>
      serveSocket(socket, {
        host,
        visitors: createVisitors(),
        uploads: createUploads(),
        admits: () => true,
        pace: { helloMs: 60_000, heartbeatMs: 30 },
      }),
    );
    const client = await open();
    await client.hello();
    client.socket.pause();
    const [socket] = serverSide;
    await new Promise((resolve) => socket?.once('close', resolve));
    expect(socket?.readyState).toBe(3);
  });
});

describe('a page that does not read', () => {
  it('is hung up on, even where it speaks', async () => {
    await reopen({}, (socket) =>
      serveSocket(socket, {
        host,
        visitors: createVisitors(),
        uploads: createUploads(),
        admits: () => true,
        pace: { helloMs: 60_000, heartbeatMs: 100 },
      }),
    );
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    client.socket.pause();
    for (let n = 0; n < 200; n++)
      host.show(visitor(), { id: `b${n}`, from: 'bot', content: text('x'.repeat(100_000)) });
    const speaking = setInterval(() => client.send({ type: 'typing' }), 10);
    const [socket] = serverSide;
    await new Promise((resolve) => socket?.once('close', resolve));
    clearInterval(speaking);
    expect(socket?.readyState).toBe(3);
  });
});

describe('a store that is away', () => {
  it('puts the page off, so that it comes back and says it again', async () => {
    const client = await open();
    const { token } = await client.hello();
    host.failure = new Error('away');
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    client.send({ type: 'message', id: 'm2', text: 'ау' });
    expect(await client.closed).toBe(1013);
    host.failure = undefined;
    const again = await open();
    await again.hello({ token });
    again.send({ type: 'message', id: 'm1', text: 'привет' });
    await again.nth('stored', 1);
    expect(host.inbound).toHaveLength(1);
  });

  it('says so of a message that it cannot keep', async () => {
    const client = await open();
    await client.hello();
    host.outcome = { outcome: 'quarantined' };
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'not-storable', id: 'm1' });
  });
});

describe('origins', () => {
  const isLetIn = async (origin?: string): Promise<boolean> => {
    const client = await open(origin);
    client.send({ type: 'hello' });
    await client.until(() => client.frames.length > 0, 'an answer');
    if (client.frames[0]?.type === 'error')
      expect(client.frames).toEqual([{ type: 'error', code: 'origin' }]);
    return client.frames[0]?.type === 'welcome';
  };

  it('lets in the pages that the channel names, and who is no page', async () => {
    await reopen({ origins: ['https://bank.example', 'https://shop.example:8443/'] });
    expect(await isLetIn('https://bank.example')).toBe(true);
    expect(await isLetIn('https://shop.example:8443')).toBe(true);
    expect(await isLetIn()).toBe(true);
  });

  it.each([
    'https://bank.example.evil.com',
    'http://bank.example',
    'https://evil.com',
    'null',
    'https://localhost.evil.com',
  ])('refuses %s', async (origin) => {
    await reopen({ origins: ['https://bank.example'] });
    expect(await isLetIn(origin)).toBe(false);
  });

  it('lets in a page of this machine while the hub itself is reached there, and only then', async () => {
    expect(await isLetIn('http://localhost:3000')).toBe(true);
    expect(await isLetIn('http://127.0.0.1:8080')).toBe(true);
    Object.assign(host, { webhookUrl: 'https://chat.bank.example/channels/webchat/webhook' });
    await reopen({});
    expect(await isLetIn('http://localhost:3000')).toBe(false);
    expect(await isLetIn('https://chat.bank.example')).toBe(true);
  });

  it('refuses settings that are no origins', () => {
    for (const origin of ['*', 'bank.example', 'https://bank.example/chat', 'ftp://bank.example'])
      expect(webchat.settings.safeParse({ origins: [origin] }).success).toBe(false);
  });

  it('has no webhook', () => {
    const request = { method: 'POST', url: '/', headers: {}, body: Buffer.from('{}') };
    expect(connector.receive(request)).toMatchObject({ authentic: false });
  });
});

describe('a signed identity', () => {
  const sign = (claims: { sub?: string; aud?: string; life?: number } = {}, by: Uint8Array = key) => {
    const { sub = 'c-1', aud = 'webchat', life = 300 } = claims;
    const seconds = Math.floor(time.getTime() / 1000);
    return new SignJWT({ name: 'Анна' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setAudience(aud)
      .setExpirationTime(seconds + life)
      .sign(by);
  };
  const senderAfter = async (identity: unknown, token?: string) => {
    const client = await open();
    const welcome = await client.hello({ identity, ...(token && { token }) });
    client.send({ type: 'message', id: `m${clients.length}`, text: 'привет' });
    await client.nth('stored', 1);
    const last = host.inbound.at(-1);
    const refused = client.frames.some(
      (frame) => frame.type === 'error' && frame.code === 'identity-refused',
    );
    return { sender: last?.type === 'message' ? last.sender : undefined, refused, token: welcome.token };
  };
  const proof = { evidence: 'bank-authenticated', customer: 'c-1', how: 'signed-identity' };

  it('proves the customer', async () => {
    await reopen(IDENTITY);
    expect(await senderAfter(await sign())).toMatchObject({
      sender: { name: 'Анна', proof },
      refused: false,
    });
  });

  it('proves nothing any more once it is over, though the socket is still open', async () => {
    await reopen(IDENTITY);
    const client = await open();
    await client.hello({ identity: await sign({ life: 300 }) });
    const proofs: unknown[] = [];
    for (const [index, minutes] of [0, 4, 2].entries()) {
      time = new Date(time.getTime() + minutes * 60_000);
      client.send({ type: 'message', id: `m${index}`, text: 'привет' });
      await client.nth('stored', index + 1);
      const last = host.inbound.at(-1);
      proofs.push(last?.type === 'message' ? last.sender.proof : 'none came');
    }
    expect(proofs).toEqual([proof, proof, undefined]);
  });

  it('is taken from an ES256 key too, and the algorithm is the key’s to choose', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    await reopen({ identityKey: pem });
    const seconds = Math.floor(time.getTime() / 1000);
    const signed = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setSubject('c-1')
      .setAudience('webchat')
      .setExpirationTime(seconds + 60)
      .sign(privateKey);
    expect(await senderAfter(signed)).toMatchObject({ sender: { proof }, refused: false });
    // A public key is no secret: nobody may sign with it.
    expect(await senderAfter(await sign({}, Buffer.from(pem)))).toMatchObject({ refused: true });
  });

  it.each([
    ['signed by another', () => sign({}, Buffer.alloc(32, 8))],
    ['for another channel', () => sign({ aud: 'telegram' })],
    ['over', () => sign({ life: -60 })],
    ['good for longer than ten minutes', () => sign({ life: 700 })],
    ['of nobody', () => sign({ sub: '' })],
    ['unsigned', async () => `${(await sign()).split('.').slice(0, 2).join('.')}.`],
    [
      'without an algorithm',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1]}.`,
    ],
    ['no JWT', async () => 'abc'],
  ])('is refused when it is %s, and the visitor goes on unproved', async (_what, make) => {
    await reopen(IDENTITY);
    const after = await senderAfter(await make());
    expect(after.refused).toBe(true);
    expect(after.sender?.proof).toBeUndefined();
  });

  it('is refused where the channel has no key', async () => {
    expect(await senderAfter(await sign())).toMatchObject({ refused: true });
  });

  it('of another customer than the visitor’s begins another visitor, who sees nothing of the first', async () => {
    await reopen(IDENTITY);
    const first = await senderAfter(await sign());
    host.customers.set(first.sender?.externalUser ?? '', 'c-1');
    expect((await senderAfter(await sign(), first.token)).token).toBe(first.token);
    const other = await open();
    const welcome = await other.hello({ token: first.token, identity: await sign({ sub: 'c-2' }) });
    expect(welcome.token).not.toBe(first.token);
    expect(welcome.seq).toBe(0);
  });

  it('needs a key that is long enough', () => {
    expect(webchat.settings.safeParse({ identityKey: 'short' }).success).toBe(false);
    expect(webchat.settings.safeParse({ identityKey: '' }).success).toBe(true);
  });
});

describe('sending', () => {
  it('has nothing to do: what is committed is accepted', async () => {
    expect(webchat.capabilities.acceptance).toBe('commit');
    const part = { kind: 'text', key: 'a:0' as never, externalThread: 'x', text: 'y' } as const;
    expect(await connector.send(part, AbortSignal.timeout(1_000))).toEqual({ outcome: 'accepted' });
  });
});
