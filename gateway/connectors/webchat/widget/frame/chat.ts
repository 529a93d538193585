import type { Locale } from '../../../../model/contact.ts';
import {
  type Connection,
  type ConnectionState,
  createConnection,
  type OpenSocket,
  type Timers,
} from './connection.ts';
import { createFileSending, type FileSending, type OwnFile } from './file-sending.ts';
import { type Choice, createFrameReader, type MessageFrame, type Place, type ServerFrame } from './frames.ts';
import { createMoving, type MoveQuestion } from './moving.ts';
import { createOutbox, type Outbox, type Unsent } from './outbox.ts';
import { sendable } from './sendable.ts';
import { createSending, type Sending } from './sending.ts';
import type { FrameStorage } from './storage.ts';
import type { Entry, Transcript } from './transcript.ts';
import * as transcripts from './transcript.ts';
import { createVisitor, type Visitor } from './visitor.ts';

/** Says again that the client is typing at most so often, milliseconds. */
const TYPING_EVERY_MS = 3_000;
/** Without another word somebody is no longer typing, milliseconds. */
const TYPING_LASTS_MS = 6_000;
/** History that has not come by then is not waited for, milliseconds. */
const CATCH_UP_MS = 2_000;

export interface ChatState {
  /** `refused`: the hub does not let this page in; trying again at once will not mend it. */
  readonly link: 'connecting' | 'open' | 'lost' | 'refused';
  /** Past messages that the hub knows of have come; until then nothing is shown. */
  readonly isCaughtUp: boolean;
  readonly transcript: Transcript;
  readonly typing?: 'bot' | 'operator' | undefined;
  /** Who has the conversation, once the hub has told. */
  readonly answering?: 'bot' | 'people' | undefined;
  readonly unread: number;
  /** The question whether a dialogue begun elsewhere goes on here. */
  readonly move?: MoveQuestion | undefined;
  /** Longest file that the hub takes, bytes; known once it has welcomed us. */
  readonly maxFile?: number | undefined;
}

export interface ChatNeeds {
  readonly openSocket: OpenSocket;
  readonly storage: FrameStorage;
  readonly timers: Timers;
  readonly random: () => number;
  /** Milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly locale: Locale;
  readonly onChange: (state: ChatState) => void;
  /** Somebody else's message that came just now, not as history. */
  readonly onNews: (entry: Entry) => void;
  /** A message of the client's was refused. */
  readonly onFailure: () => void;
  /** The hub did not take the bank's signed word who the client is. */
  readonly onIdentityRefused: () => void;
}

/** The conversation as one page of the client's sees it: what was said, what waits to be sent, and the connection. */
export class Chat {
  readonly #needs: ChatNeeds;
  readonly #visitor: Visitor;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #sending: Sending;
  readonly #files: FileSending;
  #state: ChatState = { link: 'connecting', isCaughtUp: false, transcript: [], unread: 0 };
  #locale: Locale;
  /** The newest `seq` that came as a message: never from `stored`, which may run ahead of messages on their way. */
  #after = 0;
  /** The newest `seq` that the hub spoke of in its welcome. */
  #head = 0;
  readonly #moving = createMoving();
  #writtenAt = 0;
  #typedAt = Number.NEGATIVE_INFINITY;
  #cancelTyping = () => {};
  #cancelCatchUp = () => {};

