import { useSyncExternalStore } from 'react';

const STEP_MS = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function current(): number {
  return Math.floor(Date.now() / STEP_MS) * STEP_MS;
}

/** The time in milliseconds, coarse to 15 s: one clock for all waiting times of the page, so they change together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}
