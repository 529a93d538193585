/** FNV-1a over the UTF-16 code units from `start` to `end`, begun with `seed`; an unsigned 32-bit number. */
export function hashText(text: string, seed: number, start = 0, end = text.length): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Spreads all bits of a 32-bit number over all others (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A map from 32-bit hashes to their places 0..n-1 in `hashes`, by open addressing. */
export type HashIndex = { find(hash: number): number };

/** Indexes distinct hashes; `find` answers -1 for one that is not there. */
export function indexHashes(hashes: Uint32Array): HashIndex {
  let size = 16;
  while (size < hashes.length * 2) size *= 2;
  const mask = size - 1;
  const slots = new Int32Array(size).fill(-1);
  for (let i = 0; i < hashes.length; i++) {
    let at = (hashes[i] ?? 0) & mask;
    while ((slots[at] ?? -1) >= 0) at = (at + 1) & mask;
    slots[at] = i;
  }
  return {
    find(hash) {
      for (let at = hash & mask; ; at = (at + 1) & mask) {
        const place = slots[at] ?? -1;
        if (place < 0 || hashes[place] === hash) return place;
      }
    },
  };
}

/** A seeded source of numbers in [0, 1) (mulberry32); the same seed gives the same sequence on every machine. */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Puts the numbers of `order` into a random order, in place. */
export function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}
