import type { Responder } from '../gateway/model/turn.ts';

/**
 * Answers turns of conversations that people have, or nobody: the person answers, so it says nothing by itself.
 * The message waits in the transcript, counted as unread.
 */
export const deskResponder: Responder = { respond: () => [] };
