/** One thing that the doctor looked at. `warn`: it works, and somebody should know; `fail`: it does not. */
export interface Check {
  readonly about: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly said: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(about: string, said: string): Check {
  return { about, verdict: 'ok', said };
}

export function warn(about: string, said: string, fix: string): Check {
  return { about, verdict: 'warn', said, fix };
}

export function fail(about: string, said: string, fix: string): Check {
  return { about, verdict: 'fail', said, fix };
}
