import type { Rates } from '../connectors/capabilities.ts';
import type { ChannelId } from '../model/ids.ts';
import { createRateLimits, type RateLimits, spacingsOf } from '../rates.ts';
import { within } from '../within.ts';
import { DECIDE_WITHIN_MS, type RedisLink } from './connection.ts';

/**
 * Places in time that all nodes share, by Redis's clock: the same algorithm as within one node, in one script. While
 * Redis is away each node keeps to its own part of a channel's rate. A thread is one node's at a time.
 */
export function createRedisRates(
  link: RedisLink,
  ratesOf: (channel: ChannelId) => Rates | undefined,
  nodes: () => number,
): RateLimits {
  const own = createRateLimits((channel) => {
    const rates = ratesOf(channel);
    return rates && { ...rates, perSecond: rates.perSecond / nodes() };
  });
  link.commands.defineCommand('oknoReserve', { numberOfKeys: 3, lua: RESERVE });
  const commands = link.commands as unknown as Commands;

  async function reserveShared(
    keys: readonly [string, string, string],
    rates: Rates,
    nowMs: number,
  ): Promise<number> {
    const { channel, thread } = spacingsOf(rates);
    const spaces = [channel.intervalMs, channel.aheadMs, thread.intervalMs, thread.aheadMs];
    const waitMs = await within(DECIDE_WITHIN_MS, commands.oknoReserve(...keys, ...spaces));
    return nowMs + Number(waitMs);
  }

  return {
    async reserve(channel, thread, nowMs) {
      const rates = ratesOf(channel);
      if (!rates) return nowMs;
      if (!link.isUp()) return own.reserve(channel, thread, nowMs);
      const space = keysOf(channel);
      const keys = [space('all'), space(`thread:${thread}`), space('pause')] as const;
      return reserveShared(keys, rates, nowMs).catch(() => own.reserve(channel, thread, nowMs));
    },
    reserveAtOnce(channel, thread, nowMs) {
      if (!ratesOf(channel)) return nowMs;
      return link.isUp() ? undefined : own.reserve(channel, thread, nowMs);
    },
    pause(channel, untilMs, nowMs) {
      own.pause(channel, untilMs, nowMs);
      const waitMs = Math.ceil(untilMs - nowMs);
      if (waitMs <= 0 || !link.isUp()) return;
      link.commands.set(keysOf(channel)('pause'), '1', 'PX', waitMs).catch(() => {});
    },
  };
}

interface Commands {
  oknoReserve(...parameters: readonly (string | number)[]): Promise<string>;
}

/** In braces, so that a cluster keeps a channel's keys together. */
function keysOf(channel: ChannelId): (what: string) => string {
  return (what) => `okno:rate:{${channel}}:${what}`;
}

/**
 * KEYS: the channel's next place, the thread's, the channel's pause. ARGV: interval and head start of the channel, then
 * of the thread, milliseconds. Returns how long until the request may go, milliseconds.
 */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function place(key, interval, ahead, from)
  local due = math.max(tonumber(redis.call('GET', key) or '0'), from)
  local next = due + interval
  redis.call('SET', key, string.format('%.3f', next), 'PX', math.max(1, math.ceil(next - now)))
  return math.max(from, due - ahead)
end
local pause = math.max(0, redis.call('PTTL', KEYS[3]))
local ofChannel = place(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), now)
local ofThread = place(KEYS[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ofChannel)
return string.format('%.3f', math.max(ofThread - now, pause))
`;
