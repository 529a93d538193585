import type { ClientMessage, ClientSeen, ClientSignal, ClientView } from '../client-view.ts';
import type { ServerFrame } from './frames.ts';
import { offeredBy, renderMessage, renderRevision } from './outbound.ts';

interface FeedNeeds {
  readonly view: ClientView;
  readonly thread: string;
  /** `flushed` is called once the frame left the process. */
  readonly send: (frame: ServerFrame, flushed?: () => void) => void;
  /** Bytes that wait to leave the process. */
  readonly waitingBytes: () => number;
}

/** A reader with this much unread is fed no more until it has read. */
const MOST_WAITING_BYTES = 1024 * 1024;
const MAX_LABELS = 500;
const MAX_UNSEEN = 200;
/** One `seen` is the word on at most so many messages: the newest. */
const MAX_RECEIPTS = 50;

/** Shows the client's view on one socket, in order and each message once, no faster than it is read. */
export class Feed {
  readonly #needs: FeedNeeds;
  /** Of the last message shown. */
  #position = 0;
  #stopWatching: (() => void) | undefined;
  #isHeld = false;
  #isClosed = false;
  readonly #labels = new Map<string, string>();
  /** The newest messages of ours of which the page has not said that they came, and that they were read. */
  readonly #waiting = { delivered: new Map<string, number>(), read: new Map<string, number>() };
  /** The client's newest message, and how far an operator has certainly read. */
  #ownPosition = 0;
  #readTo = 0;

  constructor(needs: FeedNeeds) {
    this.#needs = needs;
  }

  /** True while the reader has not read what it was given. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Shows these messages, then everything after them, or after a position where there are none. */
  start(history: readonly ClientSeen[], after: number): void {
    this.#position = after;
    for (const seen of history) this.#show(seen);
    this.#watch();
  }

  stop(): void {
    this.#isClosed = true;
    this.#stopWatching?.();
  }

  /** What stood on a button that was shown here. */
  labelOf(choice: string): string | undefined {
    return this.#labels.get(choice);
  }

  /** The ids of the messages of ours, shown here up to a position, of which this is said for the first time. */
  take(receipt: 'delivered' | 'read', position: number): readonly string[] {
    const waiting = this.#waiting[receipt];
    const taken = [...waiting].flatMap(([id, at]) => (at <= position ? [id] : []));
    for (const id of taken) waiting.delete(id);
    return taken.slice(-MAX_RECEIPTS);
  }

  #watch(): void {
    if (this.#isClosed) return;
    const { view, thread } = this.#needs;
    let isMine = true;
    const stop = view.watch(thread, this.#position, (seen) => {
      if (isMine) this.#hear(seen);
    });
    this.#stopWatching = () => {
      isMine = false;
      stop();
    };
  }

  #hear(seen: ClientSeen | ClientSignal): void {
    if (seen.type !== 'message' && seen.type !== 'revision') {
      this.#needs.send(seen);
      if (seen.type === 'typing' && seen.from === 'operator') this.#showRead();
      return;
    }
    if (seen.position <= this.#position) return;
    this.#show(seen);
    if (this.#needs.waitingBytes() <= MOST_WAITING_BYTES) return;
    this.#isHeld = true;
    this.#stopWatching?.();
  }

  #show(seen: ClientSeen): void {
    this.#position = Math.max(this.#position, seen.position);
    if (seen.type === 'message') this.#showMessage(seen);
    else this.#needs.send(renderRevision(seen), () => this.#flushed());
  }

  #showMessage(message: ClientMessage): void {
    this.#remember(message);
    this.#needs.send(renderMessage(message), () => this.#flushed());
    if (message.from === 'client') this.#ownPosition = message.position;
    if (message.from === 'operator') this.#showRead();
  }

  /** Who writes to the client has read what stands before it. */
  #showRead(): void {
    if (this.#ownPosition <= this.#readTo) return;
    this.#readTo = this.#ownPosition;
    this.#needs.send({ type: 'receipt', seq: this.#readTo, state: 'read' });
  }

  #flushed(): void {
    if (!this.#isHeld || this.#needs.waitingBytes() > MOST_WAITING_BYTES / 2) return;
    this.#isHeld = false;
    this.#watch();
  }

  #remember(message: ClientMessage): void {
    if (message.from === 'client') return;
    for (const { id, text } of offeredBy(message)) {
      // Set anew, so that the newest stand last.
      this.#labels.delete(id);
      this.#labels.set(id, text);
    }
    for (const id of this.#labels.keys()) {
      if (this.#labels.size <= MAX_LABELS) break;
      this.#labels.delete(id);
    }
    for (const waiting of Object.values(this.#waiting)) {
      waiting.set(message.id, message.position);
      const [oldest] = waiting.keys();
      if (waiting.size > MAX_UNSEEN && oldest !== undefined) waiting.delete(oldest);
    }
  }
}
