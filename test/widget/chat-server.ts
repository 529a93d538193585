import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import type {
  ClientFrame,
  MessageFrame,
  ServerFrame,
} from '../../gateway/connectors/webchat/widget/frame/frames.ts';

/** Longest file that it takes, bytes. */
const MAX_FILE = 1024 * 1024;

/** How the hub takes what clients say. */
type Manner = 'store' | 'silent' | { readonly error: string };

interface Visitor {
  readonly token: string;
  readonly messages: MessageFrame[];
  readonly sockets: Set<WebSocket>;
}

/**
 * The hub's side of /channels/webchat/socket as the documentation describes it, in memory and at a test's command, and
 * the widget's files beside it under the policy that the hub gives them.
 */
export class ChatServer {
  readonly #app = fastify();
  readonly #heard = new EventEmitter();
  readonly #visitors = new Map<string, Visitor>();
  readonly frames: ClientFrame[] = [];
  manner: Manner = 'store';
  /** Connections are accepted. */
  isUp = true;
  #seq = 0;
  url = '';

  /** `widgetDir` is undefined for tests without a browser. */
  static async start(widgetDir?: string): Promise<ChatServer> {
    const server = new ChatServer();
    if (widgetDir !== undefined) await server.#serveWidget(widgetDir);
    const sockets = new WebSocketServer({ noServer: true });
    server.#app.server.on('upgrade', (request, socket, head) => {
      if (!server.isUp || !request.url?.startsWith('/channels/webchat/socket')) socket.destroy();
      else sockets.handleUpgrade(request, socket, head, (opened) => server.#serve(opened));
    });
    await server.#app.listen({ port: 0, host: '127.0.0.1' });
    server.url = `http://127.0.0.1:${(server.#app.server.address() as AddressInfo).port}`;
    return server;
  }

  async stop(): Promise<void> {
    this.drop();
    await this.#app.close();
  }

  /** Cuts every connection, as a lost network does. */
  drop(): void {
    for (const { sockets } of this.#visitors.values()) for (const socket of sockets) socket.terminate();
  }

  /** Forgets everybody, as a hub on an empty database. */
  forget(): void {
    this.drop();
    this.#visitors.clear();
    this.frames.length = 0;
    this.manner = 'store';
    this.isUp = true;
  }

  get connected(): number {
    return [...this.#visitors.values()].reduce((sum, { sockets }) => sum + sockets.size, 0);
  }

  /** The next frame of that type that comes from now on. */
  hears<T extends ClientFrame['type']>(type: T): Promise<Extract<ClientFrame, { type: T }>> {
    return new Promise((resolve) => {
      // It listens until then without a pause: two frames may come in one piece.
      const take = (frame: ClientFrame): void => {
        if (frame.type !== type) return;
        this.#heard.off('frame', take);
        resolve(frame as Extract<ClientFrame, { type: T }>);
      };
      this.#heard.on('frame', take);
    });
  }

  /** What clients said, in order of its arrival, each time it came. */
  get said(): string[] {
    return this.frames.flatMap((frame) =>
      frame.type === 'message' ? [frame.text] : frame.type === 'choice' ? [frame.choice] : [],
    );
  }

  /** Says something to every visitor. */
  says(from: MessageFrame['from'], text: string, more: Partial<MessageFrame> = {}): void {
    for (const visitor of this.#visitors.values()) this.#append(visitor, { from, text, ...more });
  }

  /** Sends a frame that is not a message to every page. */
  signals(frame: ServerFrame | { readonly type: string }): void {
    for (const { sockets } of this.#visitors.values()) {
      for (const socket of sockets) socket.send(JSON.stringify(frame));
    }
  }

  async #serveWidget(widgetDir: string): Promise<void> {
    this.#app.addHook('onSend', async (_request, reply) => {
      reply.header(
        'content-security-policy',
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'",
      );
      reply.header('cross-origin-resource-policy', 'cross-origin');
    });
    await this.#app.register(fastifyStatic, { root: widgetDir, prefix: '/widget/' });
    this.#app.get('/media/picture', (_request, reply) =>
      reply
        .type('image/svg+xml')
        .send(
          '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><circle r="30" cx="40" cy="30"/></svg>',
        ),
    );
    this.#app.get('/widget.js', (_request, reply) => reply.sendFile('widget.js', widgetDir));
  }

  #serve(socket: WebSocket): void {
    let visitor: Visitor | undefined;
    let file: { readonly frame: Extract<ClientFrame, { type: 'file' }>; got: number } | undefined;
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        if (!file || !visitor) throw new Error('bytes came without a file');
        file.got += (data as Buffer).length;
        if (file.got < file.frame.size) return;
        const { id, name, size } = file.frame;
        file = undefined;
        const files = [{ kind: 'file' as const, name, size, path: '/media/picture', isShown: false }];
        const stored =
          visitor.messages.find((message) => message.id === id) ??
          this.#append(visitor, { from: 'client', text: '', id, files });
        socket.send(JSON.stringify({ type: 'stored', id, seq: stored.seq }));
        return;
      }
      const frame = JSON.parse(String(data)) as ClientFrame;
      this.frames.push(frame);
      if (frame.type === 'hello') visitor = this.#welcome(socket, frame);
      else if (visitor && (frame.type === 'message' || frame.type === 'choice' || frame.type === 'location'))
        this.#take(visitor, socket, frame);
      else if (visitor && frame.type === 'file') {
        if (this.manner !== 'store' && this.manner !== 'silent')
          socket.send(JSON.stringify({ type: 'error', code: this.manner.error, id: frame.id }));
        else {
          file = { frame, got: 0 };
          if (this.manner === 'store') socket.send(JSON.stringify({ type: 'ready', id: frame.id }));
        }
      }
      this.#heard.emit('frame', frame);
    });
    socket.on('close', () => visitor?.sockets.delete(socket));
  }

  #welcome(socket: WebSocket, hello: Extract<ClientFrame, { type: 'hello' }>): Visitor {
    const known = this.#visitors.get(hello.token ?? '');
    const visitor = known ?? { token: randomUUID(), messages: [], sockets: new Set<WebSocket>() };
    this.#visitors.set(visitor.token, visitor);
    visitor.sockets.add(socket);
    const seq = visitor.messages.at(-1)?.seq ?? 0;
    socket.send(JSON.stringify({ type: 'welcome', token: visitor.token, seq, maxFile: MAX_FILE }));
    for (const message of visitor.messages) {
      if (message.seq > (hello.after ?? 0)) socket.send(JSON.stringify(message));
    }
    return visitor;
  }

  #take(
    visitor: Visitor,
    socket: WebSocket,
    frame: Extract<ClientFrame, { type: 'message' | 'choice' | 'location' }>,
  ): void {
    if (this.manner === 'silent') return;
    if (this.manner !== 'store') {
      socket.send(JSON.stringify({ type: 'error', code: this.manner.error, id: frame.id }));
      return;
    }
    const known = visitor.messages.find(({ id }) => id === frame.id);
    const text = this.#textOf(visitor, frame);
    const stored = known ?? this.#append(visitor, { from: 'client', text, id: frame.id });
    socket.send(JSON.stringify({ type: 'stored', id: frame.id, seq: stored.seq }));
  }

  #textOf(
    visitor: Visitor,
    frame: Extract<ClientFrame, { type: 'message' | 'choice' | 'location' }>,
  ): string {
    if (frame.type === 'location') return `https://maps.example/${frame.latitude}/${frame.longitude}`;
    return frame.type === 'message' ? frame.text : this.#label(visitor, frame.choice);
  }

  #label(visitor: Visitor, choice: string): string {
    const offered = visitor.messages.flatMap(({ choices }) => choices ?? []);
    return offered.find(({ id }) => id === choice)?.text ?? choice;
  }

  #append(visitor: Visitor, said: Pick<MessageFrame, 'from' | 'text'> & Partial<MessageFrame>): MessageFrame {
    // With gaps, as the thread's positions have.
    this.#seq += 3;
    const message: MessageFrame = {
      type: 'message',
      seq: this.#seq,
      id: randomUUID(),
      at: new Date().toISOString(),
      ...said,
    };
    visitor.messages.push(message);
    for (const socket of visitor.sockets) socket.send(JSON.stringify(message));
    return message;
  }
}
