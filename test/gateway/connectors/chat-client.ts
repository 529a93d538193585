import { WebSocket } from 'ws';
import type { ServerFrame } from '../../../gateway/connectors/webchat/frames.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A page's side of the chat's socket. */
export interface ChatClient {
  readonly socket: WebSocket;
  /** Every frame that came, in order. */
  readonly frames: readonly ServerFrame[];
  /** Resolves with the close code once the socket is closed. */
  readonly closed: Promise<number>;
  send(frame: object): void;
  sendRaw(data: string | Buffer): void;
  /** Says hello and resolves with the welcome. */
  hello(fields?: object): Promise<FrameOf<'welcome'>>;
  /** The n-th frame of a type, counted from 1, when it has come. */
  nth<T extends ServerFrame['type']>(type: T, n: number): Promise<FrameOf<T>>;
  /** The first message of which it is true, when it has come. */
  message(isSought: (frame: FrameOf<'message'>) => boolean): Promise<FrameOf<'message'>>;
  /** Messages of the bank, in order. */
  heard(): readonly string[];
  until(condition: () => boolean, what: string, limitMs?: number): Promise<void>;
  close(): Promise<void>;
}

interface ChatClientOptions {
  readonly origin?: string;
}

/** Opens a socket; resolves when it is open. */
export async function openChat(url: string, { origin }: ChatClientOptions = {}): Promise<ChatClient> {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  const frames: ServerFrame[] = [];
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code);
      look();
    });
  });
  socket.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  const client: ChatClient = {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    async hello(fields = {}) {
      client.send({ type: 'hello', ...fields });
      return client.nth('welcome', 1);
    },
    async nth(type, n) {
      const of = () => frames.filter((frame): frame is FrameOf<typeof type> => frame.type === type);
      await client.until(() => of().length >= n, `the ${n}. frame "${type}"`);
      const found = of()[n - 1];
      if (!found) throw new Error('until resolved too early');
      return found;
    },
    async message(isSought) {
      const find = () =>
        frames.find((frame): frame is FrameOf<'message'> => frame.type === 'message' && isSought(frame));
      await client.until(() => find() !== undefined, 'the message');
      const found = find();
      if (!found) throw new Error('until resolved too early');
      return found;
    },
    heard: () =>
      frames.flatMap((frame) => (frame.type === 'message' && frame.from !== 'client' ? [frame.text] : [])),
    async until(condition, what, limitMs = 20_000) {
      if (condition()) return;
      await new Promise<void>((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          watchers.delete(watch);
        };
        const watch = () => {
          if (condition()) resolve();
          else if (socket.readyState === WebSocket.CLOSED)
            reject(new Error(`the socket closed before ${what}; frames: ${told(frames)}`));
          else return;
          end();
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`${what} did not come in ${limitMs} ms; frames: ${told(frames)}`));
        }, limitMs);
        watchers.add(watch);
        watch();
      });
    },
    async close() {
      socket.close();
      await closed;
    },
  };
  return client;
}

function told(frames: readonly ServerFrame[]): string {
  return frames.map((frame) => JSON.stringify(frame).slice(0, 120)).join(' ');
}
