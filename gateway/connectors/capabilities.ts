import type { ButtonKind, ContentKind, MediaKind } from '../model/content.ts';
import type { DataClass } from '../model/data-class.ts';

/** `native`: the network has it; `fallback`: fit makes something readable of it; `none`: it cannot be said here. */
export type Support = 'native' | 'fallback' | 'none';

/** What can be sent: `choice` only comes in, and what is `unsupported` is never sent. */
export const SENT_KINDS = [
  'text',
  'choices',
  'card',
  'image',
  'file',
  'audio',
  'video',
  'sticker',
  'location',
  'contact',
] as const satisfies readonly ContentKind[];
export type SentKind = (typeof SENT_KINDS)[number];

/**
 * `typing`: shows that an answer is being written. `receipts`: tells what became of a message of ours. `edit`,
 * `delete`, `reaction`: of messages on either side. `replyTo`: an answer to a certain message.
 */
export const ABILITIES = ['typing', 'receipts', 'edit', 'delete', 'reaction', 'replyTo'] as const;
export type Ability = (typeof ABILITIES)[number];

/** How many requests a network stands; the outbox keeps to it. */
export interface Rates {
  /** Of the whole channel, and of one thread, over time. */
  readonly perSecond: number;
  readonly perThreadPerSecond: number;
  /** Of one thread in a row. */
  readonly perThreadBurst: number;
}

/** What the network takes of media; what it does not take goes out as a link. */
export interface MediaLimits {
  /** Longest caption, in the unit of `maxText`; a longer one follows as a text of its own. */
  readonly maxCaption: number;
  /** Largest file that may be sent, bytes; a kind that is not named is not sent. */
  readonly maxBytes: Readonly<Partial<Record<MediaKind, number>>>;
  /** MIME types that may be sent, such as `image/png`; of a kind that is not named, every type. */
  readonly types?: Readonly<Partial<Record<MediaKind, readonly string[]>>>;
  /** Most parts of one album; 1: the network has no albums. */
  readonly albumSize: number;
  /** The network makes one message of an album; else one of each of its files. */
  readonly albumIs?: 'message';
}

export interface Limits extends Rates {
  /** Longest text of one request, in `unit`s. Longer texts go out in parts. */
  readonly maxText: number;
  /** `segments`: SMS, whose length depends on the alphabet; see sms/segments.ts. */
  readonly unit: 'utf16' | 'bytes' | 'segments';
  /** Each segment goes out in a request of its own; else a request takes a whole text. */
  readonly requestPer?: 'segment';
  readonly maxChoices: number;
  /** Longest label of a button, in characters. */
  readonly maxChoiceText: number;
  /** Longest text over a button that stands alone, in `unit`s, where it is shorter than `maxText`. */
  readonly maxTextOverLone?: number;
  /** Needed where a kind of media is native. */
  readonly media?: MediaLimits;
  /** How long after it was sent a message of ours can be edited and deleted; without a figure, always. */
  readonly revisableForMs?: { readonly edit?: number; readonly delete?: number };
}

/** What a channel can carry, as data: the core asks this and never the network's name. */
export interface Capabilities {
  readonly content: Readonly<Record<SentKind, Support>>;
  readonly abilities: Readonly<Record<Ability, Support>>;
  readonly limits: Limits;
  /**
   * What a button can do beside answering, where choices are native: together with others (`beside`), or as the only one
   * of its message (`alone`). What is not named is said in words.
   */
  readonly buttons?: Readonly<Partial<Record<ButtonKind, 'beside' | 'alone'>>>;
  /** How choices without buttons are said: a numbered list (the default), or a sentence that can be spoken. */
  readonly choicesAs?: 'list' | 'spoken';
  /** Clients say by a word that they want no more messages, and we keep to it. */
  readonly optOut?: boolean;
  /** How long the network may repeat an event, so how long its key is kept. */
  readonly dedupeWindowMs: number;
  /** How long after the contact's last message we may answer freely; undefined: always. */
  readonly replyWindowMs?: number;
  /**
   * `answer`: accepted means the network said so. `commit`: the network is our own page, so what is committed is
   * accepted, and the connector shows it from the client's view.
   */
  readonly acceptance: 'answer' | 'commit';
  /** Whose law the network's servers are under. */
  readonly jurisdiction: 'own' | 'ru' | 'foreign';
  /** The most that may be said there of a person; the policy refuses what says more. */
  readonly dataClass: DataClass;
}

/** Content of a channel that has only text: whatever else is said becomes readable text with links. */
export const TEXT_ONLY: Capabilities['content'] = {
  text: 'native',
  choices: 'fallback',
  card: 'fallback',
  image: 'fallback',
  file: 'fallback',
  audio: 'fallback',
  video: 'fallback',
  sticker: 'none',
  location: 'fallback',
  contact: 'fallback',
};

/** A network without any ability; spread it and name those that it has. */
export const NO_ABILITIES: Capabilities['abilities'] = {
  typing: 'none',
  receipts: 'none',
  edit: 'none',
  delete: 'none',
  reaction: 'none',
  replyTo: 'none',
};