  constructor(needs: ChatNeeds) {
    const { storage, timers } = needs;
    this.#needs = needs;
    this.#locale = needs.locale;
    this.#visitor = createVisitor(storage);
    this.#outbox = createOutbox(storage);
    this.#connection = createConnection({
      openSocket: needs.openSocket,
      read: createFrameReader(),
      hello: () => ({
        type: 'hello',
        ...this.#visitor.introduce(),
        after: this.#after,
        locale: this.#locale,
        ...this.#moving.introduce(),
      }),
      onFrame: (frame) => this.#hear(frame),
      onState: (state) => this.#follow(state),
      timers,
      random: needs.random,
    });
    this.#sending = createSending({
      outbox: this.#outbox,
      now: needs.now,
      send: (frame) => this.#connection.send(frame),
      onSilence: () => this.#connection.giveUp(),
      onHopeless: (unsent) => this.#refuse('unanswered', unsent.id),
      timers,
    });
    this.#files = createFileSending({
      send: (frame) => this.#connection.send(frame),
      sendBytes: (bytes) => this.#connection.sendBytes(bytes),
      onUnreadable: (id) => this.#refuse('unreadable', id),
      timers,
    });
  }

  get state(): ChatState {
    return this.#state;
  }

  /** Connects, and shows what was left unsent. */
  start(): void {
    this.#showUnsent();
    this.#connection.start();
  }

  /** Lets go of the connection, for a page that the browser puts aside; `start` takes it up again. */
  pause(): void {
    this.#connection.stop();
  }

  /** Tries to connect now instead of after the pause. */
  retryNow(): void {
    if (this.#state.link === 'refused') this.#change({ link: 'lost' });
    this.#connection.retryNow();
  }

  /** The connection may have died unnoticed, such as in a sleep: says hello anew. */
  refresh(): void {
    this.#connection.restart();
  }

  /** Says what the client wrote; nothing where it is empty. */
  say(text: string): void {
    const said = sendable(text);
    if (said !== '') this.#add({ text: said });
  }

  /** Sends a file. It waits for the connection as long as the page is open. */
  sendFile(file: OwnFile): void {
    const id = this.#needs.newId();
    const { name, size } = file;
    const files = [{ kind: 'file', name, size, isShown: false }] as const;
    const own: Entry = { id, text: '', files, at: this.#nextAt(), from: 'client', state: 'sending' };
    this.#change({ transcript: transcripts.withOwn(this.#state.transcript, own) });
    this.#files.add(id, file);
    this.#connection.retryNow();
  }

  choose({ id, text }: Choice): void {
    this.#add({ text, choice: id });
  }

  /** Says where the client is; `text` is what stands there until the hub has it. */
  sharePlace(place: Place, text: string): void {
    this.#add({ text, place });
  }

  /** Sends again what was refused. */
  retry(id: string): void {
    if (this.#files.has(id)) {
      this.#change({ transcript: transcripts.withState(this.#state.transcript, id, { state: 'sending' }) });
      this.#files.retry(id);
      this.#connection.retryNow();
      return;
    }
    const unsent = this.#unsent(id);
    if (!unsent) return;
    const { failure: _, ...again } = unsent;
    this.#change({ transcript: transcripts.withState(this.#state.transcript, id, { state: 'sending' }) });
    this.#sending.add({ ...again, at: Math.max(again.at, this.#needs.now()) });
    this.#connection.retryNow();
  }

  /** Takes back what was refused; its text is handed back, to be changed. */
  takeBack(id: string): string {
    const text = this.#unsent(id)?.text ?? '';
    this.#outbox.remove(id);
    this.#files.settle(id);
    this.#change({ transcript: transcripts.without(this.#state.transcript, id) });
    return text;
  }

  sayTyping(): void {
    const now = this.#needs.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    if (this.#connection.send({ type: 'typing' })) this.#typedAt = now;
  }

  /** The client has the newest message on the screen. */
  see(): void {
    const newest = transcripts.newestOfOthers(this.#state.transcript);
    if (newest <= this.#visitor.seen) return;
    this.#visitor.seen = newest;
    this.#connection.send({ type: 'seen', seq: newest });
    this.#connection.send({ type: 'read', seq: newest });
    this.#change({});
  }

  /** The bank's signed word who the client is; null forgets the conversation on this device. */
  identify(token: string | null): void {
    if (token === null) {
      this.#moving.forget();
      this.#visitor.signOut();
      this.#files.clear();
      this.#outbox.clear();
      this.#forget([]);
    } else if (!this.#visitor.identify(token)) return;
    this.#connection.restart();
  }

  /** The client came with a one-time link from another channel. Before `start`. */
  comeWith(moveLink: string): void {
    this.#moving.comeWith(moveLink);
  }

  /** The client's answer whether the dialogue of that link goes on here. */
  answerMove(isAgreed: boolean): void {
    if (isAgreed) this.#moving.agree();
    else this.#moving.forget();
    this.#change({ move: undefined });
    if (isAgreed) this.#connection.restart();
  }

  setLocale(locale: Locale): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#connection.restart();
  }

  /** Another tab of this browser has changed what is kept under this name. */
  keptChanged(name: string): void {
    if (name === 'seen') this.#change({});
    if (name !== 'token') return;
    const followed = this.#visitor.followTab();
    if (followed === 'same') return;
    this.#forget(followed === 'signed-out' ? [] : transcripts.onlyOwnUnsent(this.#state.transcript));
    this.#connection.restart();
  }

  #change(next: Partial<ChatState>): void {
    const state = { ...this.#state, ...next };
    this.#state = { ...state, unread: transcripts.countUnread(state.transcript, this.#visitor.seen) };
    this.#needs.onChange(this.#state);
  }

  #unsent(id: string | undefined): Unsent | undefined {
    return this.#outbox.list(this.#needs.now()).find((each) => each.id === id);
  }

  #add(unsent: Omit<Unsent, 'id' | 'at'>): void {
    const whole = { ...unsent, id: this.#needs.newId(), at: this.#nextAt() };
    this.#change({ transcript: transcripts.withOwn(this.#state.transcript, ownEntry(whole)) });
    this.#sending.add(whole);
    this.#connection.retryNow();
  }

  /** Rises from one to the next of what the client sends. */
  #nextAt(): number {
    this.#writtenAt = Math.max(this.#needs.now(), this.#writtenAt + 1);
    return this.#writtenAt;
  }

  #showUnsent(): void {
    let { transcript } = this.#state;
    for (const unsent of this.#outbox.list(this.#needs.now())) {
      transcript = transcripts.withOwn(transcript, ownEntry(unsent));
      const { id, failure } = unsent;
      if (failure !== undefined) {
        transcript = transcripts.withState(transcript, id, { state: 'failed', failure });
      }
    }
    this.#change({ transcript });
  }

  #follow(state: ConnectionState): void {
    if (state === 'open') {
      this.#change({ link: 'open' });
      this.#showUnsent();
      this.#sending.resume();
      this.#files.resume();
      return;
    }
    this.#sending.pause();
    this.#files.pause();
    this.#cancelTyping();
    const link = this.#connection.failures > 0 ? 'lost' : 'connecting';
    this.#change({ link: this.#state.link === 'refused' ? 'refused' : link, typing: undefined });
  }

  #hear(frame: ServerFrame): void {
    const { transcript } = this.#state;
    if (frame.type === 'welcome') {
      this.#change({ maxFile: frame.maxFile });
      this.#welcome(frame.token, frame.seq);
    } else if (frame.type === 'move') this.#change({ move: this.#moving.hear(frame) });
    else if (frame.type === 'ready') this.#files.ready(frame.id);
    else if (frame.type === 'message') this.#receive(frame);
    else if (frame.type === 'revision') {
      this.#after = Math.max(this.#after, frame.seq);
      const isCaughtUp = this.#state.isCaughtUp || this.#after >= this.#head;
      this.#change({ transcript: transcripts.withRevision(transcript, frame), isCaughtUp });
    } else if (frame.type === 'stored') {
      this.#sending.settle(frame.id);
      this.#files.settle(frame.id);
      this.#change({ transcript: transcripts.withStored(transcript, frame.id, frame.seq) });
    } else if (frame.type === 'typing') this.#showTyping(frame.from);
    else if (frame.type === 'answering') this.#change({ answering: frame.by });
    else if (frame.type === 'error') this.#refuse(frame.code, frame.id);
    else if (frame.state === 'read')
      this.#change({ transcript: transcripts.withRead(transcript, frame.seq) });
  }

  #welcome(token: string, head: number): void {
    const welcomed = this.#visitor.welcome(token);
    if (welcomed === 'other-tab') {
      this.#connection.restart();
      return;
    }
    // What one client wrote is never sent for another.
    if (welcomed === 'other-client') {
      this.#moving.forget();
      this.#files.clear();
      this.#outbox.clear();
      this.#forget([]);
    } else if (welcomed === 'new') this.#forget(transcripts.onlyOwnUnsent(this.#state.transcript));
    this.#head = head;
    this.#change({ isCaughtUp: this.#state.isCaughtUp || this.#after >= head });
    this.#cancelCatchUp();
    if (this.#state.isCaughtUp) return;
    this.#cancelCatchUp = this.#needs.timers.after(CATCH_UP_MS, () => this.#change({ isCaughtUp: true }));
  }

  #receive(frame: MessageFrame): void {
    const isNews = this.#state.isCaughtUp && frame.seq > this.#after;
    this.#after = Math.max(this.#after, frame.seq);
    const transcript = transcripts.withMessage(this.#state.transcript, frame);
    const isCaughtUp = this.#state.isCaughtUp || this.#after >= this.#head;
    if (frame.from === 'client') {
      this.#sending.settle(frame.id);
      this.#files.settle(frame.id);
      this.#change({ transcript, isCaughtUp });
      return;
    }
    this.#cancelTyping();
    this.#change({ transcript, isCaughtUp, typing: undefined });
    const entry = transcript.find(({ seq }) => seq === frame.seq);
    if (isNews && entry) this.#needs.onNews(entry);
  }

  #showTyping(from: string): void {
    if (from !== 'bot' && from !== 'operator') return;
    this.#cancelTyping();
    this.#cancelTyping = this.#needs.timers.after(TYPING_LASTS_MS, () => this.#change({ typing: undefined }));
    this.#change({ typing: from });
  }

  #refuse(code: string, id: string | undefined): void {
    const unsent = this.#unsent(id);
    if (id !== undefined && this.#files.has(id)) this.#refuseFile(code, id);
    else if (unsent && code === 'slow-down') this.#sending.slowDown(unsent.id);
    else if (unsent) {
      this.#sending.refuse({ ...unsent, failure: code });
      this.#showFailed(unsent.id, code);
    } else if (code === 'identity-refused') {
      this.#visitor.forgetIdentity();
      this.#needs.onIdentityRefused();
    } else if (code === 'origin') this.#change({ link: 'refused' });
  }

  #refuseFile(code: string, id: string): void {
    if (code === 'slow-down') {
      this.#files.slowDown();
      return;
    }
    this.#files.refuse(id);
    this.#showFailed(id, code);
  }

  #showFailed(id: string, failure: string): void {
    const failed = { state: 'failed', failure } as const;
    this.#change({ transcript: transcripts.withState(this.#state.transcript, id, failed) });
    this.#needs.onFailure();
  }

  /** Another visitor begins: nothing of the one before stays but what is handed over. */
  #forget(transcript: Transcript): void {
    this.#after = 0;
    this.#head = 0;
    this.#change({ transcript, isCaughtUp: false, typing: undefined, answering: undefined, move: undefined });
  }
}

function ownEntry({ id, text, choice, at }: Unsent): Entry {
  return { id, text, at, from: 'client', state: 'sending', ...(choice === undefined ? {} : { choice }) };
}
