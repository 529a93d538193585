import type { RawData, WebSocket } from 'ws';
import { mediaKindOf } from '../../model/content.ts';
import { channelTitle } from '../../move-question.ts';
import type { ClientMessage } from '../client-view.ts';
import type { ConnectorHost, Received } from '../connector.ts';
import type { Sender } from '../inbound.ts';
import { type Allowance, createAllowance } from './allowance.ts';
import { Feed } from './feed.ts';
import {
  type ClientFrame,
  type ErrorCode,
  type FileFrame,
  type Hello,
  readFrame,
  type Said,
  type ServerFrame,
} from './frames.ts';
import type { CheckIdentity, Signed } from './identity.ts';
import {
  localeOf,
  senderOf,
  translateFile,
  translateMove,
  translateReceipts,
  translateSaid,
  withoutProof,
} from './inbound.ts';
import { newestWithin, offeredBy } from './outbound.ts';
import type { Upload, Uploads } from './uploads.ts';
import type { Visitor, Visitors } from './visitors.ts';

interface SocketNeeds {
  readonly host: ConnectorHost;
  readonly visitors: Visitors;
  readonly uploads: Uploads;
  /** True where one more visitor may come whom we do not know. */
  readonly admits: () => boolean;
  /** Undefined: this channel has no key, and no signed identity is valid. */
  readonly checkIdentity?: CheckIdentity | undefined;
  readonly pace?: Pace;
}

/** The times of a socket, in milliseconds. */
interface Pace {
  /** From the connection to its hello. */
  readonly helloMs: number;
  /** Between pings; who has not answered by the next one is gone. */
  readonly heartbeatMs: number;
}

const PACE: Pace = { helloMs: 10_000, heartbeatMs: 25_000 };
const SPEED = { burst: 60, perSecond: 20 };
/** So many bytes of a frame count as one more, since long texts take long to understand. */
const BYTES_OF_ONE = 2_048;
const MOST_OF_ONE = SPEED.burst / 2;
/** Frames refused one after another before the socket is closed. */
const MAX_REFUSED = 50;
/** Frames taken and not yet stored, before the socket is read no further. */
const MAX_WAITING = 16;
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;
const HISTORY_LINES = 200;
const HISTORY_BYTES = 1024 * 1024;

const REFUSALS = { retry: 'slow-down', refused: 'file-refused', 'over-bound': 'over-bound' } as const;

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and https://www.iana.org/assignments/websocket */
const POLICY = 1008;
const TRY_AGAIN_LATER = 1013;

/** Serves one visitor's page until either side closes. */
export function serveSocket(socket: WebSocket, needs: SocketNeeds): void {
  const session = new Session(socket, needs);
  const { helloMs, heartbeatMs } = needs.pace ?? PACE;
  const helloTimer = setTimeout(() => session.refuseSilence(), helloMs).unref();
  const heartbeat = setInterval(() => session.beat(), heartbeatMs).unref();
  socket.on('message', (data, isBinary) => session.hear(bufferOf(data), isBinary));
  socket.on('pong', () => session.alive());
  // ws closes the socket by itself after an error; without a listener the process would end.
  socket.on('error', (error) => needs.host.log.debug({ err: error }, 'a socket broke'));
  socket.on('close', () => {
    clearTimeout(helloTimer);
    clearInterval(heartbeat);
    session.end();
  });
}

/** Refuses a socket with its reason. */
export function refuseSocket(socket: WebSocket, code: ErrorCode): void {
  socket.on('error', () => {});
  socket.send(JSON.stringify({ type: 'error', code } satisfies ServerFrame));
  socket.close(POLICY, code);
}

interface Client {
  readonly sender: Sender;
  /** When the proof of the sender's identity ends. */
  readonly provedUntil: Date | undefined;
  readonly feed: Feed;
}

class Session {
  readonly #socket: WebSocket;
  readonly #needs: SocketNeeds;
  readonly #allowance: Allowance;
  #client: Client | undefined;
  #saidHello = false;
  #refused = 0;
  /** Frames take effect one after another, so that what was said first is stored first. */
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #hasFailed = false;
  #isAlive = true;
  #wasHeld = false;
  /** The file whose bytes come now. */
  #upload: Upload | undefined;

  constructor(socket: WebSocket, needs: SocketNeeds) {
    this.#socket = socket;
    this.#needs = needs;
    this.#allowance = createAllowance(SPEED, needs.host.now);
  }

