import { newId } from '../ids.ts';
import type { ChannelId } from '../model/ids.ts';
import type { Database } from './database.ts';

const MAX_BYTES = 64 * 1024;

/** Keeps what is authentic but cannot be understood or stored, cut to 64 KiB, for people to look at and replay. */
export async function quarantine(
  db: Database,
  channel: ChannelId,
  reason: string,
  raw: string,
  now: Date,
): Promise<void> {
  const bytes = Buffer.from(raw, 'utf8');
  await db.query(
    'insert into quarantine (id, channel, at, reason, raw, cut) values ($1, $2, $3, $4, $5, $6)',
    [newId(), channel, now, reason, bytes.subarray(0, MAX_BYTES), bytes.length > MAX_BYTES],
  );
}
