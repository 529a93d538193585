/** Lets tests wait for what a fake was sent, without looking from time to time. */
export interface Watch {
  /** Something has come. */
  seen(): void;
  until(condition: () => boolean): Promise<void>;
  /** Resolves to all that was said, once there is so much of it. */
  hears<Said>(said: () => readonly Said[], count: number): Promise<readonly Said[]>;
}

export function createWatch(): Watch {
  const looks = new Set<() => void>();

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  }

  return {
    seen() {
      for (const look of [...looks]) look();
    },
    until,
    async hears(said, count) {
      await until(() => said().length >= count);
      return said();
    },
  };
}
