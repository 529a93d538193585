import type { Conversation } from '../model/conversation.ts';
import type { ThreadId } from '../model/ids.ts';
import type { ConversationRow } from './rows.ts';

/** One conversation of the batch while changes are applied to it one after another. */
export interface Open {
  readonly row: ConversationRow;
  conversation: Conversation;
  readonly isNew: boolean;
  /** The number of its last event before the batch. */
  readonly firstSeq: number;
  readonly bases: Map<ThreadId, number>;
  /** Turns that are due. */
  dueTurns: number;
}
