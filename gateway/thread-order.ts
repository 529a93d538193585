interface Line {
  readonly last: Promise<unknown>;
  /** True while something waits for what came before it. */
  readonly waits: boolean;
}

/**
 * Keeps what comes in on a thread in its order where some of it must wait: what names an earlier message waits until
 * all before it is stored, and what comes after it waits too. Everything else goes on at once.
 */
export type InThreadOrder = <T>(thread: string, waits: boolean, work: () => Promise<T>) => Promise<T>;

export function createThreadOrder(): InThreadOrder {
  const lines = new Map<string, Line>();
  return (thread, waits, work) => {
    const before = lines.get(thread);
    const isBehind = before !== undefined && (waits || before.waits);
    const done = isBehind ? before.last.then(work) : work();
    const line: Line = { last: done.then(forget, forget), waits: waits || isBehind };
    lines.set(thread, line);
    return done;

    function forget(): void {
      if (lines.get(thread) === line) lines.delete(thread);
    }
  };
}
