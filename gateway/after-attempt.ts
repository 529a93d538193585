import type { SendOutcome } from './connectors/outgoing.ts';
import type { Delivery } from './model/delivery.ts';
import type { AttemptRecord } from './store/deliveries.ts';

/** The outcome of an attempt that was under way when the hub itself was cut off. */
export const CUT_OFF = { outcome: 'unknown', reason: 'cut-off' } as const satisfies SendOutcome;
/** Most cut-off attempts never left the hub, so each is tried again, until this many attempts. */
const MAX_CUT_OFF_ATTEMPTS = 5;

/** Attempts that were refused before a delivery is given up: with the waits below, about eight hours. */
const MAX_RETRIES = 60;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 600_000;

/**
 * What a delivery is after an attempt. `parts`: how many requests its message takes.
 * An unknown outcome is resent once and flagged, after a crash of our own a few times, unless the message must not be
 * resent by itself.
 */
export function afterAttempt(
  delivery: Delivery,
  outcome: SendOutcome,
  parts: number,
  now: Date,
): AttemptRecord['after'] {
  const { partsAccepted, possiblyTwice } = delivery;
  switch (outcome.outcome) {
    case 'accepted': {
      const accepted = partsAccepted + 1;
      return {
        state: accepted < parts ? 'due' : 'accepted',
        partsAccepted: accepted,
        dueAt: now,
        possiblyTwice,
      };
    }
    case 'rejected':
      return { state: 'rejected', partsAccepted, dueAt: now, possiblyTwice, reason: outcome.reason };
    case 'retry': {
      const retries = delivery.attempts - partsAccepted;
      const state = retries >= MAX_RETRIES ? 'dead' : 'due';
      const dueAt = new Date(now.getTime() + (outcome.afterMs ?? waitMs(retries)));
      return { state, partsAccepted, dueAt, possiblyTwice, reason: outcome.reason };
    }
    case 'unknown': {
      const isNew =
        outcome.reason === CUT_OFF.reason ? delivery.attempts < MAX_CUT_OFF_ATTEMPTS : !possiblyTwice;
      const resend = !delivery.once && isNew;
      return {
        state: resend ? 'due' : 'unknown',
        partsAccepted,
        dueAt: new Date(now.getTime() + FIRST_WAIT_MS),
        possiblyTwice: possiblyTwice || resend,
        reason: outcome.reason,
      };
    }
  }
}

function waitMs(retries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(retries, 20), LONGEST_WAIT_MS);
}
