import { Redis } from 'ioredis';
import { type Check, fail, ok, warn } from './check.ts';

const ANSWER_LIMIT_MS = 3_000;

/** Does the Redis through which nodes share the work answer, and keep what it is given? */
export async function checkRedis(url: string): Promise<Check> {
  const about = 'Redis';
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_LIMIT_MS,
    commandTimeout: ANSWER_LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener the event would be printed; what failed is told by the call.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const info = await redis.info();
    const version = infoValue(info, 'redis_version');
    const policy = infoValue(info, 'maxmemory_policy');
    if (policy !== 'noeviction')
      return warn(about, `${version}, maxmemory-policy ${policy}`, 'set maxmemory-policy noeviction');
    return ok(about, version);
  } catch {
    return fail(
      about,
      'does not answer: nodes find each other’s work only by sweeping',
      'start it, or correct REDIS_URL',
    );
  } finally {
    redis.disconnect();
  }
}

/** https://redis.io/docs/latest/commands/info/: lines `name:value`. */
function infoValue(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown';
}
