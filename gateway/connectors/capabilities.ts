import type { ContentKind } from '../model/content.ts';

/** `native`: the network has it; `fallback`: fit makes something readable of it; `none`: it cannot be said here. */
export type Support = 'native' | 'fallback' | 'none';

/** How many requests a network stands; the outbox keeps to it. */
export interface Rates {
  /** Of the whole channel, and of one thread, over time. */
  readonly perSecond: number;
  readonly perThreadPerSecond: number;
  /** Of one thread in a row. */
  readonly perThreadBurst: number;
}

/** What a channel can carry, as data: the core asks this and never the network's name. */
export interface Capabilities {
  readonly content: Readonly<Record<Exclude<ContentKind, 'unsupported' | 'choice'>, Support>>;
  readonly typing: Support;
  readonly receipts: Support;
  readonly limits: {
    /** Longest text of one request, in `unit`s. Longer texts go out in parts. */
    readonly maxText: number;
    readonly unit: 'utf16' | 'bytes';
    readonly maxChoices: number;
    /** Longest label of a button, in characters. */
    readonly maxChoiceText: number;
  } & Rates;
  /** How long the network may repeat an event, so how long its key is kept. */
  readonly dedupeWindowMs: number;
  /** How long after the contact's last message we may answer freely; undefined: always. */
  readonly replyWindowMs?: number;
  /**
   * `answer`: accepted means the network said so. `commit`: the network is our own page, so what is committed is
   * accepted, and the connector shows it from the client's view.
   */
  readonly acceptance: 'answer' | 'commit';
  /** Whose law the network's servers are under, and which data may go there. */
  readonly jurisdiction: 'own' | 'ru' | 'foreign';
  readonly dataClass: 'public' | 'personal' | 'bank-secret';
}
