import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { serveSocket } from '../../../../gateway/connectors/webchat/socket.ts';
import { createUploads } from '../../../../gateway/connectors/webchat/uploads.ts';
import { createVisitors } from '../../../../gateway/connectors/webchat/visitors.ts';
import { comeFrom, host, open, pass, reopen, serverSide, startStage } from './stage.ts';

startStage();

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

  it('takes two of the longest texts at once, and the next when they had time to be understood', async () => {
    const client = await open();
    await client.hello();
    pass(1_000);
    for (const id of ['m1', 'm2', 'm3']) client.send({ type: 'message', id, text: long(102_400) });
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'slow-down', id: 'm3' });
    expect(await client.nth('stored', 2)).toMatchObject({ id: 'm2' });
    pass(1_500);
    client.send({ type: 'message', id: 'm3', text: long(102_400) });
    expect(await client.nth('stored', 3)).toMatchObject({ id: 'm3' });
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
    pass(60_000);
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
    comeFrom('203.0.113.7');
    const [first, second, third] = [await open(), await open(), await open()];
    const { token } = await first.hello();
    await second.hello();
    third.send({ type: 'hello' });
    expect(await third.closed).toBe(1013);
    expect(third.frames).toEqual([{ type: 'error', code: 'slow-down' }]);
    const again = await open();
    expect((await again.hello({ token })).token).toBe(token);
    comeFrom('10.1.2.3');
    await (await open()).hello();
    comeFrom('203.0.113.7');
    pass(60_000);
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
