import type { Evidence, Locale } from '../model/contact.ts';
import type { CardContent, Content, KeptBytes, MediaContent, MediaKind } from '../model/content.ts';
import type { Receipt } from '../model/delivery.ts';
import type { OutgoingPart } from './outgoing.ts';

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
  /** Where the network brought the bytes themselves: as `host.keepMedia` kept them. */
  readonly kept?: KeptBytes;
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

/**
 * `emoji`: all that stand under the message from this sender now, or those that came or went. Where the network does
 * not tell in which thread the message stands, or who may react is not its contact alone, `sender` names the person and
 * no thread: the message is looked for in their own threads, and if it is in none of them the reaction changes nothing.
 */
export interface InboundReaction extends Omit<FromContact, 'sender'> {
  readonly type: 'reaction';
  readonly sender: Sender | SenderAlone;
  readonly externalId: string;
  readonly emoji: readonly string[];
  /** Where the network tells of one after another, and not of all that stand. */
  readonly change?: 'added' | 'removed';
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
  /** The connector itself has asked the client whether the dialogue of a one-time link goes on here. */
  readonly agreed?: true;
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

/** Somebody of whom the network does not say where they did it. */
export type SenderAlone = Omit<Sender, 'externalThread'> & { readonly externalThread?: undefined };

/** What became of an inbound. */
export type StoredInbound =
  | { readonly outcome: 'stored'; readonly position: number }
  | { readonly outcome: 'duplicate'; readonly position?: number }
  /** This one row could not be stored (a null byte that got through); it is in the quarantine. */
  | { readonly outcome: 'quarantined' }
  /** A person without a thread reacted to a message of nobody's, or of somebody else's: nothing was stored. */
  | { readonly outcome: 'not-theirs' }
  | { readonly outcome: 'receipt' }
  | { readonly outcome: 'piece' };
