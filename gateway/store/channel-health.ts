import { z } from 'zod';
import { CHANNEL_PROBLEM_NAMES, type ChannelHealth, type Finding } from '../connectors/health.ts';
import type { ChannelId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** What went through a channel since it was last written down. */
export interface Traffic {
  readonly channel: ChannelId;
  readonly inbound: number;
  readonly accepted: number;
  readonly failed: number;
}

/** What is stored of a channel, with what went through it in the last ten minutes and what waits. */
export interface StoredHealth {
  readonly channel: ChannelId;
  readonly answeredAt?: Date;
  readonly findings: readonly Finding[];
  readonly account?: string;
  readonly ownThread?: string;
  readonly lastInboundAt?: Date;
  readonly accepted: number;
  readonly failed: number;
  readonly waiting: number;
  readonly waitingSince?: Date;
}

/** True where it is this caller's turn to ask the network: nobody has in the last `everyMs`, on the database's clock. */
export async function takeTurnToAsk(db: Database, channel: ChannelId, everyMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into channel_health (channel, asked_at) values ($1, clock_timestamp())
     on conflict (channel) do update set asked_at = excluded.asked_at
     where channel_health.asked_at < clock_timestamp() - make_interval(secs => $2)`,
    [channel, everyMs / 1000],
  );
  return rowCount === 1;
}

/** Keeps what a network said of a channel. */
export async function recordHealth(db: Database, channel: ChannelId, health: ChannelHealth): Promise<void> {
  await db.query(
    `update channel_health set answered_at = clock_timestamp(), findings = $2, account = coalesce($3, account),
       own_thread = coalesce($4, own_thread) where channel = $1`,
    [channel, JSON.stringify(health.findings), health.account, health.ownThread],
  );
}

/** Adds what went through channels to the counts of this minute, and forgets those of more than an hour ago. */
export async function recordTraffic(db: Database, traffic: readonly Traffic[]): Promise<void> {
  if (traffic.length === 0) return;
  // In the order of the keys: another node does the same.
  await db.query(
    `insert into channel_minute as m (channel, minute, inbound, accepted, failed)
     select r.channel, date_trunc('minute', clock_timestamp()), r.inbound, r.accepted, r.failed
     from json_to_recordset($1::json) as r(channel text, inbound integer, accepted integer, failed integer)
     order by r.channel
     on conflict (channel, minute) do update set inbound = m.inbound + excluded.inbound,
       accepted = m.accepted + excluded.accepted, failed = m.failed + excluded.failed`,
    [JSON.stringify(traffic)],
  );
  await db.query(
    `insert into channel_health as h (channel, asked_at, last_inbound_at)
     select channel, '-infinity', clock_timestamp() from unnest($1::text[]) as channel order by channel
     on conflict (channel) do update set last_inbound_at = excluded.last_inbound_at`,
    [traffic.filter(({ inbound }) => inbound > 0).map(({ channel }) => channel)],
  );
  await db.query(`delete from channel_minute where minute < now() - interval '1 hour'`);
}

const findings = z.array(z.object({ problem: z.enum(CHANNEL_PROBLEM_NAMES), detail: z.string().optional() }));

/** Of all channels that are on, and of those that are off while something of them waits. */
export async function readHealth(
  db: Database,
  channels: readonly ChannelId[],
): Promise<readonly StoredHealth[]> {
  const { rows } = await db.query<{
    channel: ChannelId;
    answered_at: Date | null;
    findings: unknown;
    account: string | null;
    own_thread: string | null;
    last_inbound_at: Date | null;
    accepted: number | null;
    failed: number | null;
    waiting: number | null;
    waiting_since: Date | null;
  }>(
    `with waiting as (
       select channel, count(*) as waiting, min(created_at) as since from delivery where state in ('due', 'attempting') group by 1
     ), lately as (
       select channel, sum(accepted) as accepted, sum(failed) as failed from channel_minute
       where minute > now() - interval '10 minutes' group by 1
     )
     select c.channel, h.answered_at, h.findings, h.account, h.own_thread, h.last_inbound_at,
       l.accepted, l.failed, w.waiting, w.since as waiting_since
     from (select unnest($1::text[]) as channel union select channel from waiting) c
     left join channel_health h on h.channel = c.channel
     left join lately l on l.channel = c.channel
     left join waiting w on w.channel = c.channel
     order by c.channel`,
    [channels],
  );
  return rows.map((row) => ({
    channel: row.channel,
    findings: findings.safeParse(row.findings).data ?? [],
    accepted: row.accepted ?? 0,
    failed: row.failed ?? 0,
    waiting: row.waiting ?? 0,
    ...(row.answered_at && { answeredAt: row.answered_at }),
    ...(row.account && { account: row.account }),
    ...(row.own_thread && { ownThread: row.own_thread }),
    ...(row.last_inbound_at && { lastInboundAt: row.last_inbound_at }),
    ...(row.waiting_since && { waitingSince: row.waiting_since }),
  }));
}
