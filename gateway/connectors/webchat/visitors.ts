import { createHash, randomBytes } from 'node:crypto';

/** A visitor: the secret that the page keeps, and its hash, by which the hub knows them. */
export interface Visitor {
  readonly token: string;
  readonly id: string;
}

/** Which tokens this hub has given out lately. Visitors who have written are known by their thread. */
export interface Visitors {
  /** Makes a visitor with a token of 256 random bits. */
  issue(): Visitor;
  /** The visitor of a token in our form; undefined for anything else. */
  read(token: unknown): Visitor | undefined;
  /** True for a visitor that was issued here and has perhaps not written yet. */
  wasIssued(visitor: Visitor): boolean;
}

/** Tokens that are remembered until their visitor writes: about 20 MB. */
const MAX_REMEMBERED = 100_000;

export function createVisitors(): Visitors {
  const issued = new Set<string>();
  return {
    issue() {
      const token = randomBytes(32).toString('base64url');
      const visitor = { token, id: idOf(token) };
      issued.add(visitor.id);
      const [oldest] = issued;
      if (issued.size > MAX_REMEMBERED && oldest) issued.delete(oldest);
      return visitor;
    },
    read(token) {
      if (typeof token !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
      return { token, id: idOf(token) };
    },
    wasIssued: ({ id }) => issued.has(id),
  };
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
