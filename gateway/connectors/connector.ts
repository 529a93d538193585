import type { z } from 'zod';
import type { KeptBytes, MediaKind } from '../model/content.ts';
import type { ChannelId, MediaId } from '../model/ids.ts';
import type { LinkLook } from '../move-question.ts';
import type { Capabilities } from './capabilities.ts';
import type { ClientView } from './client-view.ts';
import type { DeskInput, DeskNetwork } from './desk.ts';
import type { ChannelHealth } from './health.ts';
import type { Inbound, Sender, StoredInbound } from './inbound.ts';
import type { MessageTemplate } from './message-template.ts';
import type { OutgoingPart, SendOutcome, SentMessage } from './outgoing.ts';
import type { SegmentPrice } from './sms/price.ts';

/** One network: what `connectors/index.ts` lists. Everything that differs between networks is here or in its folder. */
export interface ConnectorDefinition<Settings = never> {
  /** The network's name: `telegram`. */
  readonly name: string;
  /** Checks the channel's settings, and draws the form in the window. Titles and secrets are in its metadata. */
  readonly settings: z.ZodType<Settings>;
  readonly capabilities: Capabilities;
  /** Makes the connector of one channel. Must not wait for the network: a start never fails because it is away. */
  connect(settings: Settings, host: ConnectorHost): Connector;
}

