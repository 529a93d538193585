import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** What the hub's channel speaks with: a Bot API that says yes to everything, as lean as it can be. */
export interface Network {
  readonly url: string;
  /** Called with each message that the bot says (https://core.telegram.org/bots/api#sendmessage). */
  onMessage: (chat: number, text: string) => void;
  stop(): void;
}

/** The network in this process. Chats told to be deaf are never answered. */
export interface ChannelApi extends Network {
  readonly deaf: Set<number>;
}

const ACCEPTED = answerOf('{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":1,"type":"private"}}}');
const DONE = answerOf('{"ok":true,"result":true}');

function answerOf(body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

export async function startChannelApi(): Promise<ChannelApi> {
  const sockets = new Set<Socket>();
  const deaf = new Set<number>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received: Buffer = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', (part) => {
      received = received.length === 0 ? part : Buffer.concat([received, part]);
      for (;;) {
        const request = readRequest(received);
        if (!request) return;
        received = received.subarray(request.bytes);
        answer(socket, request.path, request.body);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const api: ChannelApi = {
    url: '',
    onMessage() {},
    deaf,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };

  function answer(socket: Socket, path: string, body: string): void {
    if (!path.endsWith('/sendMessage')) {
      socket.write(DONE);
      return;
    }
    const { chat_id, text } = JSON.parse(body) as { chat_id: number | string; text: string };
    const chat = Number(chat_id);
    if (deaf.has(chat)) return;
    socket.write(ACCEPTED);
    api.onMessage(chat, text);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the channel API has no port');
  return Object.assign(api, { url: `http://127.0.0.1:${address.port}` });
}

interface ReadRequest {
  readonly path: string;
  readonly body: string;
  readonly bytes: number;
}

/** The first request in what came, once it is whole. */
function readRequest(received: Buffer): ReadRequest | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const start = end + 4;
  const path = head.split(' ', 2)[1] ?? '';
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunked(received, start, path);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  if (received.length < start + length) return undefined;
  return { path, body: received.toString('utf8', start, start + length), bytes: start + length };
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
function readChunked(received: Buffer, from: number, path: string): ReadRequest | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const line = received.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(received.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (received.length < next) return undefined;
    if (size === 0) return { path, body: Buffer.concat(parts).toString('utf8'), bytes: next };
    parts.push(received.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
