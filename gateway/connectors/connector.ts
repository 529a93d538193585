import type { z } from 'zod';
import type { Evidence, Locale } from '../model/contact.ts';
import type {
  CardContent,
  Choice,
  ContactContent,
  Content,
  LocationContent,
  MediaContent,
  MediaKind,
} from '../model/content.ts';
import type { Receipt } from '../model/delivery.ts';
import type { ChannelId, DeliveryId, MediaId } from '../model/ids.ts';
import type { Capabilities } from './capabilities.ts';
import type { DeskInput, DeskNetwork } from './desk.ts';
import type { ChannelHealth } from './health.ts';

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
   */
  edit?(target: SentMessage, part: OutgoingPart, signal: AbortSignal): Promise<SendOutcome>;
  remove?(target: SentMessage, signal: AbortSignal): Promise<SendOutcome>;
  /** Sets all of our reactions on a message; none takes them away. */
  react?(target: SentMessage, emoji: readonly string[], signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Fetches the bytes of an `InboundMedia`, after its message was committed. Asks no host but the network's own and
   * stops at `maxBytes`; `fetchFile` does both. Throws where the network does not answer.
   */
  download?(source: string, limits: DownloadLimits, signal: AbortSignal): Promise<Downloaded>;
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
  /** The customer that a person of this channel was proved to be; undefined where they only claim. */
  customerOf(externalUser: string): Promise<string | undefined>;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly log: Log;
}

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

/** One thing that came in, translated. */
export type Inbound =
  | InboundMessage
  | InboundPiece
  | InboundStart
  | InboundEdit
  | InboundDelete
  | InboundReaction
  | InboundInterrupt
  | InboundReceipt;

interface FromContact {
  /** Made by the network, unique within the channel: the same key takes effect once. */
  readonly dedupeKey: string;
  readonly sender: Sender;
  /** Handed back to `acknowledge` after the commit. */
  readonly acknowledgement?: string;
}

export interface InboundMessage extends FromContact {
  readonly type: 'message';
  readonly content: readonly InboundContent[];
  /** The network's payload, for content that we do not know. JSON. */
  readonly raw?: unknown;
  readonly sentAt?: Date;
  /** It was said before and elsewhere, such as the transcript of a call that is over: history that nobody answers. */
  readonly past?: true;
  /** The message says nothing but that its sender wants no more messages (`out`), or wants them again (`in`). */
  readonly optOut?: 'out' | 'in';
  /** Made by the client's page; comes back in the client's view. */
  readonly clientId?: string;
  /** The network's id of this message, unique within its thread: edits, reactions and replies name it. */
  readonly externalId?: string;
  /** The network's id of the album that this message is a part of, where the network sends its parts one by one. */
  readonly album?: string;
  /** The network's id of the message that this one answers: the client's own, or one of ours as `send` returned it. */
  readonly replyTo?: string;
}

/** Content as it comes in: media are named by their source, and get their ids when they are stored. */
export type InboundContent = Exclude<Content, MediaContent | CardContent> | InboundMedia;

export interface InboundMedia {
  readonly kind: MediaKind;
  /** How the network names the bytes, handed back to `download`; opaque to all but the connector. */
  readonly source: string;
  /** MIME type and bytes, as the network says. */
  readonly type?: string;
  readonly size?: number;
  readonly caption?: string;
  readonly name?: string;
  readonly voice?: true;
}

/**
 * New words for a message. A message that we never got is kept as one of its own, so an edit is never lost.
 * Only what people wrote: an edit that changes nothing visible, such as a link's preview, is left out.
 */
export interface InboundEdit extends FromContact {
  readonly type: 'edit';
  readonly externalId: string;
  readonly content: readonly InboundContent[];
  readonly raw?: unknown;
}

export interface InboundDelete extends FromContact {
  readonly type: 'delete';
  readonly externalId: string;
}

/** `emoji`: all that stand under the message from this sender now. */
export interface InboundReaction extends FromContact {
  readonly type: 'reaction';
  readonly externalId: string;
  readonly emoji: readonly string[];
}

/** The contact spoke over a message of ours, of which they heard the beginning. */
export interface InboundInterrupt extends FromContact {
  readonly type: 'interrupt';
  /** Our own id of the message, as the client's view told it. */
  readonly message: string;
  readonly heard: string;
}

/**
 * A piece of a message that the network split. It is kept, and so may be acknowledged, until the others have come; a
 * message of which a piece never comes is shown without it.
 */
export interface InboundPiece {
  readonly type: 'piece';
  readonly sender: Sender;
  /** Names the message among this sender's. The network may use a name again. */
  readonly group: string;
  readonly total: number;
  /** From 1. */
  readonly number: number;
  /** May begin or end with half a surrogate pair. */
  readonly text: string;
}

/** The contact opened the dialogue without a message; `payload` came with the link. */
export interface InboundStart extends FromContact {
  readonly type: 'start';
  readonly payload?: string;
}