/** One channel's connector. A missing ability is a missing method. */
export interface Connector {
  /**
   * False where the settings lead to another server than the network's own, whose rates nobody knows: the outbox
   * spaces nothing there, and obeys what it is answered.
   */
  readonly hasRates?: boolean;
  /**
   * Verifies the sender of a webhook and translates its payload. Pure but for comparing secrets (in constant time);
   * never throws for bad input.
   */
  receive(request: WebhookRequest): Received;
  /**
   * Translates again what this connector has put into the quarantine, with the rules of today; pure, and it never
   * throws for bad input. Who sent it was verified when it came. `raw` is what `quarantine` was given, whole.
   */
  retranslate?(raw: string): Extract<Received, { authentic: true }>;
  /** Sends one part of a message, already fitted to the capabilities, in one request. Never retries. */
  send(part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome>;
  /** What one segment of an SMS costs, as the channel's settings name it. */
  readonly segmentPrice?: SegmentPrice;
  /** What may be said when the network takes no free words any more; as the channel's settings name it. */
  readonly templates?: readonly MessageTemplate[];
  /**
   * Takes input by itself, such as long polling, until the signal aborts. It moves its offset only after
   * `host.receive` has resolved. Returning early or throwing makes the hub call it again with back-off.
   */
  listen?(signal: AbortSignal): Promise<void>;
  /** Called after the commit of an inbound that carried an `acknowledgement`, such as a button's callback. */
  acknowledge?(acknowledgement: string): Promise<void>;
  /**
   * Puts a fitted part in the place of what was sent as `target`, and `remove` takes that back. Where a method is
   * missing, the outbox sends the new words as a message of their own, or leaves the old ones standing. Never retry.
   * `key`: the same in each attempt, as that of a part.
   */
  edit?(target: SentMessage, part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome>;
  remove?(target: SentMessage, signal: AbortSignal, key: OutgoingPart['key']): Promise<SendOutcome>;
  /** Sets all of our reactions on a message; none takes them away. */
  react?(
    target: SentMessage,
    emoji: readonly string[],
    signal: AbortSignal,
    key: OutgoingPart['key'],
  ): Promise<SendOutcome>;
  /**
   * Fetches the bytes of an `InboundMedia`, after its message was committed. Asks no host but the network's own and
   * stops at `maxBytes`; `fetchFile` does both. Throws where the network does not answer.
   */
  download?(source: string, limits: DownloadLimits, signal: AbortSignal): Promise<Downloaded>;
  /**
   * The address at which a dialogue begins here with this payload (up to 64 letters, digits, `_` and `-`), which then
   * comes back as an `InboundStart`; undefined while it is not known.
   */
  startLink?(payload: string): string | undefined;
  /** The number at which clients call this channel, as people read it; where its settings name one. */
  readonly phone?: string;
  /** Shows the contact that an answer is being written. A signal: it may be lost. */
  typing?(externalThread: string): Promise<void>;
  /**
   * Asks the network whether it knows us and reaches us, and tells what is wrong. Called about every 20 s while the
   * hub runs, and by the self-test; changes nothing there and sends nothing to anybody. A network that is away is a
   * finding and no error; a rejection counts as `unreachable`.
   */
  health?(signal: AbortSignal): Promise<ChannelHealth>;
  /** There where the channel also serves operators as a desk. */
  readonly desk?: DeskNetwork;
  /** Serves a WebSocket at /channels/ID/socket. */
  socket?(socket: import('ws').WebSocket, request: SocketRequest): void;
  /** Serves WebSockets of other programs, at /channels/ID/NAME each; `request.refuse` ends one that may not be here. */
  readonly sockets?: Readonly<
    Record<string, (socket: import('ws').WebSocket, request: SourceSocketRequest) => void>
  >;
  /** Names under /channels/ID/ at which `receive` is asked too, besides `webhook`. */
  readonly alsoAt?: readonly string[];
}

/** What the hub gives a connector. */
export interface ConnectorHost {
  readonly channel: ChannelId;
  /** Where the network can reach this channel's webhook from outside. */
  readonly webhookUrl: string;
  /** Stores what came in; resolves after the commit, rejects (nothing stored) when the store is away. */
  receive(received: Received): Promise<readonly StoredInbound[]>;
  /**
   * Forgets dedupe keys: the network certainly has our answer, and gave the message no id of its own, so that the same
   * words are a new message when they come again.
   */
  forget(dedupeKeys: readonly string[]): Promise<void>;
  /**
   * Passes a typing signal to whoever watches the conversation; never stored. `words`: what a caller is saying, which
   * may still change.
   */
  signal(externalThread: string, signal: 'typing', words?: string): void;
  readonly view: ClientView;
  /** Reads the bytes of an outgoing part's media; rejects where they are not stored. */
  readMedia(id: MediaId): Promise<Uint8Array>;
  /** Checks bytes that came over the channel itself, and keeps them for a message that is about to be received. */
  keepMedia(bytes: Uint8Array, kind: MediaKind, externalUser: string): Promise<KeptMedia>;
  /** False where this person, or all of the channel, may send no such file today: asked before its bytes come. */
  hasRoomFor(size: number, externalUser: string): Promise<boolean>;
  /** Longest file that `keepMedia` takes, bytes. */
  readonly maxMediaBytes: number;
  /** Keeps what a person of this channel is called, where the network tells it apart from their messages. */
  named(externalUser: string, name: string): Promise<void>;
  /** The customer that a person of this channel was proved to be; undefined where they only claim. */
  customerOf(externalUser: string): Promise<string | undefined>;
  /**
   * Where a one-time link of another channel leads that this sender came with; it uses nothing up. For connectors that
   * ask their client themselves whether that dialogue goes on here.
   */
  lookAtLink(link: string, sender: Sender): Promise<LinkLook>;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly log: Log;
}

/** `retry`: it cannot be checked now; the same bytes may be taken later. `over-bound`: no more is kept today. */
export type KeptMedia =
  | ({ readonly outcome: 'kept' } & KeptBytes)
  | { readonly outcome: 'refused' | 'retry' | 'over-bound'; readonly reason: string };

/** A pino-like logger. Ids and durations only; never texts, tokens or phone numbers. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface WebhookRequest {
  readonly method: string;
  /** Path and query, as received. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface SocketRequest {
  readonly origin?: string;
  /** The host that the request was sent to, as the Host header names it. */
  readonly host?: string;
  readonly ip: string;
  readonly url: string;
}

/** A WebSocket that a program opens, and no page. */
export interface SourceSocketRequest extends SocketRequest {
  readonly headers: WebhookRequest['headers'];
  /** Closes the socket with the policy's code, and counts the refusal. */
  refuse(reason: string): void;
}

/** `authentic: false` is answered 401 and nothing is stored. */
export type Received =
  | { readonly authentic: false; readonly reason: string }
  | {
      readonly authentic: true;
      readonly inbound: readonly Inbound[];
      /** What operators did there, where the network serves as a desk. */
      readonly desk?: readonly DeskInput[];
      /** Authentic but unintelligible: kept in the quarantine, answered 2xx. */
      readonly quarantine?: readonly { readonly reason: string; readonly raw: string }[];
      /** What the network wants to hear, sent after the commit; without it 200 and an empty body. */
      readonly reply?: { readonly status: number; readonly type: string; readonly body: string };
    };

export interface DownloadLimits {
  readonly maxBytes: number;
}

/** `refused` is final: the network will not give it, or it is larger than the limit. */
export type Downloaded =
  | { readonly outcome: 'file'; readonly bytes: Uint8Array; readonly type?: string; readonly name?: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number };