  hear(data: Buffer, isBinary: boolean): void {
    // What was on its way when the socket was closed is not even read.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isAlive = true;
    if (isBinary && this.#upload) {
      this.#takeBytes(this.#upload, data);
      return;
    }
    const read = readFrame(data, isBinary);
    const frame = 'frame' in read ? read.frame : undefined;
    if (!this.#allowance.take(frame ? costOf(data.length) : 1)) {
      this.#slowDown(frame);
      return;
    }
    this.#refused = 0;
    if ('error' in read) this.#error(read.error, read.id);
    if (!this.#saidHello && frame?.type !== 'hello') {
      if (!('error' in read)) this.#error('hello-first');
      this.#socket.close(POLICY, 'hello-first');
      return;
    }
    if (frame?.type === 'hello' && this.#saidHello) this.#error('hello-twice');
    else if (frame?.type === 'file') this.#beginUpload(frame);
    else if (frame) this.#queue(frame);
  }

  alive(): void {
    this.#isAlive = true;
  }

  /** Ends a page that is gone or does not read; asks the others whether they are there. */
  beat(): void {
    const isHeld = this.#client?.feed.isHeld ?? false;
    if (!this.#isAlive || (isHeld && this.#wasHeld)) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#wasHeld = isHeld;
    this.#socket.ping();
  }

  refuseSilence(): void {
    if (this.#saidHello) return;
    this.#error('hello-first');
    this.#socket.close(POLICY, 'hello-first');
  }

  end(): void {
    this.#upload?.end();
    this.#client?.feed.stop();
  }

  #slowDown(frame: ClientFrame | undefined): void {
    this.#refused += 1;
    if (this.#refused > MAX_REFUSED) this.#socket.close(POLICY, 'slow-down');
    // Signals may be lost; what was said is to be sent again.
    else if (frame && 'id' in frame) this.#error('slow-down', frame.id);
    else if (!frame) this.#error('slow-down');
  }

  #queue(frame: Exclude<ClientFrame, FileFrame>): void {
    if (frame.type === 'hello') this.#saidHello = true;
    void this.#enqueue(() => this.#take(frame));
  }

  /** Resolves when the work is done, or will not be. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    if (this.#waiting >= MAX_WAITING) this.#socket.pause();
    this.#work = this.#work
      .then(() => (this.#hasFailed ? undefined : work()))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#waiting < MAX_WAITING) this.#socket.resume();
      });
    return this.#work;
  }

  /** The store is away: the page comes back and sends again what was not stored. */
  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#needs.host.log.warn({ channel: this.#needs.host.channel, err: error }, 'a socket was put off');
    this.#socket.close(TRY_AGAIN_LATER, 'try again later');
  }

  async #take(frame: Exclude<ClientFrame, FileFrame>): Promise<void> {
    if (frame.type === 'hello') return this.#greet(frame);
    const client = this.#client;
    if (!client) return;
    const { host } = this.#needs;
    switch (frame.type) {
      case 'message':
      case 'location':
        return this.#say(frame, client);
      case 'choice':
        return this.#say(frame, client, await this.#labelOf(frame.choice, client));
      case 'typing':
        return host.signal(client.sender.externalThread, 'typing');
      case 'seen':
      case 'read': {
        const receipt = frame.type === 'read' ? 'read' : 'delivered';
        const messages = client.feed.take(receipt, frame.seq);
        if (messages.length > 0) await host.receive(translateReceipts(messages, receipt));
      }
    }
  }

  async #greet(hello: Hello): Promise<void> {
    const { host, checkIdentity } = this.#needs;
    const signed = hello.identity === undefined ? undefined : await checkIdentity?.(hello.identity);
    if (hello.identity !== undefined && !signed) this.#error('identity-refused');
    const known = await this.#knownVisitor(hello.token, signed);
    if (!known && !this.#needs.admits()) {
      this.#error('slow-down');
      this.#socket.close(TRY_AGAIN_LATER, 'too many new visitors');
      return;
    }
    const visitor = known ?? this.#needs.visitors.issue();
    const head = known ? ((await host.view.newest(known.id, 1)).at(-1)?.position ?? 0) : 0;
    // A position that the thread has not reached is not of this thread.
    const after = hello.after !== undefined && hello.after <= head ? hello.after : 0;
    const history =
      after === 0 && head > 0
        ? newestWithin(await host.view.newest(visitor.id, HISTORY_LINES), HISTORY_BYTES)
        : [];
    const feed = new Feed({
      view: host.view,
      thread: visitor.id,
      send: (frame, flushed) => this.#send(frame, flushed),
      waitingBytes: () => this.#socket.bufferedAmount,
    });
    const sender = senderOf(visitor.id, localeOf(hello.locale), signed);
    this.#client = { sender, provedUntil: signed?.until, feed };
    this.#send({ type: 'welcome', token: visitor.token, seq: head, maxFile: host.maxMediaBytes });
    feed.start(history, after);
    if (hello.move !== undefined) await this.#comeWith(hello.move, hello.agreed === true, sender);
    if (this.#socket.readyState !== this.#socket.OPEN) feed.stop();
  }

