import { z } from 'zod';
import { conversationList, conversationRow, id, position, shownDelivery, transcriptItem } from './api.ts';

/** What a page of the desk and the hub tell each other over /api/v1/live. */

export const liveIn = z.discriminatedUnion('type', [
  /** Which conversation this page shows (or none), and the last `seq` it has. Presence is the open socket itself. */
  z.object({ type: z.literal('watch'), conversation: id.nullable(), after: position.default(0) }),
  z.object({ type: z.literal('ping') }),
]);
export const liveOut = z.discriminatedUnion('type', [
  /** A list row changed or appeared; apply it only where its revision is higher. */
  z.object({ type: z.literal('row'), row: conversationRow, counts: conversationList.shape.counts }),
  /** New lines of the watched conversation, gapless after what the page had. */
  z.object({ type: z.literal('items'), conversation: id, items: z.array(transcriptItem), head: position }),
  /** Delivery state of one message changed. */
  z.object({ type: z.literal('delivery'), conversation: id, seq: position, delivery: shownDelivery }),
  z.object({
    type: z.literal('typing'),
    conversation: id,
    from: z.enum(['client', 'operator']),
    /** What a caller is saying; it may still change. */
    words: z.string().optional(),
  }),
  /** Every 15 s; `head` of the watched conversation: a gap is read from the transcript. */
  z.object({ type: z.literal('heartbeat'), head: position.nullable() }),
  z.object({ type: z.literal('signed-out') }),
]);
export type LiveOut = z.infer<typeof liveOut>;
