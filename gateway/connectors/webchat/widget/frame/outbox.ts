import * as z from 'zod/mini';
import type { Place } from './frames.ts';
import type { FrameStorage } from './storage.ts';

/** What waits so long is not sent by itself any more: the client may not want it now. */
const STALE_MS = 60 * 60 * 1000;
const PREFIX = 'out:';

/** A message of the client's that the hub has not stored yet. */
export interface Unsent {
  readonly id: string;
  readonly text: string;
  /** Of the quick reply that was pressed; `text` is then its label. */
  readonly choice?: string | undefined;
  /** Where the client is; `text` says so. */
  readonly place?: Place | undefined;
  /** When it was written, milliseconds; rises from one to the next. */
  readonly at: number;
  /** Why the hub refused it. */
  readonly failure?: string | undefined;
}

/** The client's unsent messages, kept over a reload. */
export interface Outbox {
  /** Oldest first. What has waited for an hour comes with the failure `stale`. */
  list(now: number): Unsent[];
  put(unsent: Unsent): void;
  remove(id: string): void;
  clear(): void;
}

/** A key for each message, so that two tabs never write over each other's. */
export function createOutbox(storage: FrameStorage): Outbox {
  const schema = z.object({
    id: z.string(),
    text: z.string(),
    choice: z.optional(z.string()),
    place: z.optional(z.object({ latitude: z.number(), longitude: z.number() })),
    at: z.number(),
    failure: z.optional(z.string()),
  });
  const read = (name: string): Unsent | undefined => {
    try {
      return schema.safeParse(JSON.parse(storage.get(name) ?? '')).data;
    } catch {
      return undefined;
    }
  };
  return {
    list(now) {
      const unsent = storage.names(PREFIX).flatMap((name) => read(name) ?? []);
      unsent.sort((one, other) => one.at - other.at);
      return unsent.map((each) =>
        each.failure === undefined && now - each.at > STALE_MS ? { ...each, failure: 'stale' } : each,
      );
    },
    put(unsent) {
      storage.set(PREFIX + unsent.id, JSON.stringify(unsent));
    },
    remove(id) {
      storage.set(PREFIX + id, undefined);
    },
    clear() {
      for (const name of storage.names(PREFIX)) storage.set(name, undefined);
    },
  };
}