  /** Whoever sent the client this link may be somebody else: nothing is joined before the client agrees. */
  async #comeWith(link: string, isAgreed: boolean, sender: Sender): Promise<void> {
    const { host } = this.#needs;
    const look = await host.lookAtLink(link, sender);
    if (look.state !== 'open') {
      this.#send({ type: 'move', state: look.state });
    } else if (isAgreed) {
      await host.receive(translateMove(link, sender));
      this.#send({ type: 'move', state: 'moved' });
    } else {
      const { channel, contact } = look.from;
      const title = channelTitle(channel, sender.locale ?? 'ru');
      this.#send({ type: 'move', state: 'ask', channel: title, ...(contact !== undefined && { contact }) });
    }
  }

  /** The visitor of a token of ours. A token that this customer does not own is another customer's, left in the browser. */
  async #knownVisitor(token: unknown, signed: Signed | undefined): Promise<Visitor | undefined> {
    const { host, visitors } = this.#needs;
    const visitor = visitors.read(token);
    if (!visitor) return undefined;
    const isKnown = visitors.wasIssued(visitor) || (await host.view.newest(visitor.id, 1)).length > 0;
    if (!isKnown) return undefined;
    const owner = signed && (await host.customerOf(visitor.id));
    return owner && owner !== signed.customer ? undefined : visitor;
  }

  #beginUpload(frame: FileFrame): void {
    const { uploads, host } = this.#needs;
    if (this.#upload) this.#error('bad-frame', frame.id);
    else if (frame.size > host.maxMediaBytes) this.#error('too-large', frame.id);
    else {
      const visitor = this.#client?.sender.externalUser;
      const late = () => this.#socket.close(TRY_AGAIN_LATER, 'too slow');
      const upload = visitor === undefined ? undefined : uploads.begin(frame, visitor, late);
      this.#upload = upload;
      if (upload && visitor !== undefined) void this.#enqueue(() => this.#admit(upload, visitor));
      else this.#error('slow-down', frame.id);
    }
  }

  /** Asks for the bytes where the day's bounds leave room for them. */
  async #admit(upload: Upload, visitor: string): Promise<void> {
    const { id, size } = upload.frame;
    if (await this.#needs.host.hasRoomFor(size, visitor)) {
      this.#send({ type: 'ready', id });
      return;
    }
    upload.end();
    this.#upload = undefined;
    this.#error('over-bound', id);
  }

  #takeBytes(upload: Upload, bytes: Buffer): void {
    const added = upload.add(bytes);
    if (added === 'over') this.#socket.close(POLICY, 'bad-frame');
    if (added !== 'whole') return;
    this.#upload = undefined;
    const said = this.#enqueue(async () => {
      if (this.#client) await this.#sayFile(upload, this.#client);
    });
    // Also where nothing is done any more, since what came before could not be stored.
    void said.finally(() => upload.end());
  }

  async #sayFile(upload: Upload, client: Client): Promise<void> {
    const { host } = this.#needs;
    const { frame } = upload;
    const { externalUser } = client.sender;
    const kept = await host.keepMedia(upload.bytes(), mediaKindOf(frame.mime), externalUser);
    if (kept.outcome !== 'kept') return this.#error(REFUSALS[kept.outcome], frame.id);
    const { hash, type, size } = kept;
    return this.#store(frame.id, client, (said, now) =>
      translateFile(frame, { hash, type, size }, said, now),
    );
  }

  #say(frame: Said, client: Client, label?: string): Promise<void> {
    return this.#store(frame.id, client, (said, now) => translateSaid(frame, said, now, label));
  }

  async #store(
    id: string,
    { sender, provedUntil }: Client,
    translate: (said: Sender, now: Date) => Received,
  ): Promise<void> {
    const { host } = this.#needs;
    const now = host.now();
    const isProved = provedUntil !== undefined && now < provedUntil;
    const said = isProved ? sender : withoutProof(sender);
    const [stored] = await host.receive(translate(said, now));
    if (stored?.outcome === 'stored' || stored?.outcome === 'duplicate') {
      const seq =
        stored.position ?? (await this.#find(sender, (message) => message.id === id))?.position ?? 0;
      this.#send({ type: 'stored', id, seq });
    } else this.#error('not-storable', id);
  }

  async #labelOf(choice: string, { feed, sender }: Client): Promise<string | undefined> {
    const shown = feed.labelOf(choice);
    if (shown !== undefined) return shown;
    const offer = await this.#find(sender, (message) => offeredBy(message).some(({ id }) => id === choice));
    return offer && offeredBy(offer).find(({ id }) => id === choice)?.text;
  }

  async #find(
    { externalThread }: Sender,
    isSought: (message: ClientMessage) => boolean,
  ): Promise<ClientMessage | undefined> {
    const seen = await this.#needs.host.view.newest(externalThread, HISTORY_LINES);
    return seen.findLast((each): each is ClientMessage => each.type === 'message' && isSought(each));
  }

  #error(code: ErrorCode, id?: string): void {
    this.#send(id === undefined ? { type: 'error', code } : { type: 'error', code, id });
  }

  #send(frame: ServerFrame, flushed?: () => void): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame), () => flushed?.());
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
  }
}

function costOf(bytes: number): number {
  return Math.min(MOST_OF_ONE, 1 + Math.floor(bytes / BYTES_OF_ONE));
}

function bufferOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
