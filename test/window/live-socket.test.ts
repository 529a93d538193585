import { createServer } from 'node:net';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { backoffMs } from '../../gateway/web/backoff.ts';
import { createLiveSocket, type LiveSocket, type LiveState } from '../../gateway/web/live-socket.ts';
import { soon } from './soon.ts';

// Node 20 has no WebSocket of its own; that of ws has the same shape.
vi.stubGlobal('WebSocket', NodeWebSocket);
afterAll(() => void vi.unstubAllGlobals());

let server: WebSocketServer | undefined;
let socket: LiveSocket | undefined;
afterEach(() => {
  socket?.close();
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
});

async function serve(port = 0): Promise<number> {
  server = new WebSocketServer({ port, host: '127.0.0.1' });
  await new Promise((resolve) => server?.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function open(port: number, silenceMs = 60_000) {
  const states: LiveState[] = [];
  const frames: unknown[] = [];
  socket = createLiveSocket<unknown>({
    connect: () => {
      const connection = new WebSocket(`ws://127.0.0.1:${port}`);
      // A browser's is content without it.
      connection.onerror = () => undefined;
      return connection;
    },
    parse: (frame) => (typeof frame === 'object' && frame !== null && 'ok' in frame ? frame : undefined),
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    random: () => 0,
    silenceMs,
  });
  return { states, frames, socket };
}
const sendToAll = (text: string) => {
  for (const client of server?.clients ?? []) client.send(text);
};

describe('the live socket', () => {
  it('comes back by itself after a cut', async () => {
    const { states } = open(await serve());
    await soon(() => expect(states).toEqual(['open']));
    for (const client of server?.clients ?? []) client.terminate();
    await soon(() => expect(states).toEqual(['open', 'lost', 'open']));
  });

  it('comes back when the server does', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => free.close(resolve));
    const { states } = open(port);
    await soon(() => expect(states).toEqual(['lost']));
    await serve(port);
    await soon(() => expect(states).toEqual(['lost', 'open']));
  });

  it('takes silence for a dead connection', async () => {
    const { states } = open(await serve(), 100);
    await soon(() => expect(states.slice(0, 3)).toEqual(['open', 'lost', 'open']));
  });

  it('passes over what it cannot read or does not know', async () => {
    const { frames, states } = open(await serve());
    await soon(() => expect(states).toEqual(['open']));
    for (const text of ['{', '"text"', '{"type":"news"}', '{"ok":1}']) sendToAll(text);
    await soon(() => expect(frames).toEqual([{ ok: 1 }]));
  });

  it('says that nothing was sent while it is not open', async () => {
    const { socket: live, states } = open(await serve());
    expect(live.send({})).toBe(false);
    await soon(() => expect(states).toEqual(['open']));
    expect(live.send({})).toBe(true);
  });
});

describe('the back-off', () => {
  it('grows to half a minute and is spread', () => {
    expect(backoffMs(0, 0)).toBe(250);
    expect(backoffMs(0, 1)).toBe(500);
    expect(backoffMs(3, 1)).toBe(4000);
    expect(backoffMs(50, 1)).toBe(30_000);
    expect(backoffMs(50, 0)).toBe(15_000);
  });
});
