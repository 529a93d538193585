import { type Kysely, sql } from 'kysely';

/**
 * Words of messages refer to conversations without a check of each row: the index is written under a lock that keeps
 * the conversation, and retention and erasure name the table.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw('alter table message_search drop constraint if exists message_search_conversation_fkey')
    .execute(db);
}
