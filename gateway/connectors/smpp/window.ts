/** So many at once; more wait, in the order in which they came. */
export interface Window {
  enter(): Promise<void>;
  leave(): void;
}

export function createWindow(size: number): Window {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async enter() {
      if (taken < size) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      // The place goes over to who waits longest.
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    },
  };
}