/** The network's word on a message of ours. */
export interface InboundReceipt {
  readonly type: 'receipt';
  readonly externalId: string;
  /** Other forms in which the network may have told the id, likeliest first. */
  readonly otherSpellings?: readonly string[];
  /** Of the part, where the network hands back what we gave it along; else its id has to do. */
  readonly key?: OutgoingPart['key'];
  /** Where the message went, if the receipt says so: tells apart two messages whose ids could be the same. */
  readonly externalThread?: string;
  readonly receipt: Receipt;
  readonly reason?: string;
}

export interface Sender {
  /** The network's id of the person. */
  readonly externalUser: string;
  /** The network's id of the place: often the same. Replies go there. */
  readonly externalThread: string;
  readonly name?: string;
  readonly username?: string;
  readonly locale?: Locale;
  /** Where the connector itself proved who it is, such as by the bank's signed token. */
  readonly proof?: { readonly evidence: Evidence; readonly customer: string; readonly how: string };
}

/** What became of an inbound. */
export type StoredInbound =
  | { readonly outcome: 'stored'; readonly position: number }
  | { readonly outcome: 'duplicate'; readonly position?: number }
  /** This one row could not be stored (a null byte that got through); it is in the quarantine. */
  | { readonly outcome: 'quarantined' }
  | { readonly outcome: 'receipt' }
  | { readonly outcome: 'piece' };

/** One request's worth of a delivery, already fitted to the capabilities. */
export type OutgoingPart = FittedPart & {
  /** Stable over attempts of this part: an idempotency key where the network takes one. */
  readonly key: `${DeliveryId}:${number}`;
  readonly externalThread: string;
  /** The network's id of the message that it answers; only where `replyTo` is native, and only on the first part. */
  readonly replyTo?: string;
};

/** A channel gets only those kinds that its capabilities call native; text it always gets. */
export type FittedPart =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Where a request takes one segment: which one of its text's it is. */
      readonly segment?: Segment;
      /** Buttons under the text, where the channel has them natively. */
      readonly choices?: readonly Choice[];
    }
  /** One file, or an album: at most `albumSize` parts, images and videos together or one other kind. */
  | { readonly kind: 'media'; readonly media: readonly OutgoingMedia[]; readonly choices?: readonly Choice[] }
  | CardContent
  | LocationContent
  | ContactContent;

/** `host.readMedia(media.id)` has its bytes; type and size are the true ones. */
export interface OutgoingMedia extends MediaContent {
  readonly media: { readonly id: MediaId; readonly type: string; readonly size: number };
}

/** A message of ours as the network knows it. */
export interface SentMessage {
  readonly externalThread: string;
  /** As `send` returned it, or as the network named a message of the client. */
  readonly externalId: string;
}

export interface DownloadLimits {
  readonly maxBytes: number;
}

/** `refused` is final: the network will not give it, or it is larger than the limit. */
export type Downloaded =
  | { readonly outcome: 'file'; readonly bytes: Uint8Array; readonly type?: string; readonly name?: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number };

/** One SMS of a longer text. */
export interface Segment {
  /** Of the texts of the delivery, which one, from 0: each is joined by itself. */
  readonly message: number;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Of the whole text, also where this segment could do with the smaller one. */
  readonly alphabet: 'gsm' | 'ucs2';
}

/**
 * What came of a request. `retry` only after a complete refusal or where no connection was made;
 * whatever may have gone out without a complete answer is `unknown`.
 */
export type SendOutcome =
  | { readonly outcome: 'accepted'; readonly externalId?: string }
  | { readonly outcome: 'rejected'; readonly reason: string }
  | {
      readonly outcome: 'retry';
      readonly reason: string;
      readonly afterMs?: number;
      /** `channel`: nothing of this channel goes out before that time (a limit of the whole bot). */
      readonly scope?: 'thread' | 'channel';
    }
  | { readonly outcome: 'unknown'; readonly reason: string };

/** What the client of a thread may see, for networks that are our own pages. */
export interface ClientView {
  /** The newest that the client sees, oldest first, at most `limit`; its last has the thread's head position. */
  newest(externalThread: string, limit: number): Promise<readonly ClientMessage[]>;
  /**
   * Calls the listener with everything after a position, in order and each once: first what the store has, then what
   * comes, after its commit. The thread need not exist yet. Returns the way to stop.
   */
  watch(
    externalThread: string,
    after: number,
    listener: (seen: ClientMessage | ClientSignal) => void,
  ): () => void;
}

export interface ClientMessage {
  readonly type: 'message';
  /** Rises along the thread, over all its conversations; not without gaps. */
  readonly position: number;
  /** The message's id, or the client's own id for what it sent. */
  readonly id: string;
  readonly from: 'client' | 'bot' | 'operator' | 'system';
  readonly content: readonly Content[];
  readonly at: Date;
}

export type ClientSignal =
  | { readonly type: 'typing'; readonly from: 'bot' | 'operator' }
  /** Who has the conversation now; told when watching begins and whenever it changes. */
  | { readonly type: 'answering'; readonly by: Answering };

/** `people`: an operator, or the queue where the conversation waits for one. */
export type Answering = 'bot' | 'people';
