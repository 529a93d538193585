import { describe, expect, it } from 'vitest';
import { serveSocket } from '../../../../gateway/connectors/webchat/socket.ts';
import { createUploads } from '../../../../gateway/connectors/webchat/uploads.ts';
import { createVisitors } from '../../../../gateway/connectors/webchat/visitors.ts';
import type { ChatClient } from '../chat-client.ts';
import { host, open, reopen, serverSide, startStage, text, time, visitor } from './stage.ts';

startStage();

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
