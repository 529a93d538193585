import type { ChannelId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** Forgets keys whose events no network will repeat: what comes under them next is new. */
export async function forgetKeys(db: Database, channel: ChannelId, keys: readonly string[]): Promise<void> {
  await db.query('delete from dedupe where scope = $1 and key = any($2::text[])', [channel, keys]);
}
