import type { ConversationId } from './ids.ts';

/** Conversations are divided among so many shards; several nodes divide the shards among themselves. */
const SHARDS = 64;

/** The shard of a conversation: its id's last 24 bits, which are random in a UUID v7, modulo their number. */
export function shardOf(id: ConversationId): number {
  return Number.parseInt(id.slice(-6), 16) % SHARDS;
}
