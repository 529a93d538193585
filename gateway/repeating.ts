/** Work that is done from time to time, one round after another. */
export interface Repeating {
  start(): void;
  /** Begins nothing more and waits for the round under way. */
  stop(): Promise<void>;
}

/** Not started yet. `round` never rejects; a time that comes while one is under way is left out. */
export function repeating(everyMs: number, round: () => Promise<unknown>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> | undefined;
  return {
    start() {
      timer = setInterval(() => {
        underWay ??= round().finally(() => {
          underWay = undefined;
        });
      }, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
