/**
 * Which of our answers the SMSC certainly has. A connection keeps its order, so whoever answers a request of ours has
 * read all that we wrote before it.
 */
export interface Confirmations {
  /** This was answered just now. */
  answered(key: string): void;
  /** Taken as a request is written; handed back as its answer comes. */
  mark(): number;
  reached(mark: number): void;
  isWaiting(): boolean;
}

/** @param onConfirmed told of each key once */
export function createConfirmations(onConfirmed: (keys: readonly string[]) => void): Confirmations {
  let waiting: string[] = [];
  let confirmed = 0;
  return {
    answered: (key) => void waiting.push(key),
    mark: () => confirmed + waiting.length,
    reached(mark) {
      const count = mark - confirmed;
      if (count <= 0) return;
      const keys = waiting.slice(0, count);
      waiting = waiting.slice(count);
      confirmed = mark;
      onConfirmed(keys);
    },
    isWaiting: () => waiting.length > 0,
  };
}
