/** How often a socket may speak: a burst, and a steady rate that refills it (a token bucket). */
export interface Allowance {
  /** True, and one less is left, where there is something left. */
  take(): boolean;
}

export function createAllowance(
  { burst, perSecond }: { burst: number; perSecond: number },
  now: () => Date,
): Allowance {
  let left = burst;
  let at = now().getTime();
  return {
    take() {
      const time = now().getTime();
      left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
