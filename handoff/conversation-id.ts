import { z } from 'zod';
import type { ConversationId } from '../gateway/model/ids.ts';

/** The id of a conversation from outside, a UUID in any case, as the store writes it. */
export const conversationIdOf = (id: string): ConversationId => id.toLowerCase() as ConversationId;

export const conversationId = z.uuid().transform(conversationIdOf);

/** The address of a message: its conversation, and its number there. */
export const messageAddress = z.object({
  id: conversationId,
  seq: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 53 - 1),
});
