const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt `attempt` (0 is the first repetition), milliseconds: doubled each time up to half
 * a minute, then spread over its upper half, so that a thousand pages do not come back in the same instant.
 * `random` is from 0 to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return full / 2 + (full / 2) * random;
}
