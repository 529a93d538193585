import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells nothing of where they differ or how long ours is. */
export function isSameSecret(given: string, ours: string): boolean {
  return timingSafeEqual(digest(given), digest(ours));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
