import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createUploads } from '../../../../gateway/connectors/webchat/uploads.ts';
import type { ChatClient } from '../chat-client.ts';
import { host, open, startStage } from './stage.ts';

startStage();

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
