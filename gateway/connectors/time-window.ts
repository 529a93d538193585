/** Which times an event may have; one outside may be a request that is played again, whose key is forgotten. */
export interface TimeWindow {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A network's clock may be this far ahead of ours. */
const MAX_AHEAD_MS = 3_600_000;

export function windowUntil(now: Date, maxAgeMs: number): TimeWindow {
  return {
    notBefore: new Date(now.getTime() - maxAgeMs),
    notAfter: new Date(now.getTime() + MAX_AHEAD_MS),
  };
}

/** Why an event is kept apart whose time is wrong. */
export type Untimely = 'stale' | 'future-dated';

export function isUntimely(reason: string): reason is Untimely {
  return reason === 'stale' || reason === 'future-dated';
}

/** Why an event is to be kept apart; undefined where its time is right, or any is. */
export function untimely(at: Date, window: TimeWindow | undefined): Untimely | undefined {
  if (window && at < window.notBefore) return 'stale';
  if (window && at > window.notAfter) return 'future-dated';
  return undefined;
}
