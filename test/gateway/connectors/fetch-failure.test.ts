import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FetchFailure, readFetchFailure } from '../../../gateway/connectors/fetch-failure.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}/`);
    });
  });
}

async function failureOf(url: string, init?: RequestInit): Promise<FetchFailure> {
  try {
    const response = await fetch(url, { method: 'POST', body: 'x', ...init });
    await response.text();
  } catch (error) {
    return readFetchFailure(error);
  }
  throw new Error('the request did not fail');
}

describe('before a connection stands', () => {
  it('knows that a refused connection carried nothing', async () => {
    const url = await listen(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await failureOf(url)).toEqual({ mayHaveArrived: false, reason: 'ECONNREFUSED' });
  });

  it('knows that a name without an address carried nothing', async () => {
    const failure = await failureOf('http://no-such-host.invalid/');
    expect(failure.mayHaveArrived).toBe(false);
    expect(failure.reason).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  it('knows that no address of several was reached', () => {
    const refused = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' });
    const cause = new AggregateError([refused('ECONNREFUSED'), refused('ENETUNREACH')]);
    expect(readFetchFailure(new TypeError('fetch failed', { cause }))).toEqual({
      mayHaveArrived: false,
      reason: 'ECONNREFUSED',
    });
  });

  it('takes the connect timeout of undici for not arrived', () => {
    const cause = Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    expect(readFetchFailure(new TypeError('fetch failed', { cause })).mayHaveArrived).toBe(false);
  });
});

describe('once a connection stood', () => {
  it('cannot tell after a reset', async () => {
    const url = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const failure = await failureOf(url);
    expect(failure.mayHaveArrived).toBe(true);
    expect(failure.reason).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
  });

  it('cannot tell after the other side hung up without an answer', async () => {
    const url = await listen((socket) => socket.once('data', () => socket.end()));
    expect(await failureOf(url)).toEqual({ mayHaveArrived: true, reason: 'UND_ERR_SOCKET' });
  });

  it('cannot tell after giving up', async () => {
    const controller = new AbortController();
    const url = await listen((socket) => socket.once('data', () => controller.abort()));
    expect(await failureOf(url, { signal: controller.signal })).toEqual({
      mayHaveArrived: true,
      reason: 'AbortError',
    });
  });

  it('cannot tell after an answer that broke off', async () => {
    const url = await listen((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok"', () => socket.destroy());
      }),
    );
    expect((await failureOf(url)).mayHaveArrived).toBe(true);
  });

  it('cannot tell where one address of several got further than its connect', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'read' });
    const cause = new AggregateError([refused, reset]);
    expect(readFetchFailure(new TypeError('fetch failed', { cause })).mayHaveArrived).toBe(true);
  });

  it('cannot tell from an error that it does not know', () => {
    expect(readFetchFailure('odd')).toEqual({ mayHaveArrived: true, reason: 'unknown-error' });
  });
});
