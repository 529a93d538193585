import type pg from 'pg';

/** How many months ahead the log has partitions for. */
const MONTHS_AHEAD = 3;

/**
 * Makes the log's partitions for the month of `now` and those after it. Conversation ids are UUID v7, which begin
 * with the time in milliseconds, so a month of conversations is a range of ids.
 */
export async function ensurePartitions(pool: pg.Pool, now: Date): Promise<void> {
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
    const name = `event_${from.toISOString().slice(0, 7).replace('-', '_')}`;
    await pool.query(
      `create table if not exists ${name} partition of event for values from ('${lowestId(from)}') to ('${lowestId(to)}')`,
    );
  }
}

/** The lowest UUID v7 of a moment; every conversation opened from then on has a higher id. */
function lowestId(at: Date): string {
  const milliseconds = at.getTime().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`;
}
