import { connect, type Socket } from 'node:net';

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/**
 * A lean HTTP/1.1 client over kept-alive connections, one request at a time on each: what it costs is not the
 * subject's. More requests than connections wait for one.
 */
export interface HttpClient {
  /** Rejects where the connection broke. */
  post(body: string): Promise<Answered>;
  /** Rejects what waits for a connection: it was never sent. */
  giveUpWaiting(): void;
  close(): void;
}

export interface HttpClientOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
}

interface Request {
  readonly bytes: string;
  resolve(answered: Answered): void;
  reject(error: Error): void;
}

export function createHttpClient({ url, headers = {}, connections }: HttpClientOptions): HttpClient {
  const { hostname, port, pathname, host } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  const idle: Connection[] = [];
  const waiting: Request[] = [];
  let open = 0;
  let isClosed = false;

  function next(connection: Connection): void {
    const request = waiting.shift();
    if (request) connection.send(request);
    else idle.push(connection);
  }

  function dispatch(request: Request): void {
    const free = idle.pop();
    if (free) free.send(request);
    else if (open < connections) {
      open += 1;
      new Connection(connect(Number(port), hostname), next, gone).send(request);
    } else waiting.push(request);
  }

  function gone(connection: Connection): void {
    open -= 1;
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    const request = isClosed ? undefined : waiting.shift();
    if (request) dispatch(request);
  }

  return {
    post(body) {
      const bytes = `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      return new Promise((resolve, reject) => dispatch({ bytes, resolve, reject }));
    },
    giveUpWaiting() {
      for (const request of waiting.splice(0)) request.reject(new NotSentError());
    },
    close() {
      isClosed = true;
      for (const connection of idle.splice(0)) connection.end();
    },
  };
}

/** It waited for a connection until it was given up. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

class Connection {
  readonly #socket: Socket;
  #request: Request | undefined;
  #received = '';

  constructor(socket: Socket, next: (self: Connection) => void, gone: (self: Connection) => void) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (part: string) => {
      this.#received += part;
      const answered = readAnswer(this.#received);
      if (!answered) return;
      this.#received = '';
      const request = this.#request;
      this.#request = undefined;
      request?.resolve(answered);
      next(this);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      gone(this);
      this.#request?.reject(new Error('the connection broke'));
    });
  }

  send(request: Request): void {
    this.#request = request;
    this.#socket.write(request.bytes);
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** The answer, once it is whole; bodies are counted by their length or end with the last chunk. */
function readAnswer(text: string): Answered | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const isWhole =
    length === undefined
      ? !/\r\ntransfer-encoding: *chunked/i.test(head) || text.endsWith('0\r\n\r\n')
      : text.length >= end + 4 + Number(length);
  if (!isWhole) return undefined;
  return { status: Number(head.slice(9, 12)), retryAfter: /\r\nretry-after: *(\S+)/i.exec(head)?.[1] };
}
