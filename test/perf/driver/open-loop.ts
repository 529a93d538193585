import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 2;

/**
 * Calls `begin` at a fixed rate, whatever became of the calls before: `dueMs` is when it should have begun, so that
 * what waits in the driver counts as waiting. Resolves when the time is over.
 */
export async function openLoop(
  perSecond: number,
  milliseconds: number,
  begin: (dueMs: number) => void,
): Promise<number> {
  const startMs = performance.now();
  const all = Math.round((perSecond * milliseconds) / 1_000);
  let begun = 0;
  while (begun < all) {
    const dueNow = Math.min(all, ((performance.now() - startMs) * perSecond) / 1_000);
    for (; begun < dueNow; begun++) begin(startMs + (begun * 1_000) / perSecond);
    await sleep(TICK_MS);
  }
  return begun;
}
