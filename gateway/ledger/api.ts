import { z } from 'zod';
import { isStorable, STORABLE } from '../storable-text.ts';

/** The REST API of dead letters and the quarantine: the same schemas check the routes, make openapi.json and type the page. */

const at = z.iso.datetime();
const channel = z.string();
/** How many wait for a person, by channel. */
const waiting = z.record(channel, z.number().int());

const paging = {
  channel: z.string().max(64).refine(isStorable, STORABLE).optional(),
  /** True: those that were decided; else those that wait for a person. */
  decided: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};
/** `before`: the `next` of the page before. */
export const letterQuery = z.object({
  ...paging,
  state: z.enum(['dead', 'unknown']).optional(),
  before: z.coerce.number().int().positive().optional(),
});
export const quarantineQuery = z.object({ ...paging, before: z.uuid().optional() });

const letter = z.object({
  /** Of the delivery. */
  id: z.uuid(),
  at,
  channel,
  state: z.enum(['dead', 'unknown']),
  conversation: z.uuid(),
  author: z.enum(['bot', 'operator', 'system']),
  attempts: z.number().int(),
  reason: z.string().optional(),
  receipt: z.enum(['sent', 'delivered', 'read', 'failed']).optional(),
  once: z.boolean(),
  decision: z
    .object({ decision: z.enum(['retried', 'discarded']), at, by: z.string(), again: z.uuid().optional() })
    .optional(),
});
export type ShownLetter = z.infer<typeof letter>;
export const letterList = z.object({ rows: z.array(letter), next: z.string().optional(), waiting });
export type LetterList = z.infer<typeof letterList>;

/** One dead letter. `text` is absent where it was erased, and where it must not be said twice: it may be a code. */
export const letterView = letter.extend({
  text: z.string().optional(),
  /** The newest first, at most 100. */
  tries: z.array(
    z.object({
      number: z.number().int(),
      at,
      outcome: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
});
export type LetterView = z.infer<typeof letterView>;
/** `notSent`: why the contact policy does not let the client have the new one, such as `data-class`. */
export const retried = z.object({ again: z.uuid(), notSent: z.string().optional() });

const quarantined = z.object({
  id: z.uuid(),
  at,
  channel,
  reason: z.string(),
  /** Only the beginning was kept. */
  cut: z.boolean(),
  decision: z
    .object({ decision: z.enum(['replayed', 'discarded', 'expired']), at, by: z.string() })
    .optional(),
});
export type ShownQuarantined = z.infer<typeof quarantined>;
export const quarantineList = z.object({
  rows: z.array(quarantined),
  next: z.string().optional(),
  waiting,
});
export type QuarantineList = z.infer<typeof quarantineList>;
/** `raw`: at most its first 4 000 characters, secrets redacted; absent once its time is over. */
export const quarantineView = quarantined.extend({ raw: z.string().optional(), rawLength: z.number().int() });
export type QuarantineView = z.infer<typeof quarantineView>;
/** `kept`: still not understood, for the reason of today. */
export const replayed = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('replayed'), stored: z.number().int() }),
  z.object({ outcome: z.literal('kept'), reason: z.string() }),
]);
