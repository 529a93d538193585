import type { ChannelId, ContactId, IdentityId } from './ids.ts';

export type Locale = 'ru' | 'en';

/**
 * How sure we are who this is, weakest first. Only `code-confirmed` and `bank-authenticated` open a customer's
 * data; a matching phone number or name never raises it.
 */
export const EVIDENCE = ['claimed', 'code-confirmed', 'bank-authenticated'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** True when `held` is at least as strong as `needed`. */
export function isEnough(held: Evidence, needed: Evidence): boolean {
  return EVIDENCE.indexOf(held) >= EVIDENCE.indexOf(needed);
}

/** One contact as known to one channel. */
export interface Identity {
  readonly id: IdentityId;
  readonly channel: ChannelId;
  readonly evidence: Evidence;
  readonly name?: string;
  readonly username?: string;
}

/** What a turn may know of the contact. The bank's customer number is not in it: the hub adds it to calls. */
export interface ContactView {
  readonly id: ContactId;
  readonly name?: string;
  readonly locale?: Locale;
  /** The identity that this turn came from, and how sure we are of it. */
  readonly identity: Identity;
}
