import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from './http-client.ts';

/** With the second that Node waits beyond what its server tells. */
const KEPT_ALIVE_MS = 1_001;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let server: Server | HttpServer;
let client: HttpClient;

afterEach(() => {
  client.close();
  server.close();
});

async function serve(made: Server | HttpServer): Promise<void> {
  server = made.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = createHttpClient({ url: `http://127.0.0.1:${port}/`, connections: 1 });
}

/** A server that does with the nth request on a connection as told; `connections` counts them. */
async function serveBy(answer: (socket: Socket, nth: number, connection: number) => void): Promise<void> {
  let connections = 0;
  await serve(
    createServer((socket) => {
      const connection = ++connections;
      let nth = 0;
      socket.on('data', () => answer(socket, ++nth, connection));
      socket.on('error', () => {});
    }),
  );
}

/** The whole process, the server's timers included. */
function stall(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

it('sends again what came to a resting connection as the server closed it', async () => {
  let taken = 0;
  await serve(
    createHttpServer({ keepAliveTimeout: 1 }, (_request, response) => {
      taken += 1;
      response.end('ok');
    }),
  );
  expect(await client.post('first')).toEqual({ status: 200, retryAfter: undefined });
  // In the kernel by now; but after a stall timers come before what there is to read, and the connection is closed.
  const second = client.post('second');
  stall(1.5 * KEPT_ALIVE_MS);
  expect(await second).toEqual({ status: 200, retryAfter: undefined, againAfterRestMs: expect.any(Number) });
  expect(taken).toBe(2);
});

it('sends it once more and no further', async () => {
  let requests = 0;
  await serveBy((socket, nth, connection) => {
    requests += 1;
    if (connection === 1 && nth === 1) socket.write(OK);
    else socket.destroy();
  });
  await client.post('first');
  await expect(client.post('second')).rejects.toThrow('the connection broke');
  expect(requests).toBe(3);
});

it('sends nothing again that broke with a new connection', async () => {
  let requests = 0;
  await serveBy((socket) => {
    requests += 1;
    socket.destroy();
  });
  await expect(client.post('first')).rejects.toThrow('the connection broke');
  expect(requests).toBe(1);
});

it('sends nothing again whose answer had begun', async () => {
  let requests = 0;
  await serveBy((socket, nth) => {
    requests += 1;
    if (nth === 1) socket.write(OK);
    else socket.write('HTTP/1.1 200', () => setTimeout(() => socket.destroy(), 10));
  });
  await client.post('first');
  await expect(client.post('second')).rejects.toThrow('the connection broke');
  expect(requests).toBe(2);
});

it('sends what waits for a connection after what is sent again', async () => {
  const bodies: string[] = [];
  await serve(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        bodies.push(data.toString().split('\r\n\r\n')[1] ?? '');
        if (bodies.length === 2) socket.destroy();
        else socket.write(OK);
      });
    }),
  );
  await client.post('first');
  await Promise.all([client.post('second'), client.post('third')]);
  expect(bodies).toEqual(['first', 'second', 'second', 'third']);
});
