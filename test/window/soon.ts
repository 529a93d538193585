import { vi } from 'vitest';

/** Waits until a check holds; long enough for a machine that is busy with other things. */
export function soon<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: 15_000, interval: 50 });
}
