import type {
  CardContent,
  Choice,
  ContactContent,
  LocationContent,
  MediaContent,
  TemplateUse,
} from '../model/content.ts';
import type { DeliveryId, MediaId } from '../model/ids.ts';

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
      /** The text is to be said by this template; only where the connector has `templates`. */
      readonly template?: TemplateUse;
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
  | {
      readonly outcome: 'accepted';
      readonly externalId?: string;
      /** Of an album, where each of its files is a message of its own: those of all but the first. */
      readonly otherIds?: readonly string[];
    }
  | { readonly outcome: 'rejected'; readonly reason: string }
  | {
      readonly outcome: 'retry';
      readonly reason: string;
      readonly afterMs?: number;
      /** `channel`: nothing of this channel goes out before that time (a limit of the whole bot). */
      readonly scope?: 'thread' | 'channel';
    }
  | { readonly outcome: 'unknown'; readonly reason: string };
