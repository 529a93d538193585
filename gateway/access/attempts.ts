/** So many attempts at once, and as many again evenly over this time. */
export interface AttemptLimit {
  readonly attempts: number;
  readonly perMs: number;
}

export interface Attempts {
  /** Counts one attempt. Returns 0 where it may be made, else the milliseconds until it may. */
  take(key: string, now: Date): number | Promise<number>;
  /** Uncounts one: it was no guess. */
  giveBack(key: string): void;
}

/** Those of one node, which decides at once. */
export interface OwnAttempts extends Attempts {
  take(key: string, now: Date): number;
}

const MAX_KEYS = 10_000;

/** Limits attempts by key in bounded memory: beyond `maxKeys` the longest unused key is forgotten. */
export function createAttempts({ attempts, perMs }: AttemptLimit, maxKeys = MAX_KEYS): OwnAttempts {
  const buckets = new Map<string, { left: number; atMs: number }>();

  return {
    take(key, now) {
      const atMs = now.getTime();
      const known = buckets.get(key);
      const refilled = known ? ((atMs - known.atMs) * attempts) / perMs : 0;
      const left = known ? Math.min(attempts, known.left + refilled) : attempts;
      const allowed = left >= 1;
      // Deleted first, so that a map's order of insertion is the order of use.
      buckets.delete(key);
      buckets.set(key, { left: allowed ? left - 1 : left, atMs });
      if (buckets.size > maxKeys) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      }
      return allowed ? 0 : Math.ceil(((1 - left) * perMs) / attempts);
    },
    giveBack(key) {
      const known = buckets.get(key);
      if (known) known.left = Math.min(attempts, known.left + 1);
    },
  };
}

/** The part of an address that one attacker cannot change at will: all of IPv4, the first 64 bits of IPv6. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith('::ffff:')) return address.slice('::ffff:'.length);
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':');
}
