import { connect, type Socket } from 'node:net';

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** It was sent a second time: the connection, which had rested for so long, was closed before a byte of an answer. */
  readonly againAfterRestMs?: number;
}

/**
 * A lean HTTP/1.1 client over kept-alive connections, one request at a time on each: what it costs is not the
 * subject's. More requests than connections wait for one.
 */
export interface HttpClient {
  /**
   * Rejects where the connection broke. One that was kept alive may be closed by the server in the moment in which it
   * is taken: what it carried is sent once more, on a new connection, as networks do with what they may repeat
   * (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1, https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2).
   */
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

/** What a connection carried when it was closed. */
interface Cut {
  readonly request: Request;
  /** How long the connection had rested before it; undefined where it was new, or an answer had begun. */
  readonly restedMs: number | undefined;
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
    else if (open < connections) sendOnNew(request);
    else waiting.push(request);
  }

  function sendOnNew(request: Request): void {
    open += 1;
    new Connection(connect(Number(port), hostname), next, gone).send(request);
  }

  function gone(connection: Connection, cut: Cut | undefined): void {
    open -= 1;
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (cut && cut.restedMs !== undefined && !isClosed) {
      sendOnNew(again(cut.request, cut.restedMs));
      return;
    }
    cut?.request.reject(new Error('the connection broke'));
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

function again(request: Request, againAfterRestMs: number): Request {
  return { ...request, resolve: (answered) => request.resolve({ ...answered, againAfterRestMs }) };
}

/** It waited for a connection until it was given up. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

class Connection {
  readonly #socket: Socket;
  #request: Request | undefined;
  #received = '';
  /** When it had answered last. */
  #restsSince: number | undefined;
  #restedMs: number | undefined;

  constructor(
    socket: Socket,
    next: (self: Connection) => void,
    gone: (self: Connection, cut: Cut | undefined) => void,
  ) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (part: string) => {
      this.#received += part;
      const answered = readAnswer(this.#received);
      if (!answered) return;
      this.#received = '';
      const request = this.#request;
      this.#request = undefined;
      this.#restsSince = performance.now();
      request?.resolve(answered);
      next(this);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      const request = this.#request;
      const restedMs = this.#received === '' ? this.#restedMs : undefined;
      gone(this, request && { request, restedMs });
    });
  }

  send(request: Request): void {
    this.#request = request;
    if (this.#restsSince !== undefined) this.#restedMs = performance.now() - this.#restsSince;
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
