import { type Conversation, emptyConversation } from '../model/conversation.ts';
import type { ContactId, ConversationId } from '../model/ids.ts';
import { shardOf } from '../model/shard.ts';
import type { ConversationRow } from './rows.ts';

/** The row of a conversation before its first event. */
export function newConversationRow(id: ConversationId, contact: ContactId, now: Date): ConversationRow {
  return {
    ...stateColumns(emptyConversation(id, contact)),
    id,
    contact,
    shard: shardOf(id),
    owner_since: now,
    waits_since: null,
    unread: 0,
    last_message: null,
    last_handoff: null,
    last_at: now,
    opened_at: now,
    closed_at: null,
    secondary_to: null,
    revision: 0,
  };
}

/** The columns that hold what a conversation's events fold to. */
export function stateColumns(conversation: Conversation) {
  const { status, seq, version, epoch, fence, owner, thread, urgent, turn, previous } = conversation;
  return {
    status,
    seq,
    version,
    epoch,
    fence,
    owner_kind: owner.kind,
    owner_id: owner.kind === 'queue' ? owner.queue : owner.kind === 'operator' ? owner.operator : null,
    thread: thread ?? null,
    urgent: urgent ?? null,
    turn,
    previous: previous ?? null,
  };
}
