/** How often a socket may speak: a burst, and a steady rate that refills it (a token bucket). */
export interface Allowance {
  /** True, and so much less is left, where that is left; more than the burst is never. */
  take(cost: number): boolean;
}

export function createAllowance(
  { burst, perSecond }: { burst: number; perSecond: number },
  now: () => Date,
): Allowance {
  let left = burst;
  let at = now().getTime();
  return {
    take(cost) {
      const time = now().getTime();
      left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      if (left < cost) return false;
      left -= cost;
      return true;
    },
  };
}
