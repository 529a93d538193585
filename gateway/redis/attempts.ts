import { createHash } from 'node:crypto';
import { type AttemptLimit, type Attempts, createAttempts } from '../access/attempts.ts';
import { within } from '../within.ts';
import { DECIDE_WITHIN_MS, type RedisLink } from './connection.ts';

/**
 * Attempts that count on all nodes together, by Redis's clock: the same algorithm as within one node, in one script.
 * Each node counts for itself too, so that a Redis that is wiped or away gives nobody more than a node alone would.
 * @param name keeps one limit's keys apart from another's; the keys themselves reach Redis only as hashes
 */
export function createRedisAttempts(link: RedisLink, name: string, limit: AttemptLimit): Attempts {
  const own = createAttempts(limit);
  link.commands.defineCommand('oknoTakeAttempt', { numberOfKeys: 1, lua: TAKE });
  link.commands.defineCommand('oknoGiveAttemptBack', { numberOfKeys: 1, lua: GIVE_BACK });
  const commands = link.commands as unknown as Commands;
  const keyOf = (key: string) => `okno:attempts:${name}:${createHash('sha256').update(key).digest('hex')}`;

  return {
    async take(key, now) {
      const ownWaitMs = await own.take(key, now);
      if (ownWaitMs > 0 || !link.isUp()) return ownWaitMs;
      const taken = commands.oknoTakeAttempt(keyOf(key), limit.attempts, limit.perMs);
      return within(DECIDE_WITHIN_MS, taken).catch(() => ownWaitMs);
    },
    giveBack(key) {
      own.giveBack(key);
      if (link.isUp()) commands.oknoGiveAttemptBack(keyOf(key), limit.attempts).catch(() => {});
    },
  };
}

interface Commands {
  oknoTakeAttempt(key: string, attempts: number, perMs: number): Promise<number>;
  oknoGiveAttemptBack(key: string, attempts: number): Promise<number>;
}

/** ARGV: how many attempts, and over how many milliseconds as many come back. Returns the milliseconds to wait, or 0. */
const TAKE = `
local attempts, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = attempts
if known[1] then left = math.min(attempts, tonumber(known[1]) + (now - tonumber(known[2])) * attempts / per) end
local allowed = left >= 1
if allowed then left = left - 1 end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], per)
return allowed and 0 or math.ceil((1 - left) * per / attempts)
`;

const GIVE_BACK = `
local left = redis.call('HGET', KEYS[1], 'left')
if left then redis.call('HSET', KEYS[1], 'left', math.min(tonumber(ARGV[1]), tonumber(left) + 1)) end
return 0
`;
