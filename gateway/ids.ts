import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const LENGTH = 16;
/** Random bytes are fetched in portions: a call costs more than the bytes. */
const pool = Buffer.alloc(256 * LENGTH);
let used = pool.length;
let msecs = 0;
let seq = 0;

function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += LENGTH;
  return pool.subarray(used - LENGTH, used);
}

/**
 * A new time-ordered id (UUID v7); the caller says of what: `newId<ConversationId>()`. Ids of one process rise: within a
 * millisecond by a counter that begins at random (RFC 9562, section 6.2, method 1).
 */
export function newId<Id extends string>(): Id {
  const random = randomBytes();
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // The upper bit stays free, so that it can be counted on.
    seq = random.readUInt32BE(0) >>> 1;
  } else {
    seq += 1;
  }
  return v7({ random, msecs, seq }) as Id;
}
